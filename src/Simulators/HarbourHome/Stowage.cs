using Keel.Catalog.Products;
using Keel.Pricing.PriceLists;
using Keel.Stock;

namespace Keel.Simulators;

/// Where goods belong at the main warehouse: pralines keep cool, what has no room goes to the bulk zone, from which two bins are filled; the overflow site fills the
/// main one. A delivery stands at the dock, with more than the bins take.
internal static class Stowage
{
    private static readonly Sku Praline = "PAN-504";
    private static readonly Actor Lead = Staff.Of("Wim de Boer");

    public static async Task Scene(Clerk clerk, DateTimeOffset at, Assortment assortment, CancellationToken ct)
    {
        var caller = clerk.At(at) with { Actor = Lead, Door = Door.Page };
        var attributes = new Dictionary<string, string> { ["category"] = "Kitchen", ["storageClass"] = nameof(StorageClass.Chilled) };
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new(Praline, "Truffle pralines, 150 g", Attributes: attributes, WeightGrams: 190, LengthMm: 140, WidthMm: 100, HeightMm: 40, HsCode: "180690")]), clerk.At(at), ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(Praline, 11.50m)]), clerk.At(at), ct);
        await clerk.Does<CreateLocations, CreateLocations.Request, int>(new([
            new("MAIN/BULK", "MAIN", Name: "Bulk", Tier: PlaceTier.Zone), .. Enumerable.Range(1, 4).Select(i => new CreateLocations.Place($"MAIN/BULK-{i}", "MAIN", Parent: "MAIN/BULK", PickOrder: 9_000 + i)),
            new("MAIN/COOL", "MAIN", Name: "Cold room", Tier: PlaceTier.Zone), .. Enumerable.Range(1, 2).Select(i => new CreateLocations.Place($"MAIN/COOL-{i}", "MAIN", PlaceKind.PickFace, Parent: "MAIN/COOL", PickOrder: 9_100 + i))]), caller, ct);
        var (first, second, third) = (assortment.Sold[0], assortment.Sold[1], assortment.Sold[2]);
        var full = await clerk.Asks<Held>($"select location, sum(on_hand)::bigint as units from stock.level where company_id = {clerk.Company} and location = {first.Bin} group by location", ct);
        await clerk.Does<EditLocations, EditLocations.Request, Saved[]>(new([
            .. Enumerable.Range(1, 2).Select(i => new EditLocations.Place($"MAIN/COOL-{i}", MaxUnits: 24, Class: StorageClass.Chilled)),
            .. Enumerable.Range(1, 4).Select(i => new EditLocations.Place($"MAIN/BULK-{i}", MaxKilograms: 400)),
            new(first.Bin, MaxUnits: (int)full.Sum(f => f.Units).Units + 10)]), caller, ct);
        await clerk.Does<SetPutaway, SetPutaway.Request, Done>(new([
            new("MAIN/COOL", Sku: Praline), new(first.Bin, Sku: first.Sku), new("MAIN/BULK", Choice: BinChoice.Emptiest, Overflow: true), new("MAIN/DAMAGED", Condition: GoodsCondition.Damaged)]), caller, ct);
        UnitPrice Euro(decimal price) => UnitPrice.Of(price, Currency.Eur);
        await clerk.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([
            new("MAIN", [new(Praline, 60, Euro(4.60m)), new(first.Sku, 36, Euro(6m)), new(third.Sku, 12, Euro(5m))], Reference: "DOCK/LATE", Location: "MAIN/RECEIVING"),
            new("MAIN", [new(second.Sku, 90, Euro(5m))], Reference: "BULK/LATE", Location: "MAIN/BULK-1")]), clerk.At(at) with { Actor = Lead, Door = Door.Page }, ct);
        var inBin = (await clerk.Asks<Held>($"select location, sum(on_hand)::bigint as units from stock.level where company_id = {clerk.Company} and location = {second.Bin} and sku = {second.Sku} group by location", ct)).Sum(h => h.Units);
        var free = (await clerk.Asks<Quantity>($"select available from stock.pub_position where company_id = {clerk.Company} and node = 'MAIN' and owner = {PositionKey.Own} and sku = {third.Sku}", ct)).Sum(q => q);
        await clerk.Does<SetOverflow, SetOverflow.Request, Done>(new([
            new(second.Sku, inBin + 10, inBin + 40, second.Bin, "MAIN/BULK", GivesBack: true), new(third.Sku, free + 5, free + 30, Node: "MAIN", FromNode: "OVERFLOW")]), caller, ct);
    }

    private sealed record Held(LocationCode Location, Quantity Units);
}
