namespace Keel.Kernel.Views;

/// How a file speaks to people: the titles of its columns, and what stands in a cell instead of the plain value. Without one a file speaks to
/// programs.
public sealed record FileVoice(Func<ViewColumn, string> Title, Func<ViewColumn, object?, string?> Cell)
{
    /// What names the column with the currency of the amounts beside it.
    public required string Currency { get; init; }
}
