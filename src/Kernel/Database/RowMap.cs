using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using NpgsqlTypes;

namespace Keel.Kernel;

/// One column of a row type: its name, its type, and how a whole set of rows gives an array of it.
public sealed class RowColumn<T>
{
    internal RowColumn(string name, string property, Scalar scalar, Func<IReadOnlyList<T>, Array> values) =>
        (Name, Property, Scalar, Values) = (name, property, scalar, values);

    public string Name { get; }
    public string Property { get; }
    public string SqlType => Scalar.IsJson ? "jsonb" : Scalar.Sql;
    internal Scalar Scalar { get; }
    internal Func<IReadOnlyList<T>, Array> Values { get; }
    internal NpgsqlDbType ArrayType => NpgsqlDbType.Array | Scalar.Type;
}

/// How a record and its columns become each other: found by reflection once, compiled, then free.
public sealed class RowMap<T>
{
    private static readonly ParameterExpression Reader = Expression.Parameter(typeof(DbDataReader), "reader");
    private static readonly ParameterExpression Ordinals = Expression.Parameter(typeof(int[]), "ordinals");

    private readonly List<RowColumn<T>> columns = [];
    private readonly Func<DbDataReader, int[], T> read;

    private RowMap()
    {
        var rows = typeof(T).GetCustomAttribute<RowsAttribute>();
        Table = rows?.Table;
        Key = rows?.Key ?? [];

        var scalar = Scalar.Of(typeof(T));
        var body = scalar is null
            ? Build(typeof(T), "", "", row => row)
            : scalar.Read(Reader, Expression.Constant(0));
        IsScalar = scalar is not null;
        read = Expression.Lambda<Func<DbDataReader, int[], T>>(body, Reader, Ordinals).Compile();
    }

    /// The map of a row type; made once in the life of the process.
    public static RowMap<T> Instance { get; } = new();

    public string? Table { get; }
    public IReadOnlyList<string> Key { get; }
    public bool IsScalar { get; }
    public IReadOnlyList<RowColumn<T>> Columns => columns;
    public string Names => string.Join(", ", columns.Select(c => c.Name));

    internal T Read(DbDataReader reader, int[] ordinals) => read(reader, ordinals);

    /// Where each column of the map stands in a result; -1 where the result lacks it.
    internal int[] Find(DbDataReader reader)
    {
        if (IsScalar) return [0];
        var ordinals = new int[columns.Count];
        Array.Fill(ordinals, -1);
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var name = reader.GetName(i);
            var at = columns.FindIndex(c => c.Name == name);
            if (at >= 0) ordinals[at] = i;
        }

        return ordinals;
    }

    private Expression Build(Type type, string prefix, string path, Func<Expression, Expression> get)
    {
        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(c => c.GetParameters().All(p => p.ParameterType != type))
            .MaxBy(c => c.GetParameters().Length);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<NotAColumnAttribute>() is null)
            .ToArray();
        var given = constructor?.GetParameters() ?? [];

        var arguments = given
            .Select(parameter => Member(properties.Single(p => p.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)), parameter))
            .ToArray();
        var bindings = properties
            .Where(p => p.CanWrite && !given.Any(g => p.Name.Equals(g.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(p => (MemberBinding)Expression.Bind(p, Member(p, null)))
            .ToArray();

        var made = constructor is null || given.Length == 0 ? Expression.New(type) : Expression.New(constructor, arguments);
        return bindings.Length == 0 ? made : Expression.MemberInit(made, bindings);

        Expression Member(PropertyInfo property, ParameterInfo? parameter)
        {
            var name = prefix + Snake.Of(property.Name);
            Expression Get(Expression row) => Expression.Property(get(row), property);

            if (property.GetCustomAttribute<JsonAttribute>() is not null || parameter?.GetCustomAttribute<JsonAttribute>() is not null)
            {
                return Column(name, path + property.Name, Scalar.Json(property.PropertyType), Get);
            }

            if (Scalar.Of(property.PropertyType) is { } scalar) return Column(name, path + property.Name, scalar, Get);
            if (IsMoney(property.PropertyType)) return MoneyColumn(property, properties, prefix, path, name, Get);
            if (property.PropertyType.GetCustomAttribute<FlatAttribute>() is { } flat)
            {
                return Flat(property, flat.Prefixed ? name + "_" : prefix, path + property.Name + ".", Get);
            }

            throw new InvariantBroken($"{type.Name}.{property.Name} of type {property.PropertyType.Name} is no column: mark it [Json] or [NotAColumn].");
        }
    }

    private static bool IsMoney(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var t && (t == typeof(Money) || t == typeof(UnitPrice));

    private Expression Flat(PropertyInfo property, string prefix, string path, Func<Expression, Expression> get)
    {
        var first = columns.Count;
        if (property.PropertyType.IsValueType) return Build(property.PropertyType, prefix, path, get);

        var made = Build(property.PropertyType, prefix, path, get);
        var ordinal = Expression.ArrayIndex(Ordinals, Expression.Constant(first));
        return Expression.Condition(
            Expression.OrElse(
                Expression.LessThan(ordinal, Expression.Constant(0)),
                Expression.Call(Reader, nameof(DbDataReader.IsDBNull), null, ordinal)),
            Expression.Constant(null, property.PropertyType),
            made);
    }

    private Expression Column(string name, string property, Scalar scalar, Func<Expression, Expression> get)
    {
        var ordinal = Expression.ArrayIndex(Ordinals, Expression.Constant(columns.Count));
        columns.Add(new RowColumn<T>(name, property, scalar, Values(scalar.Stored, row => scalar.ToStored(get(row)), get)));
        return scalar.Read(Reader, ordinal);
    }

    /// Money is one column; its currency is read from the row's own currency column and checked against it when written.
    private Expression MoneyColumn(PropertyInfo property, PropertyInfo[] siblings, string prefix, string path, string name, Func<Expression, Expression> get)
    {
        var currency = siblings.FirstOrDefault(p => p.Name == property.Name + "Currency") ?? siblings.FirstOrDefault(p => p.Name == "Currency")
            ?? throw new InvariantBroken($"{typeof(T).Name}.{property.Name} is money in a row without a currency.");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var amount = type == typeof(Money) ? nameof(Money.Minor) : nameof(UnitPrice.Micros);
        var scalar = Scalar.Of(property.PropertyType == type ? typeof(long) : typeof(long?))!;
        var ordinal = Expression.ArrayIndex(Ordinals, Expression.Constant(columns.Count));

        Expression Stored(Expression row) => property.PropertyType == type
            ? Expression.Property(get(row), amount)
            : Expression.Condition(
                Expression.Property(get(row), "HasValue"),
                Expression.Convert(Expression.Property(Expression.Property(get(row), "Value"), amount), typeof(long?)),
                Expression.Default(typeof(long?)));

        columns.Add(new RowColumn<T>(name, path + property.Name, scalar, Values(scalar.Stored, Stored, get)));

        var find = Expression.Call(typeof(RowMap<T>), nameof(CurrencyAt), null, Reader, Expression.Constant(prefix + Snake.Of(currency.Name)));
        var made = Expression.New(type.GetConstructor([typeof(long), typeof(Currency)])!, Scalar.Of(typeof(long))!.Read(Reader, ordinal), find);
        if (property.PropertyType == type) return made;
        return Expression.Condition(
            Expression.OrElse(
                Expression.LessThan(ordinal, Expression.Constant(0)),
                Expression.Call(Reader, nameof(DbDataReader.IsDBNull), null, ordinal)),
            Expression.Default(property.PropertyType),
            Expression.Convert(made, property.PropertyType));
    }

    internal static Currency CurrencyAt(DbDataReader reader, string name)
    {
        var ordinal = reader.GetOrdinal(name);
        return reader.IsDBNull(ordinal) ? default : Scalar.CurrencyFrom(reader.GetFieldValue<string>(ordinal));
    }

    private static Func<IReadOnlyList<T>, Array> Values(Type stored, Func<Expression, Expression> value, Func<Expression, Expression> get)
    {
        var row = Expression.Parameter(typeof(T), "row");
        Expression body = value(row);
        var holder = get(row) is MemberExpression { Expression: MemberExpression inner } && !inner.Type.IsValueType ? inner : null;
        var type = stored;
        if (holder is not null)
        {
            // A row may lack the small record as a whole: then its columns are null.
            type = stored.IsValueType && Nullable.GetUnderlyingType(stored) is null ? typeof(Nullable<>).MakeGenericType(stored) : stored;
            body = Expression.Condition(
                Expression.Equal(holder, Expression.Constant(null, holder.Type)),
                Expression.Default(type),
                Expression.Convert(body, type));
        }

        var one = Expression.Lambda(body, row).Compile();
        return (Func<IReadOnlyList<T>, Array>)typeof(RowMap<T>).GetMethod(nameof(ArrayOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [one])!;
    }

    private static Func<IReadOnlyList<T>, Array> ArrayOf<TStored>(Func<T, TStored> one) => rows =>
    {
        var values = new TStored[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = one(rows[i]);
        return values;
    };
}
