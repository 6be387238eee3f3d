using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Keel.Tests;

/// The texts in the source: every literal, with the keys of those that are said through `Words`. A sentence with values is its template.
internal static partial class SourceTexts
{
    private static readonly string Source = Path.Combine(Tidy.FindRoot(), "src");

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Source, "*.*", SearchOption.AllDirectories)
        .Where(f => Path.GetExtension(f) is ".cs" or ".razor" && !Aside().IsMatch(f)).Order(StringComparer.Ordinal);

    /// Whatever stands between quotes, as a key, whatever it is for; and the attributes of components, which are texts too.
    public static HashSet<string> All { get; } = [.. Files.Select(File.ReadAllText).SelectMany(text =>
        Opening().Matches(text).Select(open => Read(text, open.Index, open).Key).OfType<string>().Concat(Literals(text).Select(l => l.Key)).Concat(Attributes(text)))];

    /// What `T`, `Words.Of` and `Words.T` are given: these need a German word.
    public static IEnumerable<(string Key, string File)> Said =>
        from file in Files
        let text = File.ReadAllText(file)
        from Match call in SaidBefore().Matches(text)
        let open = Opening().Match(text, call.Index + call.Length)
        where open.Success && open.Index == call.Index + call.Length
        let key = Read(text, open.Index, open).Key
        where key is not null && WithoutHoles().Replace(key, "").Count(char.IsLetter) > 1
        select (key, Path.GetRelativePath(Source, file));

    /// The labels that pages give to shared components, which say them through `Words`.
    public static IEnumerable<(string Key, string File)> Labels =>
        from file in Files
        where file.EndsWith(".razor", StringComparison.Ordinal)
        from key in Attributes(File.ReadAllText(file))
        where key.Count(char.IsLetter) > 1
        select (key, Path.GetRelativePath(Source, file));

    /// Sentences that statements put together: literals of SQL that begin like one. `GoesOn`: a value follows.
    public static IReadOnlyList<(string Text, bool GoesOn, string File)> FromDatabase { get; } =
    [
        .. from file in Files
           where file.EndsWith(".cs", StringComparison.Ordinal)
           from Match raw in Raw().Matches(File.ReadAllText(file))
           from Match literal in Literal().Matches(raw.Value)
           select (literal.Groups[1].Value, literal.Groups[2].Success, Path.GetRelativePath(Source, file)),
    ];

    /// Whether a text is such a sentence, or all that is fixed in it stands in one statement.
    public static bool IsMadeInDatabase(string key)
    {
        var parts = WithoutHoles().Split(key).Where(p => p.Length > 0).ToArray();
        return Statements.Any(s => parts.All(p => s.Contains($"'{p}'", StringComparison.Ordinal)));
    }

    private static readonly string[] Statements = [.. Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(f => Raw().Matches(File.ReadAllText(f))).Select(m => m.Value)];

    private static IEnumerable<string> Attributes(string text) => Attribute().Matches(text).Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value));

    /// The literals of a text, those inside the holes of others too.
    internal static IEnumerable<(string Key, int At)> Literals(string text, int from = 0)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '/' && (i == 0 || text[i - 1] != ':'))
            {
                while (i < text.Length && text[i] != '\n') i++;
                continue;
            }

            if (text[i] == '\'' && Character().Match(text, i) is { Success: true, Index: var at, Length: var length } && at == i)
            {
                i += length - 1;
                continue;
            }

            if (text[i] is not ('"' or '$' or '@') || Opening().Match(text, i) is not { Success: true } open || open.Index != i) continue;
            var (key, end, holes) = Read(text, i, open);
            if (end < 0) continue;
            if (key is not null) yield return (key, from + i);
            foreach (var (start, stop) in holes)
            {
                foreach (var inner in Literals(text[start..stop], from + start)) yield return inner;
            }

            i = end - 1;
        }
    }

    private static (string? Key, int End, List<(int Start, int Stop)> Holes) Read(string text, int at, Match open)
    {
        var (marks, quotes) = (open.Groups[1].Value, open.Groups[2].Value);
        var (isVerbatim, hasHoles, isRaw) = (marks.Contains('@', StringComparison.Ordinal), marks.Contains('$', StringComparison.Ordinal), quotes.Length > 2);
        var (key, holes) = (new StringBuilder(), new List<(int, int)>());
        for (var i = at + open.Length; i < text.Length; i++)
        {
            if (isRaw && string.CompareOrdinal(text, i, quotes, 0, quotes.Length) == 0) return (null, i + quotes.Length, holes);
            if (isRaw) continue;
            if (isVerbatim && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"') key.Append(text[i++]);
            else if (text[i] == '"') return (key.ToString(), i + 1, holes);
            else if (text[i] == '\n' && !isVerbatim) return (null, -1, holes);
            else if (!isVerbatim && text[i] == '\\' && i + 1 < text.Length) i = Escape(text, i, key);
            else if (hasHoles && text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i]) key.Append(text[i++]);
            else if (hasHoles && text[i] == '{')
            {
                var stop = Hole(text, i);
                if (stop < 0) return (null, -1, holes);
                key.Append(CultureInfo.InvariantCulture, $"{{{holes.Count}}}");
                holes.Add((i + 1, stop - 1));
                i = stop - 1;
            }
            else key.Append(text[i]);
        }

        return (null, -1, holes);
    }

    private static int Escape(string text, int at, StringBuilder key)
    {
        if (text[at + 1] == 'u' && at + 6 <= text.Length && int.TryParse(text.AsSpan(at + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var sign))
        {
            key.Append((char)sign);
            return at + 5;
        }

        key.Append(text[at + 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        return at + 1;
    }

    /// Behind the brace that closes a hole.
    private static int Hole(string text, int at)
    {
        var depth = 0;
        for (var i = at; i < text.Length; i++)
        {
            if (text[i] is '"' or '$' or '@' && Opening().Match(text, i) is { Success: true } open && open.Index == i)
            {
                var end = Read(text, i, open).End;
                if (end < 0) return -1;
                i = end - 1;
            }
            else if (text[i] == '\'' && Character().Match(text, i) is { Success: true } sign && sign.Index == i) i += sign.Length - 1;
            else if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i + 1;
        }

        return -1;
    }

    [GeneratedRegex("""[\\/](obj|bin|Gallery|Simulators|wwwroot|Migrations|Commands|Torture|Postgres)[\\/]""")]
    private static partial Regex Aside();

    [GeneratedRegex("([$@]*)(\"{3,}|\")")]
    private static partial Regex Opening();

    [GeneratedRegex("""'(\\[^']{1,5}|[^'\\])'""")]
    private static partial Regex Character();

    [GeneratedRegex("""(\bT|\bInside|Words\.Of|Words\.T)\((?=[$@]*\x22)""")]
    private static partial Regex SaidBefore();

    [GeneratedRegex("\"\"\"(.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex Raw();

    [GeneratedRegex("""'([A-Z][a-z]*:? [^'\n]*)'(\s*\|\|)?""")]
    private static partial Regex Literal();

    [GeneratedRegex("""\{\d+\}""")]
    private static partial Regex WithoutHoles();

    [GeneratedRegex("""(?<=<[A-Z][^<>]*)\s(?:Title|Label|Heading|Caption|Note|Hint|Noun|None|Intro|Submit|Kept|BackTo|BackLabel|Search)="([^"@]+)[\x22]""")]
    private static partial Regex Attribute();
}
