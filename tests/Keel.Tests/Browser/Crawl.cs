using System.Text.RegularExpressions;

namespace Keel.Tests;

/// Follows every address that pages offer, some of each shape.
internal sealed partial class Crawl(Site site, int ofOneShape = 1)
{
    /// What changes how a page is shown, not what it is.
    private static readonly string[] Asides = ["sort", "group", "stream", "list", "list-view", "list-at", "cols"];
    private const int Most = 3_000;
    private readonly Dictionary<string, List<string>> seen = [];

    public int Opened { get; private set; }

    /// One address of each shape that opened.
    public IEnumerable<string> Shapes => seen.Values.Where(v => v.Count > 0).Select(v => v[0]);

    public Task<IReadOnlyList<string>> Follow(string first) => Follow([first]);

    public async Task<IReadOnlyList<string>> Follow(IEnumerable<string> first)
    {
        using var reader = await site.Reader();
        var wrong = new List<string>();
        var ahead = new Queue<(string Address, string From)>(first.Select(f => (f, "the beginning")));
        while (ahead.TryDequeue(out var next) && Opened < Most)
        {
            if (!IsNew(next.Address)) continue;
            using var answer = await reader.GetAsync(new Uri(next.Address, UriKind.Relative));
            Opened++;
            if (answer.StatusCode is not System.Net.HttpStatusCode.OK) wrong.Add($"{next.Address} answers {(int)answer.StatusCode}; offered on {next.From}");
            if (answer.Content.Headers.ContentType?.MediaType is not "text/html")
            {
                seen[ShapeOf(next.Address)].Remove(next.Address);
                continue;
            }

            foreach (Match link in Link().Matches(await answer.Content.ReadAsStringAsync()))
            {
                var address = System.Net.WebUtility.HtmlDecode(link.Groups[1].Value).Split('#')[0];
                if (!Leaves().IsMatch(address)) ahead.Enqueue((address, next.Address));
            }
        }

        return wrong;
    }

    private bool IsNew(string address)
    {
        var shape = ShapeOf(address);
        if (!seen.TryGetValue(shape, out var known)) seen[shape] = known = [];
        if (known.Count >= ofOneShape || known.Contains(address)) return false;
        known.Add(address);
        return true;
    }

    /// The address without what tells one record, or one question to a list, from another.
    private static string ShapeOf(string address)
    {
        var parts = address.Split('?');
        var path = Record().Replace(parts[0], "/{}");
        var asked = parts.Length == 1 ? [] : parts[1].Split('&').Select(p => p.Split('=')[0]).Where(p => !Asides.Contains(p) && (!p.StartsWith("f.", StringComparison.Ordinal) || p is "f.state")).Distinct()
            .Order(StringComparer.Ordinal).ToArray();
        return asked.Length == 0 ? path : path + "?" + string.Join('&', asked);
    }

    [GeneratedRegex("""<a [^>]*?href="(/[^"]*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Link();

    [GeneratedRegex("/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[^/]*[A-Z][^/]*)(?=/|$)")]
    private static partial Regex Record();

    /// Signing out, files of the house itself, the API's own pages.
    [GeneratedRegex("^/(sign-out|lib/|api|openapi|do/|health)")]
    private static partial Regex Leaves();
}
