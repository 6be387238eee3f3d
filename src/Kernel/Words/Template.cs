using System.Globalization;
using System.Text;

namespace Keel.Kernel;

/// The template of a sentence, `Order {0} waits for {1}.`: it recognises a sentence that was made from it, and gives back the values.
internal sealed class Template
{
    /// With fewer letters of its own a template would be seen in sentences that only look alike: it takes numbers, codes and amounts, not sentences.
    private const int FullWeight = 8;

    private readonly string[] parts;
    private readonly int[] holes;

    private Template(string[] parts, int[] holes, string said) => (this.parts, this.holes, Said) = (parts, holes, said);

    /// The same in the other language.
    public string Said { get; }

    public string Begin => parts[0];

    /// How much of it is words: of two that fit, the one that says more is meant.
    public int Weight => string.Concat(parts).Count(char.IsLetter);

    /// Null where the text has no holes, or too few words to be recognised by.
    public static Template? Of(string text, string said)
    {
        var (parts, holes) = Split(text);
        var template = new Template([.. parts], [.. holes], said);
        return holes.Count == 0 || template.Weight < 3 ? null : template;
    }

    /// The sentence in the other language, where it was made from this template.
    public string? Read(string sentence, Vocabulary vocabulary)
    {
        if (!sentence.StartsWith(parts[0], StringComparison.Ordinal) || !sentence.EndsWith(parts[^1], StringComparison.Ordinal)) return null;
        var values = new string[holes.Max() + 1];
        var at = parts[0].Length;
        var end = sentence.Length - parts[^1].Length;
        for (var i = 0; i < holes.Length; i++)
        {
            var until = i == holes.Length - 1 ? end : parts[i + 1].Length == 0 ? -1 : at < end ? sentence.IndexOf(parts[i + 1], at, end - at, StringComparison.Ordinal) : -1;
            if (until <= at) return null;
            values[holes[i]] = sentence[at..until];
            at = until + parts[i + 1].Length;
        }

        if (Weight < FullWeight && (values.Any(static v => v?.Count(static c => c == ' ') > 1) || !values.Any(static v => v?.Any(char.IsAsciiDigit) == true))) return null;
        return Fill(Said, values, vocabulary);
    }

    /// Puts values into their holes; `{1:w}` is a word of the product, and said in the language too; `{1:s}` the same in small letters.
    public static string Fill(string text, IReadOnlyList<string?> values, Vocabulary? vocabulary)
    {
        if (values.Count == 0 || !text.Contains('{', StringComparison.Ordinal)) return text;
        var said = new StringBuilder(text.Length + 20);
        for (var i = 0; i < text.Length; i++)
        {
            if (Hole(text, i) is not var (number, kind, length) || number >= values.Count)
            {
                said.Append(text[i]);
                continue;
            }

            var value = values[number] ?? "";
            said.Append(kind is null || vocabulary is null ? value : kind is 's' ? Small(vocabulary.Word(value)) : vocabulary.Word(value));
            i += length - 1;
        }

        return said.ToString();
    }

    /// The numbers of the holes, in order.
    public static IReadOnlyList<int> Holes(string text) => Split(text).Holes;

    private static (List<string> Parts, List<int> Holes) Split(string text)
    {
        var (parts, holes, part) = (new List<string>(), new List<int>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (Hole(text, i) is not var (number, _, length))
            {
                part.Append(text[i]);
                continue;
            }

            parts.Add(part.ToString());
            part.Clear();
            holes.Add(number);
            i += length - 1;
        }

        parts.Add(part.ToString());
        return (parts, holes);
    }

    private static string Small(string word) => word.Length == 0 ? word : char.ToLowerInvariant(word[0]) + word[1..];

    private static (int Number, char? Kind, int Length)? Hole(string text, int at)
    {
        if (text[at] != '{' || text.IndexOf('}', at) is not (> 0 and var end)) return null;
        var inside = text.AsSpan(at + 1, end - at - 1);
        char? kind = inside.EndsWith(":w", StringComparison.Ordinal) || inside.EndsWith(":s", StringComparison.Ordinal) ? inside[^1] : null;
        if (kind is not null) inside = inside[..^2];
        return inside.Length is 1 or 2 && int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, kind, end - at + 1) : null;
    }
}
