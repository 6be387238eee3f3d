using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Says what goods that are there are worth, where the books are wrong about it. The difference is a revaluation.
[Operation("stock.revalue", StockPermissions.Value, Said = "revalued goods", Icon = "edit")]
internal sealed class Revalue(KeelDb db, Revaluing revaluing, ProductGuard products) : IOperation<Revalue.Request, DocumentRef>, IAssess<Revalue.Request, DocumentRef>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Line> Lines, [Required, MaxLength(200)] string Reason);

    /// The site may be said where goods are valued apart at each; without it all sites are meant.
    public sealed record Line(Sku Sku, [NotNegative] [property: Cost] UnitPrice UnitCost, [property: Display(Name = "Site")] NodeCode? Node = null);

    public static readonly Error ByStandard = new("stock.revalue-standard", "These goods are kept at standard cost. Set another standard cost instead.");
    public static readonly Error Down = new("stock.revalue-written-down", "These goods are written down. Value them at what they bring, up to their cost, before anybody says what they cost.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (Revaluing.NamesTwice(request.Lines.Select(l => (l.Sku, l.Node)))) return Revaluing.Twice;
        if (await products.Check(request.Lines.Select(l => (l.Sku, (Quantity)1)), ct, "lines") is { } wrong) return wrong;
        var paper = await revaluing.Begin("RV", "revaluation", request.Reason, ct);
        if (request.Lines.Any(l => l.UnitCost.Currency != revaluing.Currency)) return ReceiveGoods.WrongCurrency;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, request.Lines.Select(l => l.Sku), create: false, ct);
        var lines = new List<ValuedLine>();
        foreach (var line in request.Lines)
        {
            var worth = shelf.WorthOf(line.Sku);
            if (worth.Pool.Method is CostingMethod.Standard) return ByStandard.With($"{line.Sku} is kept at standard cost. Set another standard cost instead.");
            var meant = Revaluing.Pools(worth, line.Node);
            if (!meant.Ok) return meant.Error!;
            if (meant.Value.FirstOrDefault(p => !p.Worth.Pool.WrittenDown.IsZero) is { Worth.Pool: { } down }) return Down.With($"{line.Sku} is written down by {down.WrittenDown}. Value it at what it brings first, up to its cost.");
            (PoolKey, Money)[] changes = [.. meant.Value.Select(p => (p.Key, p.Worth.Change(line.UnitCost.Times(p.Worth.Pool.Quantity) - p.Worth.Pool.Value)))];
            shelf.Tell(line.Sku, changes, paper, lines.Count + 1, request.Reason);
            lines.Add(new ValuedLine(line.Sku, meant.Value.Sum(p => p.Worth.Pool.Quantity), Revaluing.Sum(changes, revaluing.Currency)));
        }

        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.ByHand, default, lines, []);
        return paper.Document;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Revalues {request.Lines.Count} products", [.. request.Lines.Select(l => l.Sku)], ct);
}

/// Values goods at what they bring where that is less than they cost (net realisable value, IAS 2.28 to 2.33); where they bring more again, up to what
/// they cost and no further.
[Operation("stock.write-down", StockPermissions.Value, Said = "valued goods at what they bring", Icon = "minus")]
internal sealed class WriteDown(KeelDb db, Revaluing revaluing, ProductGuard products) : IOperation<WriteDown.Request, DocumentRef>, IAssess<WriteDown.Request, DocumentRef>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Line> Lines, [Required, MaxLength(200)] string Reason);

    /// What one unit brings, less what it costs to sell it.
    public sealed record Line(Sku Sku, [NotNegative, Display(Name = "Brings")] [property: Cost] UnitPrice UnitValue, [property: Display(Name = "Site")] NodeCode? Node = null);

    public static readonly Error NotLess = new("stock.write-down-not-less", "These goods bring more than they cost, and are not written down: nothing changes.");

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        if (Revaluing.NamesTwice(request.Lines.Select(l => (l.Sku, l.Node)))) return Revaluing.Twice;
        if (await products.Check(request.Lines.Select(l => (l.Sku, (Quantity)1)), ct, "lines") is { } wrong) return wrong;
        var paper = await revaluing.Begin("RV", "revaluation", request.Reason, ct);
        if (request.Lines.Any(l => l.UnitValue.Currency != revaluing.Currency)) return ReceiveGoods.WrongCurrency;
        var shelf = await Shelf.ToValue(db, revaluing.Currency, request.Lines.Select(l => l.Sku), create: false, ct);
        var lines = new List<ValuedLine>();
        foreach (var line in request.Lines)
        {
            var worth = shelf.WorthOf(line.Sku);
            var meant = Revaluing.Pools(worth, line.Node);
            if (!meant.Ok) return meant.Error!;
            (PoolKey, Money Change)[] changes = [.. meant.Value.Select(p => (p.Key, p.Worth.ValueAt(line.UnitValue.Times(p.Worth.Pool.Quantity))))];
            if (changes.All(c => c.Change.IsZero) && request.Lines.Count == 1) return NotLess;
            shelf.Tell(line.Sku, changes, paper, lines.Count + 1, request.Reason);
            lines.Add(new ValuedLine(line.Sku, meant.Value.Sum(p => p.Worth.Pool.Quantity), Revaluing.Sum(changes, revaluing.Currency)));
        }

        shelf.Write();
        revaluing.End(shelf, paper, StockDocumentKind.Revaluation, RevaluationCause.WriteDown, default, lines, []);
        return paper.Document;
    }

    public Task<Effect> Assess(Request request, DocumentRef answer, CancellationToken ct) => revaluing.Effect(answer, $"Values {request.Lines.Count} products at what they bring", [.. request.Lines.Select(l => l.Sku)], ct);
}
