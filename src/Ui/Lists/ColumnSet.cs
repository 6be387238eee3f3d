using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Keel.Ui;

/// The columns that a list was given as its children.
public sealed class ColumnSet<Row>
{
    private readonly List<IListColumn<Row>> columns = [];

    internal IReadOnlyList<IListColumn<Row>> All => columns;

    /// What the view calls a column; nothing for rows at hand.
    internal Func<string, ViewColumn?>? Known { get; set; }

    /// Where a row's link leads, with the place in the list that it leads away from.
    internal Func<Row, string, string>? Trail { get; set; }

    internal void Add(IListColumn<Row> column)
    {
        if (!columns.Contains(column)) columns.Add(column);
    }
}

/// A column as the table draws it.
public interface IListColumn<Row>
{
    /// The property that it shows, where it shows one.
    string? Member { get; }
    string Title { get; }
    string Class { get; }
    bool IsQuietTitle { get; }

    /// Figures stand at the right, one under the other.
    bool IsFigure { get; }

    /// The unit or currency that stands in the header for all rows of the page.
    string? HeaderUnit(IReadOnlyList<Row> rows);

    void Draw(RenderTreeBuilder b, Row row, Told told, bool unitInHeader);
}

/// A saved question as a tab above a list: its name and its address part, such as `f.status=Late`.
public sealed record ListTab(string Title, string Question)
{
    /// Colours the count: late, waiting.
    public StateRole? Role { get; init; }

    /// Only mine: drawn with a person.
    public bool IsMine { get; init; }

    /// Counting costs a query; leave it out where nobody acts on the number.
    public bool Counts { get; init; } = true;
}

/// Renders its content after everything before it, so that a list knows its columns when it draws its head.
public sealed class Deferred : ComponentBase
{
    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
