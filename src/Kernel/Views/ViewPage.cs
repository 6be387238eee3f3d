namespace Keel.Kernel.Views;

/// How many rows there are, counted no further than people care: "1000+".
public readonly record struct Counted(int Rows)
{
    public const int Most = 1_000;

    public bool IsMore => Rows > Most;

    public override string ToString() => IsMore ? Most.ToString("N0", Words.Culture) + "+" : Rows.ToString("N0", Words.Culture);
}

/// One page of a view, whatever its row type: what REST, the command line and other generic doors need.
public interface IViewPage
{
    ViewInfo Info { get; }
    ViewQuery Query { get; }
    Counted Count { get; }
    IReadOnlyList<object> Items { get; }
    PageKey? Next { get; }
    PageKey? Previous { get; }
}

/// One page of a view: its rows, the columns that this person sees, a cheap count, and the way on and back.
public sealed record ViewPage<TRow>(
    ViewInfo Info, ViewQuery Query, IReadOnlyList<TRow> Rows, Counted Count, PageKey? Next, PageKey? Previous) : IViewPage
{
    /// How many rows stand before this page.
    public int Before => Query.After?.Rank ?? Math.Max(0, (Query.Before?.Rank ?? 0) - Rows.Count);

    IReadOnlyList<object> IViewPage.Items => [.. Rows.Cast<object>()];
}

/// A row that matches a question, by its key and by what people call it: what an operation on all of them runs on.
public sealed record MatchingRow(string Key, string Name)
{
    /// On how many rows one operation may be run at once.
    public const int Most = 10_000;
}
