using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Keel.Kernel;

/// The texts of the pages, in the language of whoever reads. The English sentence is the key; another language is a file per module,
/// `Words.de.resx`. What no file knows stays English. The language belongs to the flow of a request, never to the process: figures, forms, files,
/// the API and everything that is written down stay as they are.
public static class Words
{
    private static readonly AsyncLocal<Vocabulary?> Spoken = new();
    private static readonly Lock Turn = new();
    private static readonly HashSet<Assembly> Read = [];
    private static FrozenDictionary<string, Vocabulary> known = FrozenDictionary<string, Vocabulary>.Empty;

    /// The language that everything is written in.
    public const string English = "en";

    /// The languages that can be chosen: the code, and what it calls itself.
    public static IReadOnlyList<(string Code, string Name)> Languages =>
        [(English, "English"), .. known.Values.OrderBy(v => v.Code, StringComparer.Ordinal).Select(v => (v.Code, v.Name))];

    /// The code of the language that is read now, as `<html lang>` takes it.
    public static string Language => Spoken.Value?.Code ?? English;

    /// How figures and dates are written for whoever reads; the invariant culture in English.
    public static CultureInfo Culture => Spoken.Value?.Culture ?? CultureInfo.InvariantCulture;

    /// A text that the product says, in the language that is read now. A sentence that was put together is recognised by its template.
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => text is not null && Spoken.Value is { } vocabulary ? vocabulary.Say(text) : text;

    /// A text as a page says it: `@T("Nothing waits")`.
    [return: NotNullIfNotNull(nameof(text))]
    public static string? T(string? text) => Of(text);

    /// A sentence with values as a page says it: `@T($"{lines} lines wait")`. Its key is the template, `{0} lines wait`.
    public static string T(Sentence sentence) => sentence.Said;

    /// One or many: `Count(lines, "one line waits", "{0} lines wait")`; the number is written as people read it.
    public static string Count(long number, string one, string many) =>
        Of(number is 1 or -1 ? one : many).Replace("{0}", number.ToString("#,##0", Culture), StringComparison.Ordinal);

    /// A label inside a sentence: English writes it small, and other languages as it is.
    public static string Inside(string label) => Spoken.Value is { } vocabulary ? vocabulary.Word(label) : label.ToLowerInvariant();

    /// From here on, in this flow only, texts are in this language; English where it is not known.
    public static void Speak(string? language) => Spoken.Value = language is not null && known.TryGetValue(language, out var vocabulary) ? vocabulary : null;

    /// The language that a browser asks for first among those that there are: `de-AT, de;q=0.9, en;q=0.8` is `de`.
    public static string Preferred(string? accepted)
    {
        var wanted = (accepted ?? "").Split(',', 20).Select(part => part.Split(';', 2, StringSplitOptions.TrimEntries))
            .Select(part => (Code: part[0].Trim().Split('-')[0].ToLowerInvariant(), Weight: WeightOf(part)));
        return wanted.Where(w => w.Weight > 0 && Knows(w.Code)).OrderByDescending(w => w.Weight).Select(w => w.Code).FirstOrDefault(English);
    }

    public static bool Knows(string code) => code == English || known.ContainsKey(code);

    /// Reads the files of these assemblies; once each.
    public static void Learn(IEnumerable<Assembly> assemblies)
    {
        lock (Turn)
        {
            var files = assemblies.Where(Read.Add).SelectMany(WordFile.In).ToArray();
            if (files.Length == 0) return;
            known = files.GroupBy(f => f.Language, StringComparer.Ordinal)
                .Select(g => Vocabulary.Of(g.Key, g.SelectMany(f => f.Texts), known.GetValueOrDefault(g.Key)))
                .Concat(known.Values.Where(v => files.All(f => f.Language != v.Code)))
                .ToFrozenDictionary(v => v.Code, StringComparer.Ordinal);
        }
    }

    internal static Vocabulary? Now => Spoken.Value;

    private static double WeightOf(string[] part) =>
        part.Length < 2 || !part[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase) ? 1
        : double.TryParse(part[1].AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 0;
}
