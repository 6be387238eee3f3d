using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Stock;

namespace Keel.Simulators;

/// What follows an order: doubts that are settled, orders that are called off, goods that come back.
internal sealed class Aftercare(Clerk clerk, HarbourScale scale, Assortment assortment)
{
    private static readonly Actor Service = Staff.Of("Sven Lund");
    private static readonly Actor Operations = Staff.Of("Omar Haddad");

    /// Orders on hold are looked at the day after at the latest: most go on, those that nobody can read are called off.
    public Task SettleHolds(DateTimeOffset at, CancellationToken ct) => Settle(at, at.AddHours(-20), _ => true, ct);

    /// Most are looked at on the same day.
    public Task SettleSome(DateTimeOffset at, CancellationToken ct) => Settle(at, at.AddHours(-1), o => scale.Chance("settle", o.Number, at.Hour).Next(100) < 60, ct);

    private async Task Settle(DateTimeOffset at, DateTimeOffset before, Func<HeldOrder, bool> chosen, CancellationToken ct)
    {
        var all = await clerk.Asks<HeldOrder>(
            $"select id, number, hold, country from sales.orders where company_id = {clerk.Company} and status = 'OnHold' and captured_at < {before} order by id", ct);
        var held = all.Where(chosen).ToArray();
        var unreadable = held.Where(h => h.Hold is Holds.UnknownSku or Holds.NotSold).Select(h => h.Id).ToArray();
        var risky = held.Where(h => h.Hold is Holds.Fraud).ToArray();
        var others = held.Select(h => h.Id).Except(unreadable).Except(risky.Select(r => r.Id)).ToArray();
        // The customer is asked where it goes, and answers.
        foreach (var asked in held.Where(h => h.Hold is Holds.Address))
        {
            var house = scale.Chance("address", asked.Number).Next(1, 90);
            await clerk.Does<ChangeAddress, ChangeAddress.Request, Done>(new(asked.Id, new PostalAddress($"Zeedijk {house}", null, "4501 KB", "Havenmond", null, asked.Country)), Caller(at, Operations), ct);
        }

        // Some deny the order on the phone; most are good.
        var denied = risky.Where(r => scale.Chance("denied", r.Number).Next(100) < 30).Select(r => r.Id).ToArray();
        if (denied.Length > 0) await clerk.Does<RefuseRisk, RefuseRisk.Request, IReadOnlyList<CancelOrders.Answer>>(new(denied, "the customer knows of no order"), Caller(at, Operations), ct);
        if (risky.Select(r => r.Id).Except(denied).ToArray() is { Length: > 0 } good) await clerk.Does<ClearRisk, ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>(new(good, "known by phone"), Caller(at, Operations), ct);
        if (others.Length > 0) await clerk.Does<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new(others), Caller(at, Operations), ct);
        if (unreadable.Length > 0) await clerk.Does<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new(unreadable, "the product does not exist"), Caller(at, Operations), ct);
    }

    /// Some customers change their mind in time; others have waited long enough.
    public async Task Cancel(DateTimeOffset at, CancellationToken ct)
    {
        var open = await clerk.Asks<OpenOrder>(
            $"select id, number, placed_at from sales.orders where company_id = {clerk.Company} and status in ('Reserved', 'Backordered') and channel <> 'b2b' order by id", ct);
        var leaving = open.Where(o => o.PlacedAt < at.AddDays(-12) || o.PlacedAt > at.AddHours(-20) && scale.Chance("cancel", o.Number).Next(1000) < 16).Select(o => o.Id).ToArray();
        if (leaving.Length > 0) await clerk.Does<CancelOrders, CancelOrders.Request, IReadOnlyList<CancelOrders.Answer>>(new(leaving, "the customer called it off"), Caller(at, Service), ct);
    }

    /// Parcels that come back today: each is credited, and the goods wait at the returns bench.
    public async Task TakeReturns(DateOnly day, DateTimeOffset at, CancellationToken ct)
    {
        var shipped = await clerk.Asks<ShippedOrder>(
            $"""
            select o.id, o.number, i.day from sales.orders o join sales.invoice i on i.order_id = o.id and not i.is_credit
            where o.company_id = {clerk.Company} and o.status = 'Shipped' and i.company_id = {clerk.Company} and i.day between {day.AddDays(-19)} and {day.AddDays(-4)}
            """, ct);
        var returning = shipped.Where(o => ComesBackOn(o) == day).Select(o => o.Id).Distinct().ToArray();
        if (returning.Length == 0) return;

        var lines = await clerk.Asks<SoldLine>(
            $"select order_id, line, shipped - returned as left_over from sales.order_line where order_id = any({returning}) and kind in ('Goods', 'Kit') and kit_line is null and shipped > returned order by order_id, line", ct);
        var numbers = shipped.DistinctBy(o => o.Id).ToDictionary(o => o.Id, o => o.Number);
        var credits = lines.GroupBy(l => l.OrderId).Select(order =>
        {
            var chance = scale.Chance("return of", numbers[order.Key]);
            var reason = Words.ReturnReasons[chance.Next(Words.ReturnReasons.Length)];
            var kept = reason == "arrived damaged" && chance.Next(3) == 0;
            var parts = order.Take(1 + chance.Next(2)).Select(l => new CreditOrders.Part(l.Line, chance.Next(2) == 0 ? l.LeftOver : Quantity.Min(l.LeftOver, 1), !kept));
            return new CreditOrders.Credit(order.Key, [.. parts], reason, "RET-" + numbers[order.Key]);
        }).ToArray();
        if (credits.Length > 0) await clerk.Does<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(new(credits), Caller(at, Service), ct);
    }

    /// What came back is looked at: most goes to its bin again, some is damaged.
    public async Task Inspect(DateTimeOffset at, CancellationToken ct)
    {
        var waiting = await clerk.Asks<Supply.InPlace>(
            $"select node, sku, location, on_hand - allocated as free from stock.level where company_id = {clerk.Company} and location in ('MAIN/RETURNS', 'OVERFLOW/RETURNS') and on_hand > allocated order by sku", ct);
        foreach (var node in waiting.GroupBy(w => w.Node))
        {
            await clerk.Does<MoveStock, MoveStock.Request, DocumentRef>(new([.. node.Select(w => new MoveStock.Line(w.Sku, w.Location, Verdict(w, at), w.Free))], "inspected"), Caller(at, Staff.Of("Wim de Boer")), ct);
        }
    }

    /// Somebody stops an order by hand.
    public async Task HoldOne(DateTimeOffset at, CancellationToken ct)
    {
        var one = await clerk.Asks<Id<Order>>($"select id from sales.orders where company_id = {clerk.Company} and status = 'Reserved' order by gross desc, id limit 1", ct);
        if (one.Count > 0) await clerk.Does<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new(one, "the customer wants to change the address"), Caller(at, Service), ct);
    }

    private LocationCode Verdict(Supply.InPlace waiting, DateTimeOffset at) =>
        scale.Chance("inspect", waiting.Sku, at.UtcTicks).Next(100) < 16 ? Place.In(waiting.Node, "DAMAGED")
        : waiting.Node.Text == "MAIN" ? assortment.BySku[waiting.Sku].Bin : assortment.BySku[waiting.Sku].OverflowBin;

    /// Seven in a hundred parcels come back, between four and eighteen days after they left.
    private DateOnly? ComesBackOn(ShippedOrder order)
    {
        var chance = scale.Chance("return", order.Number);
        return chance.Next(100) < 7 ? order.Day.AddDays(4 + chance.Next(15)) : null;
    }

    private Caller Caller(DateTimeOffset at, Actor actor) => clerk.At(at) with { Actor = actor, Door = Door.Page };

    private sealed record HeldOrder(Id<Order> Id, string Number, string Hold, string Country);

    private sealed record OpenOrder(Id<Order> Id, string Number, DateTimeOffset PlacedAt);

    private sealed record ShippedOrder(Id<Order> Id, string Number, DateOnly Day);

    private sealed record SoldLine(Id<Order> OrderId, int Line, Quantity LeftOver);
}
