namespace Keel.Messages.Contract;

/// What a placeholder stands for, and so how it is written in a language.
public enum PlaceholderKind
{
    Text,
    Amount,
    Day,

    /// An address within this house; in a mail it is whole, and a button where it stands alone.
    Link,
}

/// Something that a mail says of its record: `{{number}}`. One that is needed may not be left out of the words.
public sealed record Placeholder(string Name, PlaceholderKind Kind, string Says, string Example, bool IsNeeded = false);

/// The title and the body of a mail in one language; paragraphs are set apart by an empty line.
public sealed record MailWords(string Title, string Body);

/// A kind of mail, declared among a module's contents: what it is for, what it may say, and its words as delivered, in English and German.
public sealed record MailTemplate(string Name, string Title, string Says, IReadOnlyList<Placeholder> Placeholders, MailWords English, MailWords German)
{
    public static readonly string[] Languages = ["en", "de"];

    public MailWords AsDelivered(string language) => language == "de" ? German : English;

    /// The language of a reader: their own where it is one of ours; else by where they are.
    public static string LanguageOf(string? language, string? country) =>
        language is not null && Languages.Contains(language) ? language : language is null && country is "DE" or "AT" or "CH" or "LI" ? "de" : "en";
}

/// Gives what a mail of some kind says of a real record, so that its words can be looked at before they go out.
public interface IFillTemplate
{
    bool Fills(string template);

    /// What is asked for on the page: `An order's number`.
    string Asks { get; }

    /// The values for the record of this number; null where there is none.
    Task<IReadOnlyDictionary<string, object?>?> Of(string template, string number, CancellationToken ct);
}
