using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Books goods in that belong to somebody else: they lie in our places, and are neither ours nor worth anything in our books.
[Operation("stock.receive-owned", StockPermissions.Receive, Said = "received goods of {owner|somebody else}", Icon = "stock")]
internal sealed class ReceiveOwned(KeelDb db, Settings settings, ProductGuard products, Lots lots, Supplies supplies) : IOperation<ReceiveOwned.Request, DocumentRef>
{
    public sealed record Request(
        [Required, MaxLength(40)] string Owner, NodeCode Node, [Required, MinLength(1), MaxLength(500)] IReadOnlyList<Line> Lines, [MaxLength(60)] string? Reference = null, LocationCode? Location = null,
        DateTimeOffset? HappenedAt = null);

    /// `Supply` is the number of what was announced of theirs and comes with it.
    public sealed record Line(
        Sku Sku, [Positive] Quantity Quantity, [MaxLength(40_000), Display(Name = "Lot or serials")] string? Lots = null, DateOnly? ExpiresOn = null, DateOnly? MadeOn = null,
        [MaxLength(40), Display(Name = "Announced as")] string? Supply = null, [MaxLength(12)] string? Unit = null);

    public static readonly Error NoCost = new("stock.owner-no-cost", "Nobody agreed what it costs us once it is ours. Agree on its cost first.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var (owners, places, network) = (await Owners.Of(settings, ct), await Places.Of(settings, ct), await Network.Of(settings, ct));
        if (!owners.ByCode.TryGetValue(request.Owner.Trim(), out var owner)) return owners.Resolve(request.Owner) is { Ok: false } no ? no.Error! : GoodsOwner.Unknown;
        if (!network.Sites.ContainsKey(request.Node)) return Receiving.NoNode.With($"There is no site {request.Node}. Create the site first.");
        var to = request.Location ?? Place.In(request.Node, "STOCK");
        if (!places.ByCode.TryGetValue(to, out var place) || place.Node != request.Node) return Receiving.NoPlace.With($"There is no place {to} at {request.Node}. Create the place first, or leave it out.");
        if (!place.Rule.Counted) return Receiving.NotAPlaceForGoods;
        if (places.ClosedAt(to) is { } closed) return closed;
        var counted = await products.InStockUnits(request.Lines, l => (l.Sku, l.Quantity, l.Unit), (l, q) => l with { Quantity = q, Unit = null }, ct, "lines");
        if (!counted.Ok) return counted.Error!;
        request = request with { Lines = counted.Value };
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;

        db.Work.HappenedAt = request.HappenedAt;
        var happenedAt = request.HappenedAt ?? db.Now;
        var day = network.DayAt(request.Node, happenedAt);
        if (owner.Kind is OwnerKind.Consignor && request.Lines.FirstOrDefault(l => owners.CostOf(owner.Code, l.Sku, day) is null) is { } unpriced)
            return NoCost.With($"Nobody agreed with {owner.Code} what {unpriced.Sku} costs us once it is ours. Agree on its cost first.");
        if (request.Reference is { Length: > 0 } reference
            && await db.First<bool>($"select exists (select from stock.document where company_id = {db.Company} and kind = 'Receipt' and reference = {reference})", ct))
            return ReceiveGoods.Twice.With($"A receipt with the reference {reference} is already booked. Nothing was changed.");

        var announced = request.Lines.Where(l => l.Supply is { Length: > 0 }).Select(l => (l.Supply!, request.Node, l.Sku, l.Quantity)).ToArray();
        if (await supplies.Receive(announced, ct, owner.Code) is { Ok: false } other) return other.Error!;
        var units = await lots.Intake([.. request.Lines.Select(l => new Lots.Said(l.Sku, l.Quantity, l.Lots, l.ExpiresOn, l.MadeOn, owner.Partner, place.Rule.Promisable, network.DayAt(request.Node, db.Now)))], ct);
        if (!units.Ok) return units.Error!;
        var number = await db.Numbers.Take(db.Company, "RC", happenedAt.Year, ct);
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, StockDocumentKind.Receipt, number, request.Node, owner.Partner, request.Reference, owner.Kind is OwnerKind.Consignor ? "consigned" : "kept",
            request.Lines.Count, Money.Zero(network.Company.Currency), network.Company.Currency, happenedAt, db.Now, day, db.Work.Operation);
        db.Work.Concerns(number);
        db.Work.Concerns(owner.Code);
        db.StockDocuments.Insert(document);
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, request.Lines.Select(l => new PositionKey(db.Company, l.Sku, request.Node, owner.Code)), create: true, ct, named: [to]);
        var paper = new Paper(document.Ref, document.Reason, happenedAt, day) { Partner = owner.Partner };
        foreach (var (line, i) in request.Lines.Select((l, i) => (l, i)))
            foreach (var unit in units.Value[i]) shelf.Move(unit.Of(line.Sku) with { Owner = owner.Code }, Place.Supplier, to, paper, i + 1);
        shelf.Write();
        if (place.Rule.Promisable) db.Raise(new StockArrived(request.Node, [.. request.Lines.Select(l => l.Sku).Distinct()]));
        return document.Ref;
    }
}
