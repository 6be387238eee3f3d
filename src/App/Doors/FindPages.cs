using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Doors;

/// What people do and the pages of the menu, by a word of their name: those that open for whoever asks.
internal sealed class FindPages(ModuleCatalog catalog, IEnumerable<Beginning> beginnings, Viewer viewer) : IFinder
{
    private string[] words = [];

    public string Title => "Do and open";
    public string Permission => "";

    public void Ask(Finding text) => words = text.Lower.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public IReadOnlyList<PaletteFound.Hit> Hits =>
    [
        .. beginnings.Select(b => new PaletteFound.Hit("plus", b.Title, b.Href) { Kind = "Do" })
            .Concat(catalog.Pages.Select(p => new PaletteFound.Hit("right", p.Title, p.Url) { Kind = p.Section == p.Title ? "Page" : p.Section }))
            .Where(h => words.All(w => h.Title.Contains(w, StringComparison.OrdinalIgnoreCase)) && viewer.Opens(h.Href))
            .OrderByDescending(h => h.Title.StartsWith(words[0], StringComparison.OrdinalIgnoreCase)).ThenBy(h => h.Title.Length).Take(Finding.Most),
    ];
}
