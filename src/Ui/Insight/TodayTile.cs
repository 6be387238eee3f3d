using Keel.Kernel.Views;

namespace Keel.Ui;

/// A number on the day's page: how many rows of a list answer a question, what that means, and what to do about it. Who may not see the list
/// does not see the number. Where nothing answers, it stands quietly.
public sealed record TodayTile(string Title, Type View, string Question, string Href, StateRole Role, string Next)
{
    /// Stands in the row of steps that orders go through, instead of among the numbers.
    public bool IsStep { get; init; }

    /// The permission of the work that it leads to: who may not do that is not offered it.
    public string Needs { get; init; } = "";

    /// Whether it is something for whoever looks: its page opens, and its work is theirs.
    public bool IsFor(Viewer viewer) => viewer.May(Needs) && viewer.Opens(Href);

    /// How many there are, and where they are shown.
    public sealed record Seen(TodayTile Tile, Counted Count)
    {
        public string Href => Tile.Href + (Tile.Question.Length > 0 ? "?" + Tile.Question : "");
        public StateRole Role => Count.Rows > 0 ? Tile.Role : StateRole.Idle;
    }
}
