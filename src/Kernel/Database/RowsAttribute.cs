namespace Keel.Kernel;

/// Says which table a record is a row of, and the columns of its key: the whole mapping that convention cannot guess.
/// Property names become snake_case columns. Money and unit prices take one column and share the row's currency:
/// a property `Cost` finds its currency in `CostCurrency`, else in `Currency`.
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class RowsAttribute(string table, params string[] key) : Attribute
{
    public string Table => table;
    public IReadOnlyList<string> Key => key;
}

/// A small record whose properties are columns of the row that holds it; with a prefix where the row holds several.
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class FlatAttribute : Attribute
{
    public bool Prefixed { get; init; }
}

/// A property that is stored as one jsonb document.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class JsonAttribute : Attribute;

/// A property that is computed and has no column.
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAColumnAttribute : Attribute;
