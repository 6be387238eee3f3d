namespace Keel.Kernel.Views;

/// A named, typed question with a permission: the read twin of an operation. It is plain SQL over what the module may read, its columns
/// named as the row's properties in snake_case; interpolated values become parameters. The runner puts filters, order and page
/// around it, so it carries no `order by` and no `limit`, and names the company: `where o.company_id = {db.Company}`.
public interface IView<TRow>
{
    FormattableString Rows();
}

/// A view that needs to be told what it is about: an order, a day, a node. The arguments come from the URL by their names.
public interface IView<TRow, in TArgs>
{
    FormattableString Rows(TArgs args);
}

/// A view that has to find something out before it can say its question, such as in whose place somebody stands. It keeps that in a desk of the
/// scope: the view itself is made anew for each question.
public interface IPrepare
{
    Task Prepare(CancellationToken ct);
}

/// The name of a view (`sales.orders`), who may see it, and how it is sorted unless somebody says otherwise (`-placed`).
[AttributeUsage(AttributeTargets.Class)]
public sealed class ViewAttribute(string name, string permission) : Attribute
{
    public string Name => name;
    public string Permission => permission;
    public string? Sort { get; init; }
}

/// A column, or a field of a request, that only those see who have a permission: absent from lists, files and answers for everybody else, and
/// neither filtered, sorted nor grouped by them, so that nothing is inferred.
[AttributeUsage(AttributeTargets.Property)]
public class GuardedAttribute(string permission) : Attribute
{
    public string Permission => permission;
}

/// What things cost us: absent everywhere for those who may not know.
[AttributeUsage(AttributeTargets.Property)]
public sealed class CostAttribute() : GuardedAttribute(Viewer.SeeCost);

/// A column that the search box looks into, by the beginning of its text.
[AttributeUsage(AttributeTargets.Property)]
public sealed class SearchAttribute : Attribute;

/// The title of a column where its name does not say it well: on the page, in its filters and groups, and in a file.
[AttributeUsage(AttributeTargets.Property)]
public sealed class TitleAttribute(string text) : Attribute
{
    public string Text => text;

    /// What people say of a row that has no value here: `nobody`.
    public string? Empty { get; init; }
}

/// A column whose codes people read as words: `stock-displaced` is Stock displaced.
[AttributeUsage(AttributeTargets.Property)]
public sealed class SpokenAttribute : Attribute
{
    /// Its texts are sentences already, said as they are.
    public bool Sentence { get; init; }
}

/// The words that a view refuses with.
public static class ViewErrors
{
    public static readonly Error Forbidden = new(
        "view.forbidden", "You may not see this list. Ask whoever manages the roles.", Refusal.Forbidden);

    public static readonly Error BadText = Error.Invalid("view.bad-text", "The address holds a zero character. Remove it.");

    public static readonly Error TooManyAtOnce = new(
        "view.too-many-at-once", "More than 10,000 rows match. Narrow the list, by a day or a state, and do it part by part.");

    /// The question has no index and too many rows.
    public static readonly Error TooSlow = new(
        "view.too-slow", $"This question reads too many rows to be answered within {ViewRunner.Patience.TotalSeconds:0} seconds, so it was given up. Add a filter that leaves fewer of them (a day, a state, a number), sort as the list is sorted by itself, or export it: an export takes the time that it needs.");

    public static Error NoColumn(string column, ViewInfo info) => Error.Invalid(
        "view.no-column", $"There is no column '{column}' in this list. It has {string.Join(", ", info.Columns.Select(c => c.Name))}.");

    public static Error NotFilterable(string column) => Error.Invalid(
        "view.not-filterable", $"The column '{column}' cannot be filtered or sorted. Remove it from the address.");

    public static Error NotGroupable(string column) => Error.Invalid(
        "view.not-groupable", $"Rows are not grouped by '{column}': its values are figures, or different in each row. Choose a word, a state or a day.");

    public static Error BadValue(ViewColumn column, string text) => Error.Invalid(
        "view.bad-value", $"'{text}' is not a value of '{column.Name}': {ColumnText.Wanted(column.Type)} is wanted.");

    public static Error BadOperator(string op) => Error.Invalid(
        "view.bad-operator", $"'{op}' is not a comparison. Known are eq, ne, gt, ge, lt, le, has, starts and is.");

    public static Error BadPage(string text) => Error.Invalid(
        "view.bad-page", $"'{text}' does not lead to a page of this list. Start again at its first page.");

    public static Error BadArgument(string name) => Error.Invalid(
        "view.bad-argument", $"This list needs '{name}' in its address, with a value of the right kind.");
}
