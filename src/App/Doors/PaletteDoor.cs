using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Keel.App.Doors;

/// Finds records of every module by a few words: for the palette, and for the page that stands in for it without scripts.
internal sealed class PaletteDoor(KeelDb db, Viewer viewer, IEnumerable<IFinder> finders)
{
    public static async Task Answer(HttpContext http)
    {
        var text = (string?)http.Request.Query["q"] ?? "";
        var groups = await http.RequestServices.GetRequiredService<PaletteDoor>().Find(text, http.RequestAborted);
        await new RazorComponentResult<PaletteFound>(new Dictionary<string, object?> { [nameof(PaletteFound.Asked)] = text, [nameof(PaletteFound.Groups)] = groups }).ExecuteAsync(http);
    }

    /// All questions in one round trip; groups with nothing are left out.
    public async Task<IReadOnlyList<PaletteFound.HitGroup>> Find(string text, CancellationToken ct)
    {
        text = text.Trim();
        if (text.Length is 0 or > 80 || text.Any(char.IsControl) || db.Company == default) return [];
        var asked = finders.Where(f => viewer.May(f.Permission)).ToArray();
        foreach (var finder in asked) finder.Ask(new Finding(text));
        await db.Flush(ct);
        return [.. asked.Select(f => new PaletteFound.HitGroup(f.Title, f.Hits)).Where(g => g.Hits.Count > 0)];
    }
}
