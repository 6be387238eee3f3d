using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Warehouse;

namespace Keel.Simulators;

/// The warehouse: waves of orders from release to scan-out, and counts of bins.
internal sealed class Floor(Clerk clerk, HarbourScale scale)
{
    private const int MostPerWave = 220;
    private static readonly Actor Lead = Staff.Of("Wim de Boer");
    private static readonly Actor[] Counters = [Staff.Of("Wim de Boer"), Staff.Of("Sanne Visser"), Staff.Of("Daan Mulder")];
    private static readonly string[] Carriers = ["Noordpost", "Kustlijn Express"];

    /// One wave: released, picked, packed, and gone. What is slow stays for the next one.
    public async Task Wave(DateTimeOffset at, CancellationToken ct)
    {
        await Release(at, MostPerWave, ct);
        await Pick(at.AddMinutes(40), await InState("Released", ct), ct);
        await Pack(at.AddMinutes(80), Quick(await InState("Picked", ct), "pack", at), ct);
        await Ship(at.AddMinutes(110), Quick(await InState("Packed", ct), "ship", at), ct);
    }

    /// Half a wave, as the floor stands at any hour: some released, some picked, some packed, some gone.
    public async Task Scene(DateTimeOffset at, CancellationToken ct)
    {
        await Release(at, 28, ct);
        var released = await InState("Released", ct);
        await Pick(at.AddMinutes(10), [.. released.Take(released.Count * 3 / 4)], ct);
        var picked = await InState("Picked", ct);
        await Pack(at.AddMinutes(20), [.. picked.Take(picked.Count * 2 / 3)], ct);
        var packed = await InState("Packed", ct);
        await Ship(at.AddMinutes(25), [.. packed.Take(packed.Count / 2)], ct);
    }

    /// Carriers tell what arrived: most within three days, one parcel in a hundred is never heard of again.
    public async Task Arrive(DateTimeOffset at, CancellationToken ct)
    {
        var away = await clerk.Asks<OnItsWay>(
            $"select id, number, shipped_at from warehouse.shipment where company_id = {clerk.Company} and status = 'Shipped' and shipped_at > {at.AddDays(-7)} order by id", ct);
        var there = away.Where(s => scale.Chance("arrives", s.Number) is var chance && chance.Next(100) > 0 && s.ShippedAt.AddHours(14 + chance.Next(60)) <= at).Select(s => s.Id);
        foreach (var some in there.Chunk(500))
        {
            await clerk.Does<DeliverShipments, DeliverShipments.Request, IReadOnlyList<ShipmentAnswer>>(new(some), clerk.At(at) with { Actor = Lead, Door = Door.Page }, ct);
        }
    }

    /// Somebody counts a few bins; now and then one holds less or more than the book says, or something broke.
    public async Task Count(DateTimeOffset at, int places, CancellationToken ct)
    {
        var chance = scale.Chance("count", at.UtcTicks);
        var bins = await clerk.Asks<Supply.InPlace>(
            $"""
            select node, sku, location, on_hand as free from stock.level
            where company_id = {clerk.Company} and on_hand > 0 and location like 'MAIN/_-%' order by md5(sku || {at.UtcTicks.ToString()}) limit {places}
            """, ct);
        var lines = bins.Select(b => chance.Next(100) switch
        {
            < 78 => new AdjustStock.Line(b.Location, b.Sku, b.Free, "count"),
            < 90 => new AdjustStock.Line(b.Location, b.Sku, b.Free - Quantity.Min(b.Free, 1 + chance.Next(2)), "count"),
            < 96 => new AdjustStock.Line(b.Location, b.Sku, b.Free + 1, "found"),
            _ => new AdjustStock.Line(b.Location, b.Sku, b.Free - 1, "damaged"),
        }).ToArray();
        if (lines.Length > 0) await clerk.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new(lines), Caller(at), ct);
    }

    /// The counts of the day make themselves by the plans; two people count most of them, a third decides about what they cannot.
    public async Task CountByPlan(DateTimeOffset at, bool leavesSome, CancellationToken ct)
    {
        await clerk.Does<Classify, Classify.Request, int>(new(), clerk.At(at), ct);
        await clerk.Does<MakeCounts, MakeCounts.Request, int>(new(), clerk.At(at), ct);
        var chance = scale.Chance("count by plan", at.UtcTicks);
        foreach (var task in await Tasks("Due", 8, ct)) await Look(task, 0, at.AddMinutes(chance.Next(90)), chance, isFirst: true, ct);
        foreach (var task in (await Tasks("Recount", 12, ct)).Skip(leavesSome ? 2 : 0)) await Look(task, 1, at.AddMinutes(100 + chance.Next(60)), chance, isFirst: false, ct);
        foreach (var task in (await Tasks("ToApprove", 12, ct)).Skip(leavesSome ? 1 : 0).DistinctBy(t => t.Id))
            await clerk.Does<DecideCount, DecideCount.Request, CountStatus>(new(task.Id, CountOutcome.Book), clerk.At(at.AddMinutes(170)) with { Actor = Counters[2], Door = Door.Page }, ct);
    }

    /// Somebody says what lies there; now and then it is less than the book says, and the second look mostly finds the same.
    private async Task Look(Counted task, int who, DateTimeOffset at, Random chance, bool isFirst, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Actor = Counters[who], Door = Door.Page };
        foreach (var there in await clerk.Asks<Supply.InPlace>(
            $"""
            select node, sku, location, on_hand as free from stock.level
            where company_id = {clerk.Company} and location = {task.Location} and on_hand > 0 and ({task.Sku?.Text}::text is null or sku = {task.Sku?.Text})
              and not exists (select from stock.count_line l where l.task_id = {task.Id} and l.sku = level.sku and l.decided_at is not null) order by sku
            """, ct))
        {
            var odd = chance.Next(100);
            var found = isFirst && odd < 9 ? there.Free - Quantity.Min(there.Free, 1 + odd % 5) : isFirst && odd < 12 || !isFirst && odd < 20 ? there.Free + 1 : there.Free;
            await clerk.Does<NoteCount, NoteCount.Request, NoteCount.Answer>(new(task.Id, there.Sku.Text, found), caller, ct);
        }

        await clerk.Tries<FinishCount, FinishCount.Request, FinishCount.Answer>(new(task.Id), caller with { At = at.AddMinutes(3) }, ct);
    }

    private Task<List<Counted>> Tasks(string status, int most, CancellationToken ct) => clerk.Asks<Counted>(
        $"select id, location, sku from stock.count_task where company_id = {clerk.Company} and status = {status} order by due_on, rank, number limit {most}", ct);

    private sealed record Counted(Id<CountTask> Id, LocationCode Location, Sku? Sku);

    /// What the overflow warehouse sent is received, now and then one too few.
    public async Task ReceiveSent(DateTimeOffset at, CancellationToken ct)
    {
        var away = await clerk.Asks<Coming>(
            $"select t.id as transfer, t.number, l.line, l.shipped - l.received - l.missing as quantity from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id where t.company_id = {clerk.Company} and t.status = 'InTransit' and not exists (select from stock.transfer_line o where o.transfer_id = t.id and o.received > 0) order by t.number, l.line", ct);
        foreach (var coming in away.GroupBy(c => (c.Transfer, c.Number)))
        {
            var isShort = scale.Chance("transfer", coming.Key.Number).Next(8) == 0;
            await clerk.Does<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(
                new(coming.Key.Transfer, [.. coming.Select((c, i) => new ReceiveTransfer.Part(c.Line, isShort && i == 0 ? c.Quantity - 1 : c.Quantity))], Location: Place.In("MAIN", "RECEIVING")), Caller(at), ct);
        }
    }

    /// The overflow warehouse sends what the main one runs out of.
    public async Task Replenish(DateTimeOffset at, CancellationToken ct)
    {
        if (await Ask(at, 12, "runs out at the main site", ct) is { } asked)
            await clerk.Does<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(asked, ExpectedOn: DateOnly.FromDateTime(at.UtcDateTime).AddDays(2), Rest: TransferRest.GivenUp), Caller(at.AddMinutes(2)), ct);
    }

    /// Somebody asks for goods of the overflow warehouse; they still stand there.
    public Task AskForMore(DateTimeOffset at, CancellationToken ct) => Ask(at, 5, "for the weekend", ct);

    private async Task<Id<Transfer>?> Ask(DateTimeOffset at, int products, string why, CancellationToken ct)
    {
        var low = await clerk.Asks<Supply.InPlace>(
            $"""
            select o.node, o.sku, '' as location, least(o.sellable - o.reserved, 12000) as free from stock.position o
            left join stock.position m on m.company_id = o.company_id and m.sku = o.sku and m.node = 'MAIN' and m.owner = o.owner
            where o.company_id = {clerk.Company} and o.node = 'OVERFLOW' and o.sellable - o.reserved >= 2000 order by coalesce(m.sellable - m.reserved, 0), o.sku limit {products}
            """, ct);
        if (low.Count == 0) return null;
        var asked = await clerk.Does<RequestTransfer, RequestTransfer.Request, DocumentRef>(
            new("OVERFLOW", "MAIN", [.. low.Select(l => new RequestTransfer.Line(l.Sku, l.Free))], DateOnly.FromDateTime(at.UtcDateTime).AddDays(3), why), Caller(at), ct);
        return new Id<Transfer>(asked.Id);
    }

    private sealed record Coming(Id<Transfer> Transfer, string Number, int Line, Quantity Quantity);

    /// A bin that holds less than is promised is found out: somebody loses a promise.
    public async Task CountShort(DateTimeOffset at, CancellationToken ct)
    {
        var tight = await clerk.Asks<Supply.InPlace>(
            $"""
            select v.node, v.sku, v.location, p.reserved - 1000 as free from stock.level v
            join stock.position p on p.company_id = v.company_id and p.sku = v.sku and p.node = v.node and p.owner = v.owner
            where v.company_id = {clerk.Company} and v.node = 'MAIN' and v.on_hand = p.on_hand and v.allocated = 0 and p.reserved > 1000 order by p.reserved desc, v.sku limit 2
            """, ct);
        foreach (var bin in tight)
        {
            await clerk.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new AdjustStock.Line(bin.Location, bin.Sku, bin.Free, "lost")]), Caller(at), ct);
        }
    }

    /// Somebody writes off more than passes by itself: it waits for the yes of somebody else.
    public async Task WriteOff(DateTimeOffset at, CancellationToken ct)
    {
        foreach (var bin in await clerk.Asks<Supply.InPlace>(
            $"select node, sku, location, on_hand as free from stock.level where company_id = {clerk.Company} and node = 'OVERFLOW' and on_hand >= 9000 and lot = '' order by on_hand desc, sku limit 1", ct))
        {
            await clerk.Tries<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(
                new([new AdjustStock.Line(bin.Location, bin.Sku, bin.Free - 8, "water", "A pipe burst over the shelf")]), clerk.At(at) with { Actor = Counters[1], Door = Door.Page }, ct);
        }
    }

    private async Task Release(DateTimeOffset at, int most, CancellationToken ct)
    {
        var ready = await clerk.Asks<Guid>(
            $"select id from sales.orders where company_id = {clerk.Company} and status = 'Reserved' and placed_at <= {at} order by rank, ship_by, id limit {most}", ct);
        if (ready.Count > 0) await clerk.Does<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(new(ready), Caller(at), ct);
    }

    private async Task Pick(DateTimeOffset at, IReadOnlyList<Id<Shipment>> shipments, CancellationToken ct)
    {
        if (shipments.Count > 0) await clerk.Does<PickShipments, PickShipments.Request, IReadOnlyList<ShipmentAnswer>>(new(shipments), Caller(at), ct);
    }

    private async Task Pack(DateTimeOffset at, IReadOnlyList<Id<Shipment>> shipments, CancellationToken ct)
    {
        foreach (var carrier in shipments.GroupBy(s => Carriers[scale.Chance("carrier", s).Next(Carriers.Length)]))
        {
            await clerk.Does<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new([.. carrier], 1, carrier.Key), Caller(at), ct);
        }
    }

    private async Task Ship(DateTimeOffset at, IReadOnlyList<Id<Shipment>> shipments, CancellationToken ct)
    {
        if (shipments.Count == 0) return;
        await clerk.Does<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new(shipments), Caller(at), ct);
    }

    private Task<List<Id<Shipment>>> InState(string status, CancellationToken ct) => clerk.Asks<Id<Shipment>>(
        $"select id from warehouse.shipment where company_id = {clerk.Company} and status = {status} order by id limit 480", ct);

    private Id<Shipment>[] Quick(IReadOnlyList<Id<Shipment>> shipments, string stage, DateTimeOffset at) =>
        [.. shipments.Where(s => scale.Chance(stage, s, at.UtcTicks).Next(100) >= 3)];

    private sealed record OnItsWay(Id<Shipment> Id, string Number, DateTimeOffset ShippedAt);

    private Caller Caller(DateTimeOffset at) => clerk.At(at) with { Actor = Lead, Door = Door.Page };
}
