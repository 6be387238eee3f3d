using Keel.Printing.Contract;

namespace Keel.Printing;

/// A label about the printer that prints it.
internal sealed class TestLabel(KeelDb db) : IPaper
{
    public const string Name = "test-label";

    public PaperKind Kind { get; } = new(Name, "Test label", "printer", PaperForm.Label, PrintingPermissions.Read);

    public async Task<IReadOnlyDictionary<Guid, Sheet>> Draw(IReadOnlyList<DocumentRef> subjects, PaperStyle style, CancellationToken ct) =>
        (await Printers([.. subjects.Select(s => s.Id)], ct)).ToDictionary(p => p.Id.Value, p => (Sheet)Of(p, style));

    public async Task<IReadOnlyList<PaperSubject>> Find(IReadOnlyList<string> keys, CancellationToken ct) =>
        [.. (await Printers(PaperSubject.Ids(keys), ct)).Select(p => new PaperSubject(p.Ref, p.Node))];

    private Task<List<Printer>> Printers(IReadOnlyList<Guid> ids, CancellationToken ct) => db.Printers.Where($"company_id = {db.Company} and id = any({ids}) order by name", ct);

    /// A frame to see that it is straight, bars to see that it is dark enough, small letters to see that it is sharp.
    private static LabelSheet Of(Printer printer, PaperStyle style)
    {
        var (wide, high) = (Math.Min(printer.WidthMm, 100) * 10, Math.Min(printer.HeightMm, 60) * 10);
        var inner = wide - 60;
        return new LabelSheet("Test", printer.Name, wide / 10, high / 10,
        [
            new LabelRule(10, 10, wide - 20, 4), new LabelRule(10, high - 14, wide - 20, 4), new LabelRule(10, 10, 4, high - 20), new LabelRule(wide - 14, 10, 4, high - 20),
            new LabelText(30, 30, 60, inner, printer.Name, IsBold: true),
            new LabelText(30, 100, 30, inner, $"{style.Company}, {printer.Node}, {printer.WidthMm} × {printer.HeightMm} mm, {printer.Dpi} dpi"),
            new LabelBars(30, 150, inner, Math.Max(80, high - 260), "KEEL-TEST"),
            new LabelText(30, high - 70, 24, inner, "KEEL-TEST äöüß €"),
        ]);
    }
}
