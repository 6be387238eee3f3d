using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Keel.Kernel.Views;

/// Conditions as expressions that a list in memory and the database both understand. Values travel as parameters, so that the database
/// and EF plan a question once, whatever is asked for.
internal static class Condition
{
    public static Expression Above(Expression column, object? value) => Ranked(Expression.GreaterThan, nameof(IsAbove), column, value);
    public static Expression AtLeast(Expression column, object? value) => Ranked(Expression.GreaterThanOrEqual, nameof(IsAtLeast), column, value);
    public static Expression Below(Expression column, object? value) => Ranked(Expression.LessThan, nameof(IsBelow), column, value);
    public static Expression AtMost(Expression column, object? value) => Ranked(Expression.LessThanOrEqual, nameof(IsAtMost), column, value);
    public static Expression Same(Expression column, object? value) => Expression.Equal(column, Parameter(column.Type, value));

    public static Expression AnyOf(Expression column, IReadOnlyList<object> values)
    {
        if (values.Count == 1) return Same(column, values[0]);
        var list = Array.CreateInstance(column.Type, values.Count);
        for (var i = 0; i < values.Count; i++) list.SetValue(values[i], i);
        var several = Parameter(typeof(IEnumerable<>).MakeGenericType(column.Type), list);
        return Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [column.Type], several, column);
    }

    public static Expression IsEmpty(Expression column) =>
        column.Type.IsValueType && Nullable.GetUnderlyingType(column.Type) is null
            ? Expression.Constant(false)
            : Expression.Equal(column, Expression.Constant(null, column.Type));

    /// Text that begins with, or has in it, what somebody typed; capitals do not matter.
    public static Expression Like(Expression column, string text, bool anywhere, bool isDatabase)
    {
        if (isDatabase)
        {
            var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
            var pattern = Parameter(typeof(string), (anywhere ? "%" : "") + escaped + "%");
            var plain = column.Type == typeof(string) ? column : Expression.Convert(Expression.Convert(column, typeof(object)), typeof(string));
            return Expression.Call(typeof(NpgsqlDbFunctionsExtensions), nameof(NpgsqlDbFunctionsExtensions.ILike), [], Functions, plain, pattern);
        }

        Expression shown = column.Type == typeof(string) ? column : Expression.Call(column, nameof(ToString), []);
        if (!column.Type.IsValueType) shown = Expression.Coalesce(shown, Expression.Constant(""));
        return Expression.Call(
            shown, anywhere ? nameof(string.Contains) : nameof(string.StartsWith), [],
            Parameter(typeof(string), text), Expression.Constant(StringComparison.OrdinalIgnoreCase));
    }

    /// Rows beyond a row in an order of two columns that are never empty: one comparison of pairs, so that one index leads there.
    public static Expression PairBeyond(Expression first, object firstValue, Expression second, object secondValue, bool descending) =>
        Expression.Call(
            typeof(NpgsqlDbFunctionsExtensions),
            descending ? nameof(NpgsqlDbFunctionsExtensions.LessThan) : nameof(NpgsqlDbFunctionsExtensions.GreaterThan), [], Functions,
            Pair(first, second), Pair(Parameter(first.Type, firstValue), Parameter(second.Type, secondValue)));

    private static MemberExpression Functions => Expression.Property(null, typeof(EF), nameof(EF.Functions));

    private static Expression Pair(Expression a, Expression b) =>
        Expression.Convert(Expression.Call(typeof(ValueTuple), nameof(ValueTuple.Create), [a.Type, b.Type], a, b), typeof(ITuple));

    private static Expression Ranked(
        Func<Expression, Expression, bool, MethodInfo?, BinaryExpression> compare, string method, Expression column, object? value)
    {
        var type = Nullable.GetUnderlyingType(column.Type) ?? column.Type;
        var ranks = typeof(Condition).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        return compare(column, Parameter(column.Type, value), false, ranks);
    }

    private static Expression Parameter(Type type, object? value)
    {
        var box = Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value)!;
        return Expression.Property(Expression.Constant(box), nameof(Box<int>.Value));
    }

    private static bool IsAbove<T>(T a, T b) => Comparer<T>.Default.Compare(a, b) > 0;
    private static bool IsAtLeast<T>(T a, T b) => Comparer<T>.Default.Compare(a, b) >= 0;
    private static bool IsBelow<T>(T a, T b) => Comparer<T>.Default.Compare(a, b) < 0;
    private static bool IsAtMost<T>(T a, T b) => Comparer<T>.Default.Compare(a, b) <= 0;

    private sealed class Box<T>(T? value)
    {
        public T? Value => value;
    }
}
