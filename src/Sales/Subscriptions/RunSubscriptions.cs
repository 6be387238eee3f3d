using Keel.Partners.Contract;

namespace Keel.Sales;

/// Makes the orders of subscriptions whose day has come: of each day one, whoever asks and however often. What cannot be ordered stops its subscription, with a case.
[Operation("sales.run-subscriptions", SalesPermissions.Capture, Said = "made the orders of subscriptions", Icon = "clock")]
internal sealed class RunSubscriptions(KeelDb db, Capturing capturing, PartnersDesk partners, CaseDesk cases, Settings settings) : IOperation<RunSubscriptions.Request, int>
{
    internal const int Most = 100;

    public static readonly CaseKind Refused = new("subscription-refused", "service", TimeSpan.FromHours(8), Severity.Normal)
    {
        Next = "Change it, then resume it",
        Supervisor = "operations",
        Resolutions = ["changed", "ended", CaseKind.CalledOff, "duplicate"],
        Ways = [CaseWay.Go("Open the subscription", "/subscriptions/{id}", SalesPermissions.Read) with { SubjectKind = Subscription.RecordKind }, CaseWay.On<ResumeSubscription>("Resume", "subscription") with { SubjectKind = Subscription.RecordKind }],
    };

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var today = network.Day(db.Now);
        var due = await db.LockSubscriptions($"status = 'Active' and next_on <= {today} order by id limit {Most}", ct);
        if (due.Count == 0) return 0;
        var ids = due.Select(s => s.Id.Value).ToArray();
        var lines = db.Ask<SubscriptionLine>($"select {new SqlText.Verbatim(RowMap<SubscriptionLine>.Instance.Names)} from sales.subscription_line where subscription_id = any({ids}) order by subscription_id, line");
        var tries = db.Ask<Tried>($"select subscription_id, due_on, count(*)::int as times from sales.subscription_run where subscription_id = any({ids}) group by 1, 2");
        var customers = partners.AskById(due.Select(s => new Id<Partner>(s.CustomerId)).Distinct());
        await db.Flush(ct);
        var linesOf = lines.Value.ToLookup(l => l.SubscriptionId);
        var triesOf = tries.Value.ToDictionary(t => (t.SubscriptionId, t.DueOn), t => t.Times);
        var orders = new List<NewOrder>();
        foreach (var one in due)
        {
            var customer = customers.Value[new Id<Partner>(one.CustomerId)];
            var to = one.ShipTo ?? await partners.AddressOf(customer.Id, ct);
            db.Work.Concerns(one.Number);
            orders.Add(new NewOrder(one.Channel, $"{one.Number}-{one.NextOn:yyyyMMdd}", [.. linesOf[one.Id].Select(l => new NewLine(l.Sku, l.Quantity, l.Price))], new Contact(customer.Name, Address: to), to, PurchaseOrder: one.PurchaseOrder) { Known = customer });
        }

        var made = await capturing.Capture(orders, ct);
        var after = due.Zip(made).Select(p => p.Second.Refused is { } no ? p.First with { Status = SubscriptionStatus.Stopped, Why = no.Message, Version = p.First.Version + 1 } : p.First.GoesOn(today) with { Orders = p.First.Orders + 1, Why = null }).ToArray();
        db.Follow(after);
        db.Table<SubscriptionRun>().Insert([.. due.Zip(made).Select(p => new SubscriptionRun(
            p.First.Id, p.First.NextOn, triesOf.GetValueOrDefault((p.First.Id, p.First.NextOn)) + 1, db.Company, p.Second.Refused is null ? RunOutcome.Ordered : RunOutcome.Refused, p.Second.Id?.Value, p.Second.Number, p.Second.Refused?.Message, db.Now,
            db.Work.Actor.Name, db.Work.Operation))]);
        cases.Open([.. due.Zip(made).Where(p => p.Second.Refused is not null).Select(p => (Refused, p.First.Ref, $"The order of {p.First.Number} for {p.First.NextOn:d MMMM} could not be taken: {p.Second.Refused!.Message}"))]);
        return due.Count;
    }

    private sealed record Tried(Id<Subscription> SubscriptionId, DateOnly DueOn, int Times);
}

/// Looks for subscriptions whose day has come, in every company that has some; nothing is logged where there are none.
internal sealed class RunSubscriptionsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct s.company_id from sales.subscription s join kernel.company c on c.id = s.company_id where s.status = 'Active' and s.next_on <= ({db.Now}::timestamptz at time zone c.zone)::date", ct))
        {
            while ((await gate.Run<RunSubscriptions, RunSubscriptions.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct)).Value == RunSubscriptions.Most) { }
        }
    }
}
