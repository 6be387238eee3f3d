namespace Keel.Messages.Contract;

/// When a notice goes out by mail.
public enum ByMail
{
    Never,
    AtOnce,

    /// Once a day, together with the others of the day.
    Daily,
}

/// A kind of notice, declared among a module's contents: its name, what it tells, and how it is told to those who did not say otherwise.
public sealed record NoticeKind(string Name, string Title, string Says, ByMail ByMail)
{
    /// Whether it stands behind the bell, unless somebody wishes otherwise.
    public bool InApp { get; init; } = true;
}
