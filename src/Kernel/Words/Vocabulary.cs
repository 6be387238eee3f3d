using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace Keel.Kernel;

/// The texts of one language, read once.
internal sealed class Vocabulary
{
    /// The two texts of a file that say which language it is.
    public const string NameKey = "(language)";
    public const string CultureKey = "(culture)";

    private const int MostRemembered = 20_000;
    private const int LongestSentence = 600;
    private readonly FrozenDictionary<string, string> texts;
    private readonly FrozenDictionary<char, Template[]> begins;
    private readonly Template[] open;
    private readonly ConcurrentDictionary<string, string> remembered = new(StringComparer.Ordinal);

    private Vocabulary(string code, FrozenDictionary<string, string> texts)
    {
        (Code, this.texts) = (code, texts);
        Name = texts.GetValueOrDefault(NameKey, code);
        Culture = CultureInfo.GetCultureInfo(texts.GetValueOrDefault(CultureKey, code));
        var templates = texts.Select(t => Template.Of(t.Key, t.Value)).OfType<Template>().OrderByDescending(t => t.Weight).ToArray();
        begins = templates.Where(t => t.Begin.Length > 0).GroupBy(t => t.Begin[0]).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        open = [.. templates.Where(t => t.Begin.Length == 0)];
    }

    public string Code { get; }
    public string Name { get; }
    public CultureInfo Culture { get; }
    public IReadOnlyDictionary<string, string> Texts => texts;

    /// What several files say of one text must be the same; the first one counts.
    public static Vocabulary Of(string code, IEnumerable<KeyValuePair<string, string>> said, Vocabulary? before)
    {
        var all = new Dictionary<string, string>(before?.texts ?? FrozenDictionary<string, string>.Empty, StringComparer.Ordinal);
        foreach (var (text, value) in said) all.TryAdd(text, value);
        return new Vocabulary(code, all.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public string? Find(string text) => texts.GetValueOrDefault(text);

    /// A word of the product inside a sentence, where it may stand in small letters.
    public string Word(string text) =>
        text.Length == 0 ? text : texts.GetValueOrDefault(text) ?? texts.GetValueOrDefault(char.ToUpperInvariant(text[0]) + text[1..]) ?? Say(text);

    public string Say(string text)
    {
        if (texts.TryGetValue(text, out var said)) return said;
        if (text.Length is < 4 or > LongestSentence) return text;
        if (remembered.TryGetValue(text, out said)) return said;
        if (remembered.Count > MostRemembered) remembered.Clear();
        return remembered[text] = Recognise(text) ?? text;
    }

    private string? Recognise(string text)
    {
        var begun = begins.TryGetValue(text[0], out var some) ? First(some, text) : null;
        return begun ?? First(open, text);
    }

    private string? First(Template[] templates, string text)
    {
        foreach (var template in templates)
        {
            if (template.Read(text, this) is { } said) return said;
        }

        return null;
    }
}
