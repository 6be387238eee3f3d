using System.Linq.Expressions;
using Keel.Kernel.Views;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Keel.Ui;

/// A column that shows one property of the row. How it stands and reads follows from the type: figures right-aligned, money with its
/// currency, a state enum as glyph, word and colour, times in the reader's zone.
public sealed class Column<Row, Value> : ComponentBase, IListColumn<Row>
{
    private Func<Row, Value>? read;
    private string? member;
    private ColumnKind kind;

    private ViewColumn? Known => member is null ? null : Columns.Known?.Invoke(member);

    [Inject] private Viewer Viewer { get; set; } = null!;

    [CascadingParameter] private ColumnSet<Row> Columns { get; set; } = null!;

    [Parameter, EditorRequired] public Expression<Func<Row, Value>> Of { get; set; } = null!;
    [Parameter] public string? Heading { get; set; }

    /// Opens the record; the first column of a list has one.
    [Parameter] public Func<Row, string>? Link { get; set; }

    /// Draws the cell instead of the usual.
    [Parameter] public RenderFragment<Row>? ChildContent { get; set; }

    /// A quieter word behind the value: a town behind a name.
    [Parameter] public Func<Row, string?>? Beside { get; set; }

    /// The one column that takes what is left of the width and clips.
    [Parameter] public bool Fill { get; set; }
    [Parameter] public bool Strong { get; set; }
    [Parameter] public bool Quiet { get; set; }

    /// A time until when something must be done: told twice, red once it is past.
    [Parameter] public bool Deadline { get; set; }

    /// While this holds for a row, where it does not hold for all: what is done is not late any more.
    [Parameter] public Func<Row, bool>? While { get; set; }

    /// Gains and losses: the colour repeats the sign.
    [Parameter] public bool Signed { get; set; }

    [Parameter] public string? Unit { get; set; }

    /// Says the value otherwise than its type would: a month by its name.
    [Parameter] public Func<Row, string>? Text { get; set; }

    public string? Member => member;
    public string Title => Words.Of(Heading ?? Known?.Title ?? ViewInfo.Spoken(member ?? ""));
    public bool IsQuietTitle => false;
    public bool IsFigure => kind is ColumnKind.Number or ColumnKind.Money;

    public string Class => string.Join(' ', new[]
    {
        IsFigure ? "n" : kind is ColumnKind.Text && !Fill ? "k-text" : Fill ? "k-clip k-fill" : "k-code",
        Quiet ? "k-2" : "", Strong ? "k-strong" : "",
    }.Where(c => c.Length > 0));

    protected override void OnInitialized()
    {
        read = Of.Compile();
        var body = Of.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : Of.Body;
        member = body is MemberExpression { Expression: ParameterExpression } shown ? shown.Member.Name : null;
        var type = Nullable.GetUnderlyingType(typeof(Value)) ?? typeof(Value);
        kind = KindOf(type);
        Columns.Add(this);
    }

    public string? HeaderUnit(IReadOnlyList<Row> rows)
    {
        if (Unit is not null) return Unit;
        if (kind is not ColumnKind.Money) return null;
        var currencies = rows.Select(r => CurrencyOf(read!(r))).OfType<Currency>().Distinct().Take(2).ToArray();
        return currencies.Length == 1 ? Figures.Symbol(currencies[0]) : null;
    }

    public void Draw(RenderTreeBuilder b, Row row, Told told, bool unitInHeader)
    {
        if (ChildContent is not null)
        {
            b.AddContent(0, ChildContent(row));
            return;
        }

        var value = read!(row);
        if (Link?.Invoke(row) is { } href && Viewer.Opens(href))
        {
            b.OpenElement(1, "a");
            b.AddAttribute(2, "class", "k-code k-strong");
            b.AddAttribute(3, "href", Columns.Trail is { } trail ? trail(row, href) : href);
            b.AddContent(4, Text?.Invoke(row) ?? CellText.Plain(value, told, unitInHeader));
            b.CloseElement();
        }
        else if (Text is not null)
        {
            b.AddContent(9, Text(row));
        }
        else if (value is string text && Known is { IsSpoken: true } or { IsSentence: true })
        {
            b.AddContent(5, CellText.Said(text, Known.IsSentence));
        }
        else
        {
            CellText.Draw(b, value, told, unitInHeader, Deadline && While?.Invoke(row) != false, Signed);
        }

        if (Beside?.Invoke(row) is { Length: > 0 } beside)
        {
            b.AddContent(5, " ");
            b.OpenElement(6, "span");
            b.AddAttribute(7, "class", "k-3");
            b.AddContent(8, Words.Of(beside));
            b.CloseElement();
        }
    }

    private static Currency? CurrencyOf(Value value) => value switch
    {
        Money money => money.Currency,
        UnitPrice price => price.Currency,
        _ => null,
    };

    private static ColumnKind KindOf(Type type)
    {
        if (type == typeof(Money) || type == typeof(UnitPrice)) return ColumnKind.Money;
        if (type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(decimal) || type == typeof(Quantity))
            return ColumnKind.Number;
        if (type == typeof(string)) return ColumnKind.Text;
        return type.IsEnum ? ColumnKind.Choice : ColumnKind.Code;
    }
}

/// A column that is more than a property: the page draws it.
public sealed class Cell<Row> : ComponentBase, IListColumn<Row>
{
    [CascadingParameter] private ColumnSet<Row> Columns { get; set; } = null!;
    [Parameter, EditorRequired] public string Heading { get; set; } = "";
    [Parameter, EditorRequired] public RenderFragment<Row> ChildContent { get; set; } = null!;

    /// The title is for those who listen only.
    [Parameter] public bool Hushed { get; set; }
    [Parameter] public bool Right { get; set; }
    [Parameter] public bool Fill { get; set; }

    public string? Member => null;
    public string Title => Words.Of(Heading);
    public bool IsQuietTitle => Hushed;
    public bool IsFigure => Right;
    public string Class => Right ? "n" : Fill ? "k-fill" : "k-code";

    protected override void OnInitialized() => Columns.Add(this);

    public string? HeaderUnit(IReadOnlyList<Row> rows) => null;

    public void Draw(RenderTreeBuilder b, Row row, Told told, bool unitInHeader) => b.AddContent(0, ChildContent(row));
}
