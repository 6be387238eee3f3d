using Keel.Printing.Contract;

namespace Keel.Stock;

/// The label of a package: what it is, its number in letters, and as GS1-128 behind (00).
internal sealed class PackageLabel(KeelDb db) : IPaper
{
    public static readonly PaperKind Form = new("package-label", "Package label", Package.RecordKind, PaperForm.Label, StockPermissions.Read);

    private sealed record Row(Guid Id, string Code, PackageKind Kind, NodeCode Node, LocationCode Location, string? What, Quantity Units);

    public PaperKind Kind => Form;

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await Rows(PaperSubject.Ids(keys), ct)).Select(r => new PaperSubject(new DocumentRef(Package.RecordKind, r.Id, r.Code), r.Node))];

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await Rows([.. subjects.Select(s => s.Id)], ct)).ToDictionary(r => r.Id, r => (Sheet)new LabelSheet("Package", r.Code, 100, 150,
        [
            new LabelText(40, 40, 44, 920, style.Company), new LabelRule(40, 110, 920, 4),
            new LabelText(40, 140, 90, 920, style.Tongue.Say(r.Kind.ToString().ToLowerInvariant()), IsBold: true),
            new LabelText(40, 260, 44, 920, r.What ?? ""), new LabelText(40, 330, 44, 920, r.Units.IsPositive ? $"{style.Tongue.Say("units")}: {style.Tongue.Count(r.Units)}" : ""),
            new LabelSquare(680, 420, 280, "00" + r.Code), new LabelText(40, 620, 60, 620, r.Code[^6..], IsBold: true),
            new LabelRule(40, 760, 920, 4), new LabelText(40, 800, 36, 920, "SSCC"), new LabelText(40, 850, 60, 920, r.Code, IsBold: true),
            new LabelBars(40, 970, 920, 330, "00" + r.Code, IsGs1: true), new LabelText(200, 1330, 44, 720, Sscc.Spoken(r.Code)),
        ]));

    private Task<List<Row>> Rows(IReadOnlyList<Guid> ids, CancellationToken ct) => db.Query<Row>(
        $"""
        select p.id, p.code, p.kind, p.node, p.location, case when h.skus = 1 then h.name when h.skus > 1 then h.skus || ' SKUs' end as what, h.units
        from stock.package p cross join lateral (
          select count(distinct v.sku) as skus, min(coalesce((select c.name from catalog.pub_product c where c.sku = v.sku), v.sku)) as name, coalesce(sum(v.on_hand), 0)::bigint as units
          from stock.package_tree(p.company_id, array[p.code]) t join stock.level v on v.company_id = p.company_id and v.package = t.code and v.package <> '' and v.on_hand > 0) h
        where p.company_id = {db.Company} and p.id = any({ids}) order by p.code
        """, ct);
}
