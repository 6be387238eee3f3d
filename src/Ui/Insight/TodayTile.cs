using Keel.Kernel.Views;

namespace Keel.Ui;

/// A number on the day's page: how many rows of a list answer a question, what that means, and what to do about it. Who may not see the list
/// does not see the number. Where nothing answers, it stands quietly.
public sealed record TodayTile(string Title, Type View, string Question, string Href, StateRole Role, string Next)
{
    /// Stands in the row of steps that orders go through, instead of among the numbers.
    public bool IsStep { get; init; }

    /// How many there are, and where they are shown.
    public sealed record Seen(TodayTile Tile, Counted Count)
    {
        public string Href => Tile.Href + (Tile.Question.Length > 0 ? "?" + Tile.Question : "");
        public StateRole Role => Count.Rows > 0 ? Tile.Role : StateRole.Idle;
    }
}
