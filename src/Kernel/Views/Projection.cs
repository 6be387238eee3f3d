using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Query;

namespace Keel.Kernel.Views;

/// The rows of a view, opened up: conditions and orders are put below its last `Select`, where the database understands them, and the columns
/// that somebody may not see are left out of that `Select` before it becomes SQL.
internal sealed class Projection<TRow>
{
    private readonly IQueryProvider provider;
    private readonly ParameterExpression item;
    private readonly Dictionary<string, Expression> bindings;
    private readonly bool isOpen;
    private Expression source;

    public Projection(IQueryable<TRow> rows)
    {
        provider = rows.Provider;
        IsDatabase = provider is IAsyncQueryProvider;
        if (Open(rows.Expression) is { } open)
        {
            isOpen = true;
            source = open.Source;
            item = open.Item;
            bindings = open.Bindings;
            return;
        }

        source = rows.Expression;
        item = Expression.Parameter(typeof(TRow), "row");
        bindings = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(p => p.Name, p => (Expression)Expression.Property(item, p), StringComparer.Ordinal);
    }

    /// True where the rows come out of the database, false for a list in memory.
    public bool IsDatabase { get; }

    /// The column as it is compared, made from what the view projects: money by its smallest unit.
    public Expression Compared(ViewColumn column)
    {
        var value = Value(column);
        if (column.Type == typeof(Money)) return Part(value, nameof(Money.Minor));
        return column.Type == typeof(UnitPrice) ? Part(value, nameof(UnitPrice.Micros)) : value;
    }

    /// The column as it is projected.
    public Expression Value(ViewColumn column) =>
        bindings.TryGetValue(column.Property.Name, out var value) ? value : Expression.Default(column.Property.PropertyType);

    public void Where(Expression condition) => Apply(nameof(Queryable.Where), [item.Type], condition);

    public void OrderBy(Expression column, bool descending) =>
        Apply(descending ? nameof(Queryable.OrderByDescending) : nameof(Queryable.OrderBy), [item.Type, column.Type], column);

    public void ThenBy(Expression column, bool descending) =>
        Apply(descending ? nameof(Queryable.ThenByDescending) : nameof(Queryable.ThenBy), [item.Type, column.Type], column);

    /// The narrowed rows with these columns, and nothing else.
    public IQueryable<TRow> Rows(IEnumerable<ViewColumn> columns)
    {
        var wanted = columns.Select(c => c.Property).ToArray();
        var hides = wanted.Length < typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).Length;
        if (!isOpen && !hides) return provider.CreateQuery<TRow>(source);
        if (typeof(TRow).GetConstructor(Type.EmptyTypes) is not { } made)
            throw new InvariantBroken($"{typeof(TRow).FullName} needs init properties: a row with a positional constructor cannot leave out a column.");

        var assigned = wanted.Where(p => p.CanWrite && bindings.ContainsKey(p.Name)).Select(p => Expression.Bind(p, bindings[p.Name]));
        var select = Expression.Lambda(Expression.MemberInit(Expression.New(made), assigned), item);
        return provider.CreateQuery<TRow>(
            Expression.Call(typeof(Queryable), nameof(Queryable.Select), [item.Type, typeof(TRow)], source, Expression.Quote(select)));
    }

    private void Apply(string method, Type[] types, Expression body) =>
        source = Expression.Call(typeof(Queryable), method, types, source, Expression.Quote(Expression.Lambda(body, item)));

    private static (Expression Source, ParameterExpression Item, Dictionary<string, Expression> Bindings)? Open(Expression rows)
    {
        if (rows is not MethodCallExpression { Method.Name: nameof(Queryable.Select), Arguments: [var source, UnaryExpression { Operand: LambdaExpression select }] }) return null;
        if (select is not { Parameters: [var item], Body: MemberInitExpression { NewExpression.Arguments.Count: 0 } made }) return null;
        if (made.Bindings.Any(b => b is not MemberAssignment)) return null;
        return (source, item, made.Bindings.Cast<MemberAssignment>().ToDictionary(b => b.Member.Name, b => b.Expression, StringComparer.Ordinal));
    }

    /// One part of a value that the view puts together itself (`new Money(x, currency)` has the part x), or of a mapped one.
    private static Expression Part(Expression value, string part)
    {
        switch (value)
        {
            case UnaryExpression { NodeType: ExpressionType.Convert } convert:
                return Part(convert.Operand, part);
            case ConstantExpression { Value: null } or DefaultExpression:
                return Expression.Constant(null, typeof(long?));
            case ConditionalExpression choice:
                return Expression.Condition(choice.Test, Maybe(Part(choice.IfTrue, part)), Maybe(Part(choice.IfFalse, part)));
            case NewExpression { Constructor: { } made } made2:
                var at = Array.FindIndex(made.GetParameters(), p => string.Equals(p.Name, part, StringComparison.OrdinalIgnoreCase));
                return at >= 0 ? made2.Arguments[at] : Expression.Property(value, part);
        }

        if (Nullable.GetUnderlyingType(value.Type) is null) return Expression.Property(value, part);
        return Expression.Condition(
            Expression.Property(value, "HasValue"), Maybe(Expression.Property(Expression.Property(value, "Value"), part)), Expression.Constant(null, typeof(long?)));
    }

    private static Expression Maybe(Expression value) => value.Type == typeof(long?) ? value : Expression.Convert(value, typeof(long?));
}
