using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Keel.Kernel;

/// A sentence with values, as `$"…"` writes it: it keeps its template, so that another language may put the values elsewhere.
[InterpolatedStringHandler]
public ref struct Sentence
{
    private readonly Vocabulary? vocabulary;
    private readonly StringBuilder template;
    private readonly List<string> values;

    public Sentence(int literalLength, int formattedCount)
    {
        vocabulary = Words.Now;
        template = new StringBuilder(literalLength + formattedCount * 4);
        values = new List<string>(formattedCount);
    }

    public readonly void AppendLiteral(string value) => template.Append(value);

    public readonly void AppendFormatted(string? value) => Take(value ?? "");

    public readonly void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public readonly void AppendFormatted<T>(T value, string? format) => Take(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "");

    /// The sentence in the language that is read now.
    internal readonly string Said => Template.Fill(vocabulary?.Find(template.ToString()) ?? template.ToString(), values, vocabulary);

    private readonly void Take(string value)
    {
        template.Append('{').Append(values.Count.ToString(CultureInfo.InvariantCulture)).Append('}');
        values.Add(value);
    }
}
