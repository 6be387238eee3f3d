using System.Reflection;
using System.Xml.Linq;

namespace Keel.Kernel;

/// The texts of one module in one language: `Words.de.resx`, which any tool for such files can edit.
internal sealed record WordFile(string Language, IReadOnlyList<KeyValuePair<string, string>> Texts)
{
    private const string Prefix = "Words.";
    private const string Suffix = ".resx";

    public static IEnumerable<WordFile> In(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
        .Select(n =>
        {
            using var stream = assembly.GetManifestResourceStream(n)!;
            return Read(n[Prefix.Length..^Suffix.Length], stream);
        });

    public static WordFile Read(string language, Stream stream) => new(language,
        [.. XDocument.Load(stream).Root!.Elements("data").Select(d => KeyValuePair.Create(d.Attribute("name")!.Value, d.Element("value")?.Value ?? ""))]);
}
