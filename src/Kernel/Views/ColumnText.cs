using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace Keel.Kernel.Views;

/// The values of columns as text in an address, and back. What it does not know cannot be filtered or sorted.
internal static class ColumnText
{
    private delegate bool Reader(string text, out object? value);

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private static readonly ConcurrentDictionary<Type, Reader?> Codes = new();

    public static bool Knows(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(short) || type == typeof(decimal) || type == typeof(DateOnly) || type == typeof(DateTimeOffset)
        || type == typeof(Quantity) || type == typeof(Money)
        || type == typeof(UnitPrice) || type == typeof(Currency) || type.IsEnum || IsId(type) || CodeReader(type) is not null;

    /// The type that a column is compared as: money by its smallest unit, a unit price by its millionths.
    public static Type Compared(Type type) => type == typeof(Money) || type == typeof(UnitPrice) ? typeof(long) : type;

    /// Reads what a person or an address wrote. Money is written in whole units, of the usual currency unless one is named: `100 JPY`.
    public static bool TryRead(Type type, string text, Currency usual, out object? value)
    {
        value = null;
        if (type == typeof(Money)) return TryMoney(text, usual, out value);
        if (type == typeof(UnitPrice)) return TryScaled(text, 1_000_000m, out value);
        if (type == typeof(Quantity))
        {
            if (!TryScaled(text, 1_000m, out value)) return false;
            value = new Quantity((long)value!);
            return true;
        }

        return TryKey(type, text, out value);
    }

    /// Reads what `Key` wrote: exact, and already in the type that is compared.
    public static bool TryKey(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string)) value = text;
        else if (type == typeof(Guid)) value = Guid.TryParse(text, out var guid) ? guid : null;
        else if (type == typeof(bool)) value = bool.TryParse(text, out var flag) ? flag : null;
        else if (type == typeof(int)) value = int.TryParse(text, NumberStyles.Integer, Plain, out var i) ? i : null;
        else if (type == typeof(long)) value = long.TryParse(text, NumberStyles.Integer, Plain, out var l) ? l : null;
        else if (type == typeof(short)) value = short.TryParse(text, NumberStyles.Integer, Plain, out var s) ? s : null;
        else if (type == typeof(decimal)) value = decimal.TryParse(text, NumberStyles.Number, Plain, out var d) ? d : null;
        else if (type == typeof(DateOnly)) value = DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;
        else if (type == typeof(DateTimeOffset)) value = TryInstant(text);
        else if (type == typeof(Quantity)) value = long.TryParse(text, CultureInfo.InvariantCulture, out var q) ? new Quantity(q) : null;
        else if (type == typeof(Currency)) value = Currency.TryOf(text.ToUpperInvariant(), out var currency) ? currency : null;
        else if (type.IsEnum) value = TryChoice(type, text);
        else if (IsId(type)) value = Guid.TryParse(text, out var id) ? Activator.CreateInstance(type, id) : null;
        else return CodeReader(type) is { } read && read(text, out value);
        return value is not null;
    }

    /// Writes a compared value so that `TryKey` reads the same again.
    public static string Key(object value) => value switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        Quantity quantity => quantity.Thousandths.ToString(CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// What to say to somebody whose value was not understood.
    public static string Wanted(Type type)
    {
        if (type == typeof(DateOnly)) return "a day such as 2026-11-20, or today";
        if (type == typeof(DateTimeOffset)) return "a day or an instant such as 2026-11-20T16:00Z";
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetNames(type));
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(string)) return "text";
        if (IsId(type) || type == typeof(Guid)) return "a key";
        return type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICode<>)) ? "a code" : "a number";
    }

    private static bool IsId(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>);

    private static bool TryScaled(string text, decimal scale, out object? value)
    {
        value = null;
        if (!decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) return false;
        if (Math.Abs(number) > long.MaxValue / scale) return false;
        value = (long)decimal.Truncate(number * scale);
        return true;
    }

    private static bool TryMoney(string text, Currency usual, out object? value)
    {
        var words = text.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        value = null;
        if (words.Length == 2 && !Currency.TryOf(words[1].ToUpperInvariant(), out usual)) return false;
        return words.Length > 0 && TryScaled(words[0], usual.Scale, out value);
    }

    private static object? TryInstant(string text) =>
        DateTimeOffset.TryParse(text, Plain, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;

    private static object? TryChoice(Type type, string text)
    {
        var plain = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var isName = plain.All(char.IsAsciiLetterOrDigit) && plain.Any(char.IsAsciiLetter);
        return isName && Enum.TryParse(type, plain, ignoreCase: true, out var choice)
            ? choice
            : null;
    }

    private static Reader? CodeReader(Type type) => Codes.GetOrAdd(type, static t =>
    {
        var isCode = t.IsValueType && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICode<>));
        if (!isCode) return null;
        var method = typeof(ColumnText).GetMethod(nameof(ReadCode), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(t);
        return method.CreateDelegate<Reader>();
    });

    private static bool ReadCode<T>(string text, out object? value) where T : struct, ICode<T>
    {
        var ok = Code.TryParse<T>(text, out var code);
        value = ok ? code : null;
        return ok;
    }
}
