using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Says that goods are to come: they can be promised from their day on, and whoever waits for them knows when.
[Operation("stock.announce-supplies", StockPermissions.Supply, Said = "announced {supplies|a supply}", Icon = "truck")]
internal sealed class AnnounceSupplies(Supplies supplies, ProductGuard products) : IOperation<AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(1000)] IReadOnlyList<Item> Supplies);

    /// Without an owner they will be our own.
    public sealed record Item(
        Sku Sku, NodeCode Node, [Positive] Quantity Quantity, DateOnly ExpectedOn, SupplyKind Kind = SupplyKind.Purchase, DateOnly? EarliestOn = null, [Range(0, 100)] int? Confidence = null,
        Guid? Supplier = null, [MaxLength(60)] string? Reference = null, [MaxLength(200)] string? Note = null, [MaxLength(12)] string? Unit = null,
        [MaxLength(40), Display(Name = "Whose goods")] string? Owner = null);

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var counted = await products.InStockUnits(request.Supplies, s => (s.Sku, s.Quantity, s.Unit), (s, q) => s with { Quantity = q, Unit = null }, ct, "supplies");
        if (!counted.Ok) return counted.Error!;
        return await supplies.Announce(
            [.. counted.Value.Select(s => new NewSupply(s.Sku, s.Node, s.Quantity, s.ExpectedOn)
            {
                Kind = s.Kind, EarliestOn = s.EarliestOn, Confidence = s.Confidence, Supplier = s.Supplier, Reference = s.Reference, Note = s.Note, Owner = s.Owner is { Length: > 0 } owner ? owner : PositionKey.Own,
            })], ct);
    }
}

/// Says that goods come on another day, or more or fewer of them. Whoever has to wait longer for them has a case.
[Operation("stock.change-supply", StockPermissions.Supply, Said = "changed {supply|a supply}", Icon = "clock")]
internal sealed class ChangeSupply(Supplies supplies) : IOperation<ChangeSupply.Request, Done>
{
    /// What is left out stays as it is. `Open` is what is still to come.
    public sealed record Request(
        Guid Supply, [Required, MaxLength(200)] string Reason, DateOnly? ExpectedOn = null, [NotNegative] Quantity? Open = null, DateOnly? EarliestOn = null, [Range(0, 100)] int? Confidence = null);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) =>
        supplies.Change([new SupplyChange(request.Supply, request.Open, request.ExpectedOn, request.EarliestOn, request.Confidence)], request.Reason, ct);
}

/// Says that the rest of supplies never comes.
[Operation("stock.withdraw-supplies", StockPermissions.Supply, Said = "withdrew {supplies|a supply}", Icon = "x")]
internal sealed class WithdrawSupplies(Supplies supplies) : IOperation<WithdrawSupplies.Request, Done>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Supplies, [Required, MaxLength(200)] string Reason);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => supplies.Withdraw(request.Supplies, request.Reason, ct);
}
