namespace Keel.Kernel;

/// An answer with something that is said once and kept nowhere: a page shows it where it would otherwise go on.
public interface ISaidOnce
{
    string Lead { get; }
    IReadOnlyList<string> Secrets { get; }
    string Hint { get; }

    /// Until when it can be used, where that ends.
    DateTimeOffset? Until => null;
}
