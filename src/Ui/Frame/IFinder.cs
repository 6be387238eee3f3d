namespace Keel.Ui;

/// What a module finds by a few words that somebody types: its records, by number, code or the beginning of a name. It asks in `Ask`, the
/// questions of all finders travel together, and answers after that round trip. Every question is served by an index.
public interface IFinder
{
    /// What it finds: `Orders`.
    string Title { get; }

    /// Who may see what it finds.
    string Permission { get; }

    /// Asks for at most `Finding.Most` records.
    void Ask(Finding text);

    IReadOnlyList<PaletteFound.Hit> Hits { get; }
}

/// Something to begin: a form that is in no menu.
public sealed record Beginning(string Title, string Href);

/// What somebody typed, as numbers and codes are written.
public sealed record Finding(string Text)
{
    public const int Most = 5;

    /// Behind every text that begins with another.
    private const char Last = '\uffff';

    /// Codes and document numbers are written in capitals.
    public string Code => Text.ToUpperInvariant();
    public string CodeEnd => Code + Last;
    public string Lower => Text.ToLowerInvariant();
    public string LowerEnd => Lower + Last;
    public string TextEnd => Text + Last;

    /// The numbers of a series that end with the digits that were typed, this year and last: `6096` is SO-2026-006096.
    public string[] NumbersOf(string series, DateTimeOffset now) => Text.Length is > 0 and <= 6 && Text.All(char.IsAsciiDigit)
        ? [$"{series}-{now.Year}-{Text.PadLeft(6, '0')}", $"{series}-{now.Year - 1}-{Text.PadLeft(6, '0')}"]
        : [];
}
