using System.Globalization;
using Keel.Printing.Contract;

namespace Keel.App.Evidence;

/// What the front of a pack says: what it is about, who took it and why, which files it holds with their digests, and how the seals were found.
internal sealed class EvidenceFront(Company company, EvidenceScope scope, IReadOnlyList<EvidenceFile> files, IReadOnlyList<string> told, Found? found, DateTimeOffset at)
{
    private EvidencePack Pack => scope.Pack;

    /// The same for those who read no PDF.
    public IEnumerable<string> Lines => [.. About, "", .. files.Select(Named), "", found is null ? NoLines : Told(found, at), "", .. told];

    public void Draw(TextPaper pdf)
    {
        pdf.Heading($"Evidence about {Pack.About}");
        foreach (var line in About) pdf.Say(line);
        pdf.Heading("Seals");
        pdf.Say(found is null ? NoLines : Told(found, at));
        foreach (var one in found?.Examples ?? []) pdf.Say($"{one.Subject}: expected {one.Expected}, found {one.Found}");
        pdf.Heading("Files and their digests (SHA-256)");
        foreach (var file in files) pdf.Say(Named(file));
        pdf.Heading("What happened");
        foreach (var line in told) pdf.Say(line);
        if (files.FirstOrDefault(f => f.Name == "operations.csv") is { } all && all.Rows > told.Count) pdf.Say($"The first {told.Count} of {all.Rows} lines; all are in operations.csv.");
    }

    public static string Told(Found found, DateTimeOffset at) => found is { Rows: 0, Differences: 0 } ? "None of these lines is sealed yet: a seal is made every few seconds. Take the evidence again."
        : found.Differences == 0
        ? $"Looked at {at:yyyy-MM-dd HH:mm:ss} UTC: {found.Rows.ToString("#,0", CultureInfo.InvariantCulture)} lines from the first of these on are as they were written and sealed."
        : $"Looked at {at:yyyy-MM-dd HH:mm:ss} UTC: {found.Differences} differences in {found.Rows.ToString("#,0", CultureInfo.InvariantCulture)} lines from the first of these on.";

    private const string NoLines = "The log has no line about this, so there is no seal to look at.";

    private IEnumerable<string> About =>
    [
        $"Company: {company.Name} ({company.Code})",
        scope.IsRecord ? $"Record: {Pack.Record}" : $"Period: {Pack.FromDay:yyyy-MM-dd} to {Pack.UntilDay:yyyy-MM-dd}, in {company.Zone}",
        .. scope.IsRecord ? [$"With what hangs on it: {string.Join(", ", scope.Numbers.Order(StringComparer.Ordinal).Take(60))}"] : Array.Empty<string>(),
        $"Taken by {Pack.TakenBy} on {Pack.TakenAt:yyyy-MM-dd HH:mm} UTC: {Pack.Reason}",
        "Persons are named by their numbers: what was said of them stands in the log under their keys. Times are UTC; amounts are in the smallest unit of their currency.",
    ];

    private static string Named(EvidenceFile file) => $"{file.Title}: {file.Name}, {file.Rows.ToString("#,0", CultureInfo.InvariantCulture)} rows, {file.Sha256}";
}
