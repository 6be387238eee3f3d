using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using NpgsqlTypes;

namespace Keel.Kernel;

/// How one kind of value travels to a column and back.
internal sealed record Scalar(Type Clr, Type Stored, NpgsqlDbType Type, string Sql)
{
    private static readonly ConcurrentDictionary<Type, Scalar?> Known = new();

    /// The value as it is stored; null for null.
    public required Func<Expression, Expression> ToStored { get; init; }
    public required Func<Expression, Expression> FromStored { get; init; }
    public bool IsJson { get; init; }

    /// The scalar of a type, or null where the type is not one column.
    public static Scalar? Of(Type type) => Known.GetOrAdd(type, Find);

    public static Scalar Json(Type type) => new(type, typeof(string), NpgsqlDbType.Text, "text")
    {
        IsJson = true,
        ToStored = e => Expression.Call(typeof(Scalar), nameof(Write), [type], e),
        FromStored = e => Expression.Call(typeof(Scalar), nameof(Read), [type], e),
    };

    private static Scalar? Find(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner) is { } scalar ? Optional(type, scalar) : null;
        if (Plain(type) is { } plain) return plain;
        if (type.IsEnum) return Wrapped(type, typeof(string), NpgsqlDbType.Text, "text", nameof(EnumText), nameof(EnumFrom));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
        {
            return new Scalar(type, typeof(Guid), NpgsqlDbType.Uuid, "uuid")
            {
                ToStored = e => Expression.Property(e, "Value"),
                FromStored = e => Expression.New(type.GetConstructor([typeof(Guid)])!, e),
            };
        }

        if (type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICode<>)))
        {
            return new Scalar(type, typeof(string), NpgsqlDbType.Text, "text")
            {
                ToStored = e => Expression.Property(e, "Text"),
                FromStored = e => Expression.Call(type.GetMethod("From", BindingFlags.Public | BindingFlags.Static)!, e),
            };
        }

        return null;
    }

    private static Scalar? Plain(Type type)
    {
        if (type == typeof(Quantity))
        {
            return new Scalar(type, typeof(long), NpgsqlDbType.Bigint, "bigint")
            {
                ToStored = e => Expression.Property(e, nameof(Quantity.Thousandths)),
                FromStored = e => Expression.New(typeof(Quantity).GetConstructor([typeof(long)])!, e),
            };
        }

        if (type == typeof(Currency)) return Wrapped(type, typeof(string), NpgsqlDbType.Text, "text", nameof(CurrencyText), nameof(CurrencyFrom));
        if (type == typeof(DateTimeOffset))
        {
            return new Scalar(type, typeof(DateTime), NpgsqlDbType.TimestampTz, "timestamptz")
            {
                ToStored = e => Expression.Property(e, nameof(DateTimeOffset.UtcDateTime)),
                FromStored = e => Expression.New(typeof(DateTimeOffset).GetConstructor([typeof(DateTime)])!, e),
            };
        }

        return type switch
        {
            _ when type == typeof(string) => Same(type, NpgsqlDbType.Text, "text"),
            _ when type == typeof(Guid) => Same(type, NpgsqlDbType.Uuid, "uuid"),
            _ when type == typeof(long) => Same(type, NpgsqlDbType.Bigint, "bigint"),
            _ when type == typeof(int) => Same(type, NpgsqlDbType.Integer, "integer"),
            _ when type == typeof(short) => Same(type, NpgsqlDbType.Smallint, "smallint"),
            _ when type == typeof(bool) => Same(type, NpgsqlDbType.Boolean, "boolean"),
            _ when type == typeof(decimal) => Same(type, NpgsqlDbType.Numeric, "numeric"),
            _ when type == typeof(double) => Same(type, NpgsqlDbType.Double, "double precision"),
            _ when type == typeof(DateOnly) => Same(type, NpgsqlDbType.Date, "date"),
            _ when type == typeof(byte[]) => Same(type, NpgsqlDbType.Bytea, "bytea"),
            _ => null,
        };
    }

    private static Scalar Same(Type type, NpgsqlDbType db, string sql) => new(type, type, db, sql) { ToStored = e => e, FromStored = e => e };

    private static Scalar Wrapped(Type type, Type stored, NpgsqlDbType db, string sql, string to, string from) => new(type, stored, db, sql)
    {
        ToStored = e => Expression.Call(typeof(Scalar), to, type.IsEnum ? [type] : [], e),
        FromStored = e => Expression.Call(typeof(Scalar), from, type.IsEnum ? [type] : [], e),
    };

    private static Scalar Optional(Type type, Scalar inner)
    {
        var stored = inner.Stored.IsValueType ? typeof(Nullable<>).MakeGenericType(inner.Stored) : inner.Stored;
        return inner with
        {
            Clr = type,
            Stored = stored,
            ToStored = e => Expression.Condition(
                Expression.Property(e, "HasValue"),
                Expression.Convert(inner.ToStored(Expression.Property(e, "Value")), stored),
                Expression.Default(stored)),
            FromStored = e => Expression.Convert(inner.FromStored(e), type),
        };
    }

    /// Reads one column of a reader; null where the database says null.
    public Expression Read(Expression reader, Expression ordinal)
    {
        var type = Nullable.GetUnderlyingType(Stored) ?? Stored;
        var value = Expression.Call(reader, typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetFieldValue))!.MakeGenericMethod(type), ordinal);
        return Expression.Condition(
            Expression.OrElse(
                Expression.LessThan(ordinal, Expression.Constant(0)),
                Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, ordinal)),
            Expression.Default(Clr),
            FromStored(value));
    }

    internal static string EnumText<T>(T value) where T : struct, Enum => Enums<T>.Texts.TryGetValue(value, out var text) ? text : value.ToString();
    internal static T EnumFrom<T>(string text) where T : struct, Enum => Enums<T>.Values[text];
    internal static string CurrencyText(Currency currency) => currency.Code;
    internal static Currency CurrencyFrom(string code) => Currency.TryOf(code, out var currency) ? currency : default;
    internal static string? Write<T>(T value) => value is null ? null : JsonSerializer.Serialize(value, KeelJson.Options);
    internal static T? Read<T>(string text) => JsonSerializer.Deserialize<T>(text, KeelJson.Options);

    private static class Enums<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => v.ToString());
        public static readonly FrozenDictionary<string, T> Values = Enum.GetValues<T>().ToFrozenDictionary(v => v.ToString(), v => v);
    }
}
