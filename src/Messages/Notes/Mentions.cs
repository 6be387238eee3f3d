namespace Keel.Messages;

/// Who is named in a text: an @ followed by a person's whole name, or by what stands before the @ of their e-mail address.
internal static class Mentions
{
    private const int MostShort = 140;

    /// The people whom a text names, each once. The longest name that fits is meant: @Anna Vester is not Anna.
    public static IReadOnlyList<Actor> In(string text, IReadOnlyList<Actor> people) => [.. Places(text, people).Select(p => p.Who).DistinctBy(p => p.Id)];

    /// Where people are named.
    public static IEnumerable<(int From, int Length, Actor Who)> Places(string text, IReadOnlyList<Actor> people)
    {
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            // An address such as a@b.example names nobody.
            if (at > 0 && char.IsLetterOrDigit(text[at - 1])) continue;
            var found = people.SelectMany(p => NamesOf(p).Select(n => (Who: p, Name: n)))
                .Where(n => Fits(text, at + 1, n.Name)).OrderByDescending(n => n.Name.Length).FirstOrDefault();
            if (found.Who is not null) yield return (at, found.Name.Length + 1, found.Who);
        }
    }

    /// The first words of a text, on one line.
    public static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostShort ? line : line[..(MostShort - 1)] + "…";
    }

    private static IEnumerable<string> NamesOf(Actor person) => person.Account?.Split('@')[0] is { Length: > 1 } account ? [person.Name, account]
        : [person.Name];

    private static bool Fits(string text, int from, string name) => name.Length > 0
        && string.Compare(text, from, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (from + name.Length >= text.Length || !char.IsLetterOrDigit(text[from + name.Length]));
}
