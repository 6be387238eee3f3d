using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Keel.Kernel;

/// SQL with its parameters. Interpolated values become $1, $2 …, never text; an interpolated `FormattableString` or `SqlText` is
/// put in its place with its own values. A sequence becomes an array: `where sku = any({skus})`.
public sealed class SqlText
{
    private static readonly ConcurrentDictionary<(string, int), string> Rewritten = new();
    private readonly StringBuilder text = new();
    private readonly List<NpgsqlParameter> parameters = [];

    public SqlText() { }

    public SqlText(FormattableString sql) => Append(sql);

    public string Text => text.ToString();
    public override string ToString() => Text;
    internal IReadOnlyList<NpgsqlParameter> Parameters => parameters;

    internal void Add(NpgsqlParameter parameter) => parameters.Add(parameter);

    public SqlText Append(FormattableString sql)
    {
        if (!sql.GetArguments().Any(a => a is FormattableString or SqlText or Verbatim))
        {
            var offset = parameters.Count;
            text.Append(Rewritten.GetOrAdd((sql.Format, offset), static key => Number(key.Item1, key.Item2)));
            foreach (var argument in sql.GetArguments()) parameters.Add(Parameter(argument));
            return this;
        }

        foreach (var (literal, index) in Pieces(sql.Format))
        {
            text.Append(literal);
            if (index < 0) continue;
            switch (sql.GetArgument(index))
            {
                case FormattableString nested: Append(nested); break;
                case SqlText nested: Append(nested); break;
                case Verbatim verbatim: text.Append(verbatim.Sql); break;
                case var value:
                    parameters.Add(Parameter(value));
                    text.Append('$').Append(parameters.Count);
                    break;
            }
        }

        return this;
    }

    /// Puts another text with its values behind this one.
    public SqlText Append(SqlText other)
    {
        var shift = parameters.Count;
        var from = other.text.ToString();
        for (var i = 0; i < from.Length; i++)
        {
            text.Append(from[i]);
            if (from[i] != '$' || i + 1 == from.Length || !char.IsAsciiDigit(from[i + 1])) continue;
            var end = i + 1;
            while (end < from.Length && char.IsAsciiDigit(from[end])) end++;
            text.Append(int.Parse(from.AsSpan(i + 1, end - i - 1), System.Globalization.CultureInfo.InvariantCulture) + shift);
            i = end - 1;
        }

        parameters.AddRange(other.parameters.Select(p => p.Clone()));
        return this;
    }

    /// Words of the program itself, such as a column name out of a map; never anything that a person typed.
    public SqlText Words(string sql)
    {
        text.Append(sql);
        return this;
    }

    /// Words of the program itself inside an interpolated text.
    public sealed record Verbatim(string Sql);

    internal static NpgsqlParameter Parameter(object? value)
    {
        if (value is null) return new NpgsqlParameter { Value = DBNull.Value };
        if (value is NpgsqlParameter given) return given;
        if (value is IEnumerable sequence and not string and not byte[]) return ArrayParameter(sequence);
        var (stored, type) = Stored(value);
        return new NpgsqlParameter { Value = stored, NpgsqlDbType = type };
    }

    private static (object Value, NpgsqlDbType Type) Stored(object value) => value switch
    {
        string text => (text, NpgsqlDbType.Text),
        Guid id => (id, NpgsqlDbType.Uuid),
        long number => (number, NpgsqlDbType.Bigint),
        int number => (number, NpgsqlDbType.Integer),
        short number => (number, NpgsqlDbType.Smallint),
        bool yes => (yes, NpgsqlDbType.Boolean),
        decimal number => (number, NpgsqlDbType.Numeric),
        double number => (number, NpgsqlDbType.Double),
        DateTimeOffset instant => (instant.UtcDateTime, NpgsqlDbType.TimestampTz),
        DateOnly day => (day, NpgsqlDbType.Date),
        Quantity quantity => (quantity.Thousandths, NpgsqlDbType.Bigint),
        Money money => (money.Minor, NpgsqlDbType.Bigint),
        UnitPrice price => (price.Micros, NpgsqlDbType.Bigint),
        Currency currency => (currency.Code, NpgsqlDbType.Text),
        Enum choice => (choice.ToString(), NpgsqlDbType.Text),
        byte[] bytes => (bytes, NpgsqlDbType.Bytea),
        IId id => (id.Value, NpgsqlDbType.Uuid),
        ICode code => (code.Text, NpgsqlDbType.Text),
        _ => throw new InvariantBroken($"{value.GetType().Name} is no SQL parameter."),
    };

    private static NpgsqlParameter ArrayParameter(IEnumerable sequence)
    {
        switch (sequence)
        {
            case string[] texts: return new NpgsqlParameter { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
            case Guid[] ids: return new NpgsqlParameter { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
            case long[] numbers: return new NpgsqlParameter { Value = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
            case int[] numbers: return new NpgsqlParameter { Value = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };
            case long?[] numbers: return new NpgsqlParameter { Value = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
            case DateOnly?[] days: return new NpgsqlParameter { Value = days, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date };
            case IEnumerable<Sku> skus: return Texts(skus.Select(s => s.Text));
            case IEnumerable<NodeCode> nodes: return Texts(nodes.Select(s => s.Text));
            case IEnumerable<LotCode> lots: return Texts(lots.Select(s => s.Text));
            case IEnumerable<LocationCode> locations: return Texts(locations.Select(s => s.Text));
            case IEnumerable<string> texts: return Texts(texts);
            case IEnumerable<Guid> ids: return new NpgsqlParameter { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
        }

        var items = sequence.Cast<object>().Select(Stored).ToArray();
        if (items.Length == 0)
        {
            var element = sequence.GetType().GetInterfaces().Append(sequence.GetType())
                .First(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).GetGenericArguments()[0];
            var scalar = Scalar.Of(element) ?? throw new InvariantBroken($"{element.Name} is no SQL parameter.");
            return new NpgsqlParameter { Value = Array.CreateInstance(scalar.Stored, 0), NpgsqlDbType = NpgsqlDbType.Array | scalar.Type };
        }

        var array = Array.CreateInstance(items[0].Value.GetType(), items.Length);
        for (var i = 0; i < items.Length; i++) array.SetValue(items[i].Value, i);
        return new NpgsqlParameter { Value = array, NpgsqlDbType = NpgsqlDbType.Array | items[0].Type };
    }

    private static NpgsqlParameter Texts(IEnumerable<string> texts) =>
        new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static string Number(string format, int offset)
    {
        var result = new StringBuilder();
        foreach (var (literal, index) in Pieces(format))
        {
            result.Append(literal);
            if (index >= 0) result.Append('$').Append(index + 1 + offset);
        }

        return result.ToString();
    }

    private static IEnumerable<(string Literal, int Index)> Pieces(string format)
    {
        var literal = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c) { literal.Append(c); i++; continue; }
            if (c != '{') { literal.Append(c); continue; }
            var end = format.IndexOf('}', i);
            yield return (literal.ToString(), int.Parse(format.AsSpan(i + 1, end - i - 1)));
            literal.Clear();
            i = end;
        }

        yield return (literal.ToString(), -1);
    }
}
