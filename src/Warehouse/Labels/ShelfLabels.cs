using Keel.Printing.Contract;
using Keel.Stock;
using Keel.Ui;

namespace Keel.Warehouse;

/// A label for goods: what it is, and the code that scanners know it by.
internal sealed class ProductLabel(KeelDb db) : IPaper
{
    public sealed record Row(string Sku, string Name, string? Barcode);

    public static readonly PaperKind Paper = new("product-label", "Product label", "product", PaperForm.Label, Keel.Catalog.Contract.CatalogPermissions.Read);

    public PaperKind Kind => Paper;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await Rows(keys, ct)).Select(r => new PaperSubject(new DocumentRef("product", PaperSubject.IdOf("product", r.Sku), r.Sku), default, r.Sku))];

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await Rows([.. subjects.Select(s => s.Number)], ct)).ToDictionary(r => PaperSubject.IdOf("product", r.Sku), r => (Sheet)new LabelSheet("Product", r.Sku, 60, 40,
        [
            new LabelText(20, 20, 44, 560, r.Name, IsBold: true), new LabelText(20, 80, 32, 560, r.Sku),
            new LabelBars(10, 140, 580, 170, r.Barcode ?? r.Sku), new LabelText(60, 325, 34, 500, r.Barcode ?? r.Sku),
        ]));

    private Task<List<Row>> Rows(IReadOnlyList<string> skus, CancellationToken ct) => db.Query<Row>(
        $"""
        select p.sku, p.name, (select min(b.code) from catalog.pub_barcode b where b.sku = p.sku and b.unit = p.unit) as barcode
        from catalog.pub_product p where p.sku = any({skus.Select(s => s.ToUpperInvariant())}) order by p.sku
        """, ct);
}

/// A label for a bin: its code in letters that are read from the aisle, and in bars.
internal sealed class BinLabel(KeelDb db) : IPaper
{
    public sealed record Row(string Code, NodeCode Node, string? Name, string Barcode);

    public static readonly PaperKind Paper = new("bin-label", "Bin label", "place", PaperForm.Label, StockPermissions.Read);

    public PaperKind Kind => Paper;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await Rows(keys, ct)).Select(r => new PaperSubject(new DocumentRef("place", PaperSubject.IdOf("place", r.Code), r.Code), r.Node, r.Code))];

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await Rows([.. subjects.Select(s => s.Number)], ct)).ToDictionary(r => PaperSubject.IdOf("place", r.Code), r => (Sheet)new LabelSheet("Bin", r.Code, 100, 50,
        [
            new LabelText(30, 20, 200, 720, ShipmentSheets.ShortBin(r.Code, r.Node), IsBold: true), new LabelSquare(740, 20, 230, r.Barcode),
            new LabelText(30, 225, 30, 680, $"{r.Node} {r.Name}".Trim()), new LabelBars(20, 275, 960, 160, r.Barcode), new LabelText(100, 445, 32, 800, r.Barcode),
        ]));

    private Task<List<Row>> Rows(IReadOnlyList<string> codes, CancellationToken ct) => db.Query<Row>(
        $"select code, node, name, barcode from stock.pub_location where company_id = {db.Company} and code = any({codes.Select(c => c.ToUpperInvariant())}) order by code", ct);
}

/// Lets somebody print a product's label from its record.
internal sealed class LabelProduct : IJoinRecord
{
    private string? sku;

    public string Kind => "product";

    public void Ask(DocumentRef document) => sku = document.Number;

    public IReadOnlyList<Act> Acts => sku is { Length: > 0 } code
        ? [PaperActs.Print("Print label", ProductLabel.Paper, code), PaperActs.Open("Label as PDF", ProductLabel.Paper, code)] : [];
}

/// Lets somebody print a place's label from its record.
internal sealed class LabelPlace : IJoinRecord
{
    private string? code;

    public string Kind => "place";

    public void Ask(DocumentRef document) => code = document.Number;

    public IReadOnlyList<Act> Acts => code is { Length: > 0 } place
        ? [PaperActs.Print("Print bin label", BinLabel.Paper, place), PaperActs.Open("Label as PDF", BinLabel.Paper, place)] : [];
}

/// Lets somebody print the labels of selected products.
internal sealed class LabelProducts : IJoinList
{
    public string View => "catalog.products";
    public IReadOnlyList<Act> Bulk => [PaperActs.PrintSelected("Print labels", ProductLabel.Paper)];
}

/// Lets somebody print the labels of selected places.
internal sealed class LabelPlaces : IJoinList
{
    public string View => "stock.locations";
    public IReadOnlyList<Act> Bulk => [PaperActs.PrintSelected("Print bin labels", BinLabel.Paper)];
}
