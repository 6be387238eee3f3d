namespace Keel.Warehouse;

/// Looks for supplier orders that a supplier has not answered in the time that it was given, or has not dispatched on its day: each is a case until it answers.
[Operation("warehouse.watch-suppliers", KernelPermissions.Jobs, Said = "looked for silent suppliers", Icon = "clock")]
internal sealed class WatchSuppliers(KeelDb db, CaseDesk cases) : IOperation<WatchSuppliers.Request, int>
{
    public static readonly CaseKind Silent = new("supplier-silent", "operations", TimeSpan.FromHours(8), Severity.High)
    {
        Next = "Ask the supplier, and note what it says",
        Supervisor = "administrator",
        Resolutions = ["answered", "sent-elsewhere", "customer-waits", CaseKind.CalledOff],
        Ways = [CaseWay.Go("Open the supplier order", "/supplier-orders/{id}", WarehousePermissions.Read) with { SubjectKind = SupplierOrder.RecordKind }],
    };

    public sealed record Request;

    private sealed record Late(Guid Id, string Number, string SupplierName, string OrderNumber, SupplierOrderStatus Status, DateOnly? ExpectedOn, DateTimeOffset Since);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var late = await db.Query<Late>(
            $"""
            select s.id, s.number, s.supplier_name, s.order_number, s.status, s.expected_on, coalesce(s.cancel_asked_at, s.asked_at) as since
            from warehouse.supplier_order s join warehouse.supplier_terms t on t.company_id = s.company_id and t.node = s.node join kernel.site k on k.company_id = s.company_id and k.code = s.node
            where s.company_id = {db.Company} and s.status in ('Asked', 'Confirmed', 'CancelAsked')
              and case when s.status = 'Confirmed' then coalesce(s.expected_on, s.ship_by) < ({db.Now}::timestamptz at time zone k.zone)::date
                else coalesce(s.cancel_asked_at, s.asked_at) + make_interval(hours => t.patience_hours) < {db.Now} end
            order by s.id
            """, ct);
        cases.Open([.. late.Select(l => (Silent, new DocumentRef(SupplierOrder.RecordKind, l.Id, l.Number), Sentence(l)))]);
        return late.Count;
    }

    private static string Sentence(Late late) => late.Status switch
    {
        SupplierOrderStatus.Confirmed when late.ExpectedOn is { } day => $"{late.SupplierName} was to send {late.Number} for {late.OrderNumber} on {day:d MMMM} and has not said that it did.",
        SupplierOrderStatus.Confirmed => $"{late.SupplierName} has not said that {late.Number} for {late.OrderNumber} has left, and its day has passed.",
        SupplierOrderStatus.CancelAsked => $"{late.SupplierName} has not answered whether {late.Number} for {late.OrderNumber} is cancelled; it was asked on {late.Since:d MMMM}.",
        _ => $"{late.SupplierName} has not answered {late.Number} for {late.OrderNumber}; it was asked on {late.Since:d MMMM}.",
    };
}

/// Looks in every company in which a supplier was asked for something.
internal sealed class WatchSuppliersJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from warehouse.supplier_order where status in ('Asked', 'Confirmed', 'CancelAsked')", ct))
            await gate.Run<WatchSuppliers, WatchSuppliers.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company), ct);
    }
}
