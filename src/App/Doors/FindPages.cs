using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Doors;

/// What people do and the pages of the menu, by a word of their name: those that open for whoever asks.
internal sealed class FindPages(ModuleCatalog catalog, IEnumerable<Beginning> beginnings, Viewer viewer) : IFinder
{
    public const string Group = "Do and open";

    private string[] words = [];

    public string Title => Group;
    public string Permission => "";

    public void Ask(Finding text) => words = text.Lower.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// Whoever reads another language may still type what the product is called in English.
    private bool Has(string title) => words.All(w => title.Contains(w, StringComparison.OrdinalIgnoreCase));

    private bool Begins(string title) => title.StartsWith(words[0], StringComparison.OrdinalIgnoreCase);

    public IReadOnlyList<PaletteFound.Hit> Hits =>
    [
        .. beginnings.Select(b => (b.Title, Hit: new PaletteFound.Hit("plus", Words.Of(b.Title), b.Href) { Kind = "Do" }))
            .Concat(catalog.Pages.Select(p => (p.Title, Hit: new PaletteFound.Hit("right", Words.Of(p.Title), p.Url) { Kind = p.Section == p.Title ? "Page" : p.Section })))
            .Where(f => (Has(f.Hit.Title) || Has(f.Title)) && viewer.Opens(f.Hit.Href))
            .OrderByDescending(f => Begins(f.Hit.Title) || Begins(f.Title)).ThenBy(f => f.Hit.Title.Length).Take(Finding.Most).Select(f => f.Hit),
    ];
}
