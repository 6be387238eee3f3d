namespace Keel.App.Access;

/// An answer with something that is said once and kept nowhere: a page shows it where it would otherwise go on.
internal interface ISaidOnce
{
    string Lead { get; }
    IReadOnlyList<string> Secrets { get; }
    string Hint { get; }

    /// Until when it can be used, where that ends.
    DateTimeOffset? Until => null;
}
