using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Keel.Messages.Contract;

namespace Keel.Messages;

/// A mail with its placeholders filled: the title, the plain text, and the same as a page. Values never become markup.
internal sealed record Letter(string Title, string Text, string Html)
{
    private static readonly Regex Marks = new(@"\{\{\s*([^{}]*?)\s*\}\}", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// The placeholders that some words name, as they are written.
    public static IEnumerable<string> NamesIn(string words) => Marks.Matches(words).Select(m => m.Groups[1].Value);

    public static Letter Fill(MailTemplate template, MailWords words, IReadOnlyDictionary<string, object?> values, string language, string house)
    {
        var culture = CultureInfo.GetCultureInfo(language == "de" ? "de-DE" : "en-GB");
        var kinds = template.Placeholders.ToDictionary(p => p.Name, p => p.Kind, StringComparer.Ordinal);
        string Value(string name) => values.TryGetValue(name, out var value) ? Written(value, culture) : "";
        string Plain(string text) => Marks.Replace(text, m => kinds.GetValueOrDefault(m.Groups[1].Value) is PlaceholderKind.Link
            ? house + Value(m.Groups[1].Value) : Value(m.Groups[1].Value));

        var html = new StringBuilder();
        foreach (var paragraph in words.Body.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var isButton = Marks.Match(paragraph) is { Success: true } only && only.Length == paragraph.Length
                && kinds.GetValueOrDefault(only.Groups[1].Value) is PlaceholderKind.Link;
            html.Append(isButton ? "<p class=\"go\">" : "<p>").Append(Marked(paragraph, kinds, Value, house, language)).Append("</p>\n");
        }

        return new Letter(Plain(words.Title).ReplaceLineEndings(" "), Plain(words.Body), html.ToString());
    }

    private static string Marked(string paragraph, Dictionary<string, PlaceholderKind> kinds, Func<string, string> value, string house, string language)
    {
        var (html, from) = (new StringBuilder(), 0);
        string Safe(string text) => WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>");
        foreach (Match mark in Marks.Matches(paragraph))
        {
            html.Append(Safe(paragraph[from..mark.Index]));
            from = mark.Index + mark.Length;
            var name = mark.Groups[1].Value;
            if (kinds.GetValueOrDefault(name) is not PlaceholderKind.Link) html.Append(Safe(value(name)));
            else if (value(name) is { Length: > 0 } address) html.Append($"<a href=\"{WebUtility.HtmlEncode(house + address)}\">{(language == "de" ? "Ansehen" : "Open it")}</a>");
        }

        return html.Append(Safe(paragraph[from..])).ToString();
    }

    private static string Written(object? value, CultureInfo culture) => value switch
    {
        null => "",
        Money money => money.Amount.ToString("N" + money.Currency.Exponent, culture) + " " + money.Currency,
        DateOnly day => day.ToString(culture.Name == "de-DE" ? "d. MMMM yyyy" : "d MMMM yyyy", culture),
        DateTimeOffset at => at.ToString(culture.Name == "de-DE" ? "d. MMMM yyyy HH:mm" : "d MMMM yyyy HH:mm", culture) + " UTC",
        IFormattable figure => figure.ToString(null, culture),
        _ => value.ToString() ?? "",
    };
}
