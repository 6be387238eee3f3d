using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Sales;

/// Makes orders of call-offs, as any order of their channel is made: at the agreed prices, to leave on their day.
internal sealed class CallingOff(KeelDb db, Capturing capturing, PartnersDesk partners, CaseDesk cases, Settings settings)
{
    public static readonly CaseKind Refused = new("call-off-refused", "service", TimeSpan.FromHours(8), Severity.Normal)
    {
        Next = "See why, then try it again or drop it",
        Supervisor = "operations",
        Resolutions = ["ordered", "dropped", CaseKind.CalledOff, "duplicate"],
        Ways = [CaseWay.Go("Open the blanket order", "/blanket-orders/{id}", SalesPermissions.Read) with { SubjectKind = BlanketOrder.RecordKind }, CaseWay.On<RetryCallOffs>("Try again", "blanketOrder") with { SubjectKind = BlanketOrder.RecordKind }],
    };

    /// The blanket orders are locked; the lines are those of the call-offs, where they are not in the database yet.
    public async Task<IReadOnlyList<CallOff>> Order(IReadOnlyList<(HeldBlanket Blanket, CallOff Part, IReadOnlyList<CallOffLine> Lines)> due, CancellationToken ct)
    {
        if (due.Count == 0) return [];
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var customers = partners.AskById(due.Select(d => new Id<Partner>(d.Blanket.Order.CustomerId)).Distinct());
        await db.Flush(ct);
        var orders = new List<NewOrder>();
        foreach (var (blanket, part, lines) in due)
        {
            var customer = customers.Value[new Id<Partner>(blanket.Order.CustomerId)];
            var to = blanket.Order.ShipTo ?? await partners.AddressOf(customer.Id, ct);
            var prices = blanket.Lines.ToDictionary(l => l.Sku, l => l.Price);
            db.Work.Concerns(blanket.Order.Number);
            orders.Add(new NewOrder(
                blanket.Order.Channel, $"{blanket.Order.Number}-{part.No}", [.. lines.Select(l => new NewLine(l.Sku, l.Quantity, prices[l.Sku]))], new Contact(customer.Name, Address: to), to, ShipBy: part.DueOn > today ? part.DueOn : null,
                PurchaseOrder: blanket.Order.PurchaseOrder) { Known = customer });
        }

        var made = await capturing.Capture(orders, ct);
        var after = due.Zip(made).Select(p => p.Second.Refused is { } no
            ? p.First.Part with { Status = CallOffStatus.Refused, Why = no.Message }
            : p.First.Part with { Status = CallOffStatus.Ordered, OrderId = p.Second.Id!.Value.Value, OrderNumber = p.Second.Number, Why = null }).ToArray();
        cases.Open([.. due.Zip(after).Where(p => p.Second.Status is CallOffStatus.Refused).Select(p => (Refused, p.First.Blanket.Order.Ref, $"Call-off {p.Second.No} of {p.First.Blanket.Order.Number} for {p.Second.DueOn:d MMMM} could not be taken: {p.Second.Why}"))]);
        return after;
    }

    /// The lines of call-offs that are written already.
    public async Task<ILookup<(Id<BlanketOrder>, int), CallOffLine>> LinesOf(IReadOnlyList<CallOff> parts, CancellationToken ct)
    {
        var rows = await db.Table<CallOffLine>().Where($"company_id = {db.Company} and (blanket_id, no) in (select * from unnest({parts.Select(p => p.BlanketId.Value).ToArray()}, {parts.Select(p => p.No).ToArray()})) order by blanket_id, no, sku", ct);
        return rows.ToLookup(r => (r.BlanketId, r.No));
    }
}

/// Calls a part of a blanket order off: it becomes an order at once where its day is near, else by itself some days before.
[Operation("sales.call-off", SalesPermissions.Capture, Said = "called off of {blanketOrder|a blanket order}", Icon = "out")]
internal sealed class CallOffPart(KeelDb db, CallingOff calling, Settings settings) : IOperation<CallOffPart.Request, CallOffPart.Answer>
{
    /// Several days make several call-offs at once, each of the same lines: a schedule of deliveries.
    public sealed record Request(Id<BlanketOrder> BlanketOrder, DateOnly DueOn, [Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Lines, [Range(1, 60)] int Times = 1, [Range(1, 12)] int EveryWeeks = 1);

    public sealed record Item(Sku Sku, [Positive] Quantity Quantity);

    public sealed record Answer(Id<BlanketOrder> Id, string Number, IReadOnlyList<Part> Parts);

    /// `Order` is the order that it became; without one it waits for its day, or says why not.
    public sealed record Part(int No, DateOnly DueOn, CallOffStatus Status, string? Order, string? Why);

    public static readonly Error Past = Error.Invalid("call-off.in-the-past", "Goods leave today at the earliest. Name a later day.");
    public static readonly Error Outside = Error.Invalid("call-off.outside", "The blanket order does not hold on that day. Name another, or agree on a longer time.");
    public static readonly Error NotOnIt = Error.Invalid("call-off.not-on-it", "The blanket order does not name this product. Agree on it first, or order it otherwise.");
    public static readonly Error TooMuch = new("call-off.too-much", "Less is left of the blanket order. Call off less, or agree on more.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        if (request.DueOn < today) return Past;
        if (await db.LockBlankets($"id = {request.BlanketOrder}", ct) is not [var held]) return SaveBlanketOrder.None;
        var blanket = held.Order;
        db.Work.Concerns(blanket.Number);
        if (blanket.Status is BlanketStatus.Ended) return SaveBlanketOrder.Over.With($"{blanket.Number} has ended. Agree on a new one.");
        DateOnly[] days = [.. Enumerable.Range(0, request.Times).Select(i => request.DueOn.AddDays(7 * request.EveryWeeks * i))];
        if (days.FirstOrDefault(d => d < blanket.FromDay || d > blanket.UntilDay) is var wrong && wrong != default) return Outside.With($"{blanket.Number} holds from {blanket.FromDay:yyyy-MM-dd} to {blanket.UntilDay:yyyy-MM-dd}, not on {wrong:yyyy-MM-dd}. Name another day, or agree on a longer time.");
        var wanted = request.Lines.GroupBy(l => l.Sku).ToDictionary(g => g.Key, g => g.Sum(l => l.Quantity));
        foreach (var (sku, quantity) in wanted)
        {
            if (held.Lines.FirstOrDefault(l => l.Sku == sku) is not { } line) return NotOnIt.With($"{blanket.Number} does not name {sku}. Agree on it first, or order it otherwise.");
            var all = new Quantity(quantity.Thousandths * request.Times);
            if (all > held.LeftOf(line)) return TooMuch.With($"{held.LeftOf(line)} × {sku} are left of {blanket.Number}, and {all} are called off. Call off less, or agree on more.");
        }

        var no = held.CallOffs.Select(c => c.No).DefaultIfEmpty(0).Max();
        CallOff[] parts = [.. days.Select(d => new CallOff(blanket.Id, ++no, db.Company, d, Earlier(d.AddDays(-blanket.DaysAhead), d), CallOffStatus.Planned, null, null, null, db.Now, db.Work.Actor.Name, db.Work.Operation))];
        var lines = parts.ToDictionary(p => p.No, p => (IReadOnlyList<CallOffLine>)[.. wanted.Select(w => new CallOffLine(blanket.Id, p.No, w.Key, db.Company, w.Value))]);
        db.Table<CallOff>().Insert(parts);
        db.Table<CallOffLine>().Insert([.. lines.Values.SelectMany(l => l)]);
        var made = await calling.Order([.. parts.Where(p => p.OrderOn <= today).Select(p => (held, p, lines[p.No]))], ct);
        db.Follow(made);
        var after = made.ToDictionary(m => m.No);
        return new Answer(blanket.Id, blanket.Number, [.. parts.Select(p => after.GetValueOrDefault(p.No) ?? p).Select(p => new Part(p.No, p.DueOn, p.Status, p.OrderNumber, p.Why))]);
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;
}

/// Drops a call-off that is not an order yet: what it would have taken can be called off again. One that is an order is cancelled there.
[Operation("sales.drop-call-off", SalesPermissions.Capture, Said = "dropped a call-off of {blanketOrder|a blanket order}", Icon = "x")]
internal sealed class DropCallOff(KeelDb db, CaseDesk cases) : IOperation<DropCallOff.Request, Done>
{
    public sealed record Request(Id<BlanketOrder> BlanketOrder, [Range(1, 100_000)] int No, [Required, MinLength(3), MaxLength(200)] string Reason);

    public static readonly Error None = Error.NotFound("call-off.unknown", "There is no such call-off.");
    public static readonly Error Ordered = new("call-off.ordered", "It is an order already. Cancel the order, and it can be called off again.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.LockBlankets($"id = {request.BlanketOrder}", ct) is not [var held] || held.CallOffs.FirstOrDefault(c => c.No == request.No) is not { } part) return None;
        db.Work.Concerns(held.Order.Number);
        if (part.Status is CallOffStatus.Dropped) return Done.It;
        if (part.Status is CallOffStatus.Ordered) return Ordered.With($"It is the order {part.OrderNumber} already. Cancel the order, and it can be called off again.");
        db.Follow([part with { Status = CallOffStatus.Dropped, Why = request.Reason.Trim() }]);
        if (!held.CallOffs.Any(c => c.No != part.No && c.Status is CallOffStatus.Refused)) cases.Close(CallingOff.Refused, [held.Order.Id.Value], "dropped");
        return Done.It;
    }
}

/// Tries call-offs that were refused once more.
[Operation("sales.retry-call-offs", SalesPermissions.Capture, Said = "tried call-offs of {blanketOrder|a blanket order} again", Icon = "undo")]
internal sealed class RetryCallOffs(KeelDb db, CallingOff calling, CaseDesk cases) : IOperation<RetryCallOffs.Request, int>
{
    public sealed record Request(Id<BlanketOrder> BlanketOrder);

    public static readonly Error TooMuch = new("call-off.taken-since", "What was refused was called off otherwise since. Drop it, or agree on more.");

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        if (await db.LockBlankets($"id = {request.BlanketOrder}", ct) is not [var held]) return SaveBlanketOrder.None;
        db.Work.Concerns(held.Order.Number);
        var refused = held.CallOffs.Where(c => c.Status is CallOffStatus.Refused).ToArray();
        if (refused.Length == 0) return 0;
        var lines = await calling.LinesOf(refused, ct);
        // What was refused took nothing of the blanket order meanwhile.
        var left = held.Lines.ToDictionary(l => l.Sku, held.LeftOf);
        foreach (var line in refused.SelectMany(r => lines[(r.BlanketId, r.No)])) left[line.Sku] -= line.Quantity;
        if (left.Where(l => l.Value.Thousandths < 0).Select(l => l.Key.Text).FirstOrDefault() is { } over) return TooMuch.With($"Not so many {over} are left of {held.Order.Number}: what was refused was called off otherwise since. Drop it, or agree on more.");
        var made = await calling.Order([.. refused.Select(r => (held, r, (IReadOnlyList<CallOffLine>)[.. lines[(r.BlanketId, r.No)]]))], ct);
        db.Follow(made);
        if (made.All(m => m.Status is CallOffStatus.Ordered)) cases.Close(CallingOff.Refused, [held.Order.Id.Value], "ordered");
        return made.Count(m => m.Status is CallOffStatus.Ordered);
    }
}

/// Ends a blanket order: nothing is called off of it any more, and what is planned is dropped. Its orders stay.
[Operation("sales.end-blanket-order", SalesPermissions.Capture, Said = "ended {blanketOrder|a blanket order}", Icon = "x")]
internal sealed class EndBlanketOrder(KeelDb db, CaseDesk cases) : IOperation<EndBlanketOrder.Request, Done>
{
    public sealed record Request(Id<BlanketOrder> BlanketOrder, [Required, MinLength(3), MaxLength(200)] string Reason);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.LockBlankets($"id = {request.BlanketOrder}", ct) is not [var held]) return SaveBlanketOrder.None;
        db.Work.Concerns(held.Order.Number);
        if (held.Order.Status is BlanketStatus.Ended) return Done.It;
        db.Follow([.. held.CallOffs.Where(c => c.Status is CallOffStatus.Planned or CallOffStatus.Refused).Select(c => c with { Status = CallOffStatus.Dropped, Why = request.Reason.Trim() })]);
        db.Table<BlanketOrder>().Update([held.Order with { Status = BlanketStatus.Ended, Why = request.Reason.Trim(), Version = held.Order.Version + 1 }], nameof(BlanketOrder.Status), nameof(BlanketOrder.Why), nameof(BlanketOrder.Version));
        cases.Close(CallingOff.Refused, [held.Order.Id.Value], "dropped");
        return Done.It;
    }
}

/// Makes orders of call-offs whose time has come: of each one, whoever asks and however often.
[Operation("sales.run-call-offs", SalesPermissions.Capture, Said = "made the orders of call-offs", Icon = "clock")]
internal sealed class RunCallOffs(KeelDb db, CallingOff calling, Settings settings) : IOperation<RunCallOffs.Request, int>
{
    internal const int Most = 100;

    public sealed record Request;

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var held = await db.LockBlankets($"id in (select blanket_id from sales.call_off where company_id = {db.Company} and status = 'Planned' and order_on <= {today} order by order_on, blanket_id limit {Most})", ct);
        var due = held.SelectMany(h => h.CallOffs.Where(c => c.Status is CallOffStatus.Planned && c.OrderOn <= today).Select(c => (Blanket: h, Part: c))).ToArray();
        if (due.Length == 0) return 0;
        var lines = await calling.LinesOf([.. due.Select(d => d.Part)], ct);
        db.Follow(await calling.Order([.. due.Select(d => (d.Blanket, d.Part, (IReadOnlyList<CallOffLine>)[.. lines[(d.Part.BlanketId, d.Part.No)]]))], ct));
        return due.Length;
    }
}

/// Looks for call-offs whose time has come, in every company that has some; nothing is logged where there are none.
internal sealed class RunCallOffsJob(KeelDb db, Gate gate) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct s.company_id from sales.call_off s join kernel.company c on c.id = s.company_id where s.status = 'Planned' and s.order_on <= ({db.Now}::timestamptz at time zone c.zone)::date", ct))
        {
            while ((await gate.Run<RunCallOffs, RunCallOffs.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct)).Value >= RunCallOffs.Most) { }
        }
    }
}
