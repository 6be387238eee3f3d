using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;

namespace Keel.Stock;

/// Puts pre-built kits together: components leave the shelf and kits come onto it, worth what went into them. Taking them apart undoes it.
[Operation("stock.assemble", StockPermissions.Convert, Said = "assembled {kit|kits}", Icon = "stock")]
internal sealed class AssembleKits(Workbench bench, Supplies supplies) : IOperation<AssembleKits.Request, DocumentRef>
{
    /// Components come from the place that is named, or from where they would be picked. `Lots` and the dates are those of the kits, where the kits are told apart.
    /// `Supply` is the number of what was asked to be made, such as for an order.
    public sealed record Request(
        Sku Kit, NodeCode Node, [Positive] Quantity Quantity, LocationCode? From = null, LocationCode? To = null, [MaxLength(40_000), Display(Name = "Lot or serials of the kits")] string? Lots = null,
        DateOnly? ExpiresOn = null, DateOnly? MadeOn = null, [MaxLength(60)] string? Note = null, [MaxLength(40)] string? Supply = null);

    public static readonly Error NoKit = Error.NotFound("stock.not-a-kit", "This product is no kit. Say first what it is made of.");
    public static readonly Error NotBuilt = new("stock.kit-not-built", "This kit is put together as it is picked: nothing is assembled before. Make it a pre-built kit if it should be.");
    public static readonly Error NotWhole = Error.Invalid("stock.kit-not-whole", "Kits are assembled and taken apart in whole units.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (!request.Quantity.IsWhole) return NotWhole;
        var kit = await bench.Built(request.Kit, ct);
        if (!kit.Ok) return kit.Error!;
        var parts = await bench.PartsOf(kit.Value, ct);
        if (request.Supply is { Length: > 0 } supply && await supplies.Receive([(supply, request.Node, kit.Value.Sku, request.Quantity)], ct) is { Ok: false } none) return none.Error!;
        return await bench.Run(new Converting.Job(
            request.Node, StockDocumentKind.Assembly, "AS", "assembled",
            [.. parts.Select(p => new Converting.Input(p.Sku, p.Quantity.Times(request.Quantity), request.From))],
            [new Converting.Output(kit.Value.Sku, request.Quantity, request.To, request.Lots, request.ExpiresOn, request.MadeOn)], request.Note), ct);
    }
}

/// Takes pre-built kits apart: kits leave the shelf and their components come back onto it, worth together what the kits were worth.
[Operation("stock.take-apart", StockPermissions.Convert, Said = "took {kit|kits} apart", Icon = "split")]
internal sealed class TakeApart(Workbench bench) : IOperation<TakeApart.Request, DocumentRef>
{
    /// Kits come from the place that is named, or from where they would be picked. Of components that are told apart `Parts` names the lots or serial numbers.
    public sealed record Request(
        Sku Kit, NodeCode Node, [Positive] Quantity Quantity, LocationCode? From = null, LotCode? Lot = null, LocationCode? To = null, [MaxLength(100)] IReadOnlyList<Part>? Parts = null, [MaxLength(60)] string? Note = null);

    public sealed record Part(Sku Sku, [Required, MaxLength(40_000), Display(Name = "Lot or serials")] string Lots, DateOnly? ExpiresOn = null, DateOnly? MadeOn = null);

    /// What moves of such a paper say, by which a trace knows that nothing new was made.
    public const string Reason = "taken apart";

    public static readonly Error Other = Error.Invalid("stock.not-in-the-kit", "This is no component of the kit. Leave its line out.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (!request.Quantity.IsWhole) return AssembleKits.NotWhole;
        var kit = await bench.Built(request.Kit, ct);
        if (!kit.Ok) return kit.Error!;
        var parts = await bench.PartsOf(kit.Value, ct);
        if (request.Parts?.FirstOrDefault(p => parts.All(c => c.Sku != p.Sku)) is { } odd) return Other.With($"{odd.Sku} is no component of {kit.Value.Sku}. Leave its line out.");
        var said = request.Parts?.ToLookup(p => p.Sku);
        return await bench.Run(new Converting.Job(
            request.Node, StockDocumentKind.Assembly, "TA", Reason,
            [new Converting.Input(kit.Value.Sku, request.Quantity, request.From, request.Lot)],
            [.. parts.Select(p => new Converting.Output(p.Sku, p.Quantity.Times(request.Quantity), request.To, said?[p.Sku].FirstOrDefault()?.Lots, said?[p.Sku].FirstOrDefault()?.ExpiresOn, said?[p.Sku].FirstOrDefault()?.MadeOn))],
            request.Note), ct);
    }
}

/// Turns so many of one product into so many of another: goods of a lower grade, a case that becomes single pieces. Their cost goes along, to the cent.
[Operation("stock.convert", StockPermissions.Convert, Said = "turned {from|goods} into others", Icon = "swap")]
internal sealed class ConvertGoods(Workbench bench, ProductGuard products) : IOperation<ConvertGoods.Request, DocumentRef>
{
    /// `Quantity` of `From` become `Becomes` of `Into`. With units so many of those: one `case` becomes 12 of single ones.
    /// `Lots` and the dates are those of what comes out, where it is told apart.
    public sealed record Request(
        NodeCode Node, Sku From, [Positive] Quantity Quantity, Sku Into, [Positive] Quantity Becomes, [Required, MinLength(3), MaxLength(100)] string Reason, LocationCode? Place = null, LotCode? Lot = null,
        LocationCode? To = null, [MaxLength(40_000), Display(Name = "Lot or serials of what comes out")] string? Lots = null, DateOnly? ExpiresOn = null, DateOnly? MadeOn = null,
        [MaxLength(12)] string? Unit = null, [MaxLength(12), Display(Name = "Unit of what comes out")] string? BecomesUnit = null);

    public static readonly Error Same = Error.Invalid("stock.convert-same", "A product does not become itself. Move it instead, or name another product.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (request.From == request.Into) return Same;
        var goesIn = await products.InStockUnits([request], r => (r.From, r.Quantity, r.Unit), (r, q) => r with { Quantity = q }, ct);
        if (!goesIn.Ok) return goesIn.Error!;
        var comesOut = await products.InStockUnits(goesIn.Value, r => (r.Into, r.Becomes, r.BecomesUnit), (r, q) => r with { Becomes = q }, ct, quantityField: "becomes");
        if (!comesOut.Ok) return comesOut.Error!;
        request = comesOut.Value[0];
        return await bench.Run(new Converting.Job(
            request.Node, StockDocumentKind.Conversion, "CV", request.Reason,
            [new Converting.Input(request.From, request.Quantity, request.Place, request.Lot)],
            [new Converting.Output(request.Into, request.Becomes, request.To, request.Lots, request.ExpiresOn, request.MadeOn)], null), ct);
    }
}
