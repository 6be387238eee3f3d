namespace Keel.Stock;

/// What somebody sees who wants to count a product in another unit: what there is of it, what is promised, what is to come.
internal sealed class AnotherUnit(KeelDb db)
{
    public sealed record ProductRow(Sku Sku, string Name, string Unit);

    public sealed record SiteRow(NodeCode Node, Quantity OnHand, Quantity Reserved, Quantity Available);

    private sealed record Sums(Quantity Coming, long Moves);

    public ProductRow? Product { get; private set; }
    public IReadOnlyList<SiteRow> Sites { get; private set; } = [];
    public Quantity OnHand => Sites.Sum(s => s.OnHand);
    public Quantity Reserved => Sites.Sum(s => s.Reserved);
    public Quantity Coming { get; private set; }
    public string Moves { get; private set; } = "";

    public async Task<bool> Load(Sku sku, CancellationToken ct = default)
    {
        var products = db.Ask<ProductRow>($"select sku, name, unit from catalog.pub_product where sku = {sku}");
        var sites = db.Ask<SiteRow>($"select node, on_hand, reserved, sellable - reserved as available from stock.position where company_id = {db.Company} and sku = {sku} and owner = {PositionKey.Own} and on_hand > 0{db.Work.Actor.Reach.And("node")} order by node");
        var sums = db.Ask<Sums>(
            $"""
            select (select coalesce(sum(open), 0)::bigint from stock.supply where company_id = {db.Company} and sku = {sku} and open > 0) as coming,
              (select count(*) from (select from stock.move where company_id = {db.Company} and sku = {sku} limit {Most + 1}) m) as moves
            """);
        await db.Flush(ct);
        (Product, Sites, Coming) = (products.Value.FirstOrDefault(), sites.Value, sums.Value[0].Coming);
        Moves = sums.Value[0].Moves > Most ? $"{Most}+" : sums.Value[0].Moves.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Product is not null;
    }

    private const int Most = 1000;
}
