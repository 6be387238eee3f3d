using Keel.Ui;

namespace Keel.Stock;

/// Places by code or by what is scanned on their label.
internal sealed class FindPlaces(KeelDb db) : IFinder
{
    public sealed record Row(LocationCode Code, string Name, NodeCode Node);

    private Later<List<Row>>? rows;

    public string Title => "Places";
    public string Permission => StockPermissions.Read;

    public void Ask(Finding text) => rows = db.Ask<Row>(
        $"""
        select code, name, node from (
          (select 1 as best, code, name, node from stock.location where company_id = {db.Company} and barcode = {text.Text}{db.Work.Actor.Reach.And("node")})
          union all (select 2, code, name, node from stock.location where company_id = {db.Company} and code >= {text.Code} and code < {text.CodeEnd}
            {db.Work.Actor.Reach.And("node")} order by code limit {Finding.Most})
        ) f where node <> '' group by code, name, node order by min(best), code limit {Finding.Most}
        """);

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(p =>
        new PaletteFound.Hit("warehouse", p.Code.Text, StockLinks.Place(p.Code)) { Note = p.Name == p.Code.Text ? p.Node.Text : p.Name })];
}
