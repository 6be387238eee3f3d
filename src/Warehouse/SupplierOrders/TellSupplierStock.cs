using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Warehouse;

/// A supplier states what it has for us: so many can be promised from there. What it was asked to send and has not dispatched is not in it, and stays promised.
[Operation("warehouse.supplier-stock", WarehousePermissions.Suppliers, Said = "took what the supplier at {node|a site} has", Icon = "stock")]
internal sealed class TellSupplierStock(KeelDb db, Settings settings, StockDesk stock) : IOperation<TellSupplierStock.Request, IReadOnlyList<DocumentRef>>
{
    /// A SKU that is left out stays as it was stated before.
    public sealed record Request(NodeCode Node, [Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Line> Lines);

    public sealed record Line(Sku Sku, [NotNegative] Quantity Quantity);

    public static readonly Error NoTerms = new("supplier-stock.no-supplier", "No supplier sends from this site. Say first which one does.");
    public static readonly Error NoCost = new("supplier-stock.no-cost", "Nobody agreed what it costs us. Agree on its cost first.");
    public static readonly Error Twice = Error.Invalid("supplier-stock.twice", "A SKU is named twice. Name it once.");

    private sealed record Asked(Sku Sku, Quantity Quantity);

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (request.Lines.GroupBy(l => l.Sku).Any(g => g.Count() > 1)) return Twice;
        if (await db.Query<SupplierTerms>($"{SupplierTerms.Columns} where company_id = {db.Company} and node = {request.Node}", ct) is not [var terms]) return NoTerms.With($"No supplier sends from {request.Node}. Say first which one does.");
        db.Work.Actor.MustBeAt(request.Node);
        var skus = request.Lines.Select(l => l.Sku).ToArray();
        var priced = db.Ask<Sku>($"select distinct sku from stock.pub_agreed_cost where company_id = {db.Company} and owner = {terms.Owner} and sku = any({skus}) and from_on <= {network.DayAt(request.Node, db.Now)}");
        var asked = await db.Query<Asked>(
            $"""
            select l.sku, sum(l.quantity - l.dispatched - l.refused)::bigint as quantity from warehouse.supplier_order s join warehouse.supplier_order_line l on l.supplier_order_id = s.id
            where s.company_id = {db.Company} and s.node = {request.Node} and s.status in ('Asked', 'Confirmed', 'CancelAsked') and l.sku = any({skus}) group by l.sku
            """, ct);
        var known = priced.Value.ToHashSet();
        if (request.Lines.FirstOrDefault(l => !known.Contains(l.Sku)) is { } unknown) return NoCost.With($"Nobody agreed with {terms.Owner} what {unknown.Sku} costs us. Agree on its cost first.");
        var open = asked.ToDictionary(a => a.Sku, a => a.Quantity);
        db.Work.Concerns(request.Node.Text);
        return await stock.Adjust([.. request.Lines.Select(l => new Count($"{request.Node}/STOCK", l.Sku, l.Quantity + open.GetValueOrDefault(l.Sku), "count", "stated by the supplier") { Owner = terms.Owner })], ct);
    }
}
