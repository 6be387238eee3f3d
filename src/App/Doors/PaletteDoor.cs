using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Keel.App.Doors;

/// Finds records of every module by a few words: for the palette, and for the page that stands in for it without scripts.
internal sealed class PaletteDoor(KeelDb db, Viewer viewer, IEnumerable<IFinder> finders, Scopes scopes)
{
    public static async Task Answer(HttpContext http)
    {
        var text = (string?)http.Request.Query["q"] ?? "";
        var groups = await http.RequestServices.GetRequiredService<PaletteDoor>().Find(text, http.RequestAborted);
        await new RazorComponentResult<PaletteFound>(new Dictionary<string, object?> { [nameof(PaletteFound.Asked)] = text, [nameof(PaletteFound.Groups)] = groups }).ExecuteAsync(http);
    }

    /// All questions in one round trip; groups with nothing are left out. A word means what can be done and opened first, a number a record.
    public async Task<IReadOnlyList<PaletteFound.HitGroup>> Find(string text, CancellationToken ct)
    {
        text = text.Trim();
        if (text.Length is 0 or > 80 || text.Any(char.IsControl) || db.Company == default) return [];
        var asked = finders.Where(f => viewer.May(f.Permission)).ToArray();
        foreach (var finder in asked) finder.Ask(new Finding(text));
        await db.Flush(ct);
        var found = asked.Select(f => new PaletteFound.HitGroup(f.Title, f.Hits)).ToArray();
        var beyond = await scopes.Beyond([.. found.SelectMany(g => g.Hits).Select(KeyOf).OfType<Guid>()], ct);
        var isWord = !text.Any(char.IsAsciiDigit) && !text.Contains('@', StringComparison.Ordinal);
        return [.. found.OrderBy(g => isWord && g.Title == FindPages.Group ? 0 : 1).Select(g => g with { Hits = [.. g.Hits.Where(h => KeyOf(h) is not { } key || !beyond.Contains(key))] }).Where(g => g.Hits.Count > 0)];
    }

    private static Guid? KeyOf(PaletteFound.Hit hit) => hit.Href is { } href && Guid.TryParse(href[(href.LastIndexOf('/') + 1)..], out var key) ? key : null;
}
