using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// How a field of a request is asked for.
public enum FieldKind
{
    Text,
    LongText,
    Number,
    Quantity,
    Money,
    UnitPrice,
    Day,
    Instant,
    Flag,
    Choice,
    Code,

    /// A small record inside the request, such as an address: its fields stand among the others.
    Part,

    /// A list of small records: a table with a row for each.
    Lines,

    /// A list of keys or codes: one per line.
    Several,

    /// A value whose shape another field of the request tells.
    Shaped,
}

/// One field of an operation's request, as a form shows it.
public sealed record FormField(string Path, string Label, Type Type, FieldKind Kind, bool IsRequired)
{
    /// The hidden fields of every form, and the name of the rows selected in a list.
    public const string IdempotencyKey = "__key";
    public const string ReturnTo = "__return";

    /// The day from which on a change shall hold, where that is a later one.
    public const string From = "__from";

    /// Sent where a form only asks what it would do: run, say it, and undo.
    public const string Try = "__try";
    public const string SelectionName = "__select";
    public const string Selected = "ids";

    /// Where all rows of a list are meant that match: the address of the question, and the name of the list.
    public const string AllMatching = "__all";
    public const string ListName = "__list";

    public int MaxLength { get; init; } = 400;

    /// How many items a list takes at most.
    public int Most { get; init; } = 5_000;
    public string? Hint { get; init; }

    /// A password: never shown, and taken as it was typed.
    public bool IsSecret { get; init; }

    /// A quantity of goods that may be entered in a unit or packaging: `3 case`. The field `unit` beside it is not asked for by itself.
    public bool TakesUnit { get; init; }

    /// The unit that a quantity beside it is entered in.
    public bool IsUnit { get; init; }

    /// Rows of a file that say the same here are one item.
    public bool IsWhole { get; init; }

    /// The columns of a `Lines` field, the fields of a `Part`.
    public IReadOnlyList<FormField> Columns { get; init; } = [];

    /// The id of its input on the page.
    public string Id => "field-" + Path.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);

    /// The fields of a request, in the order in which it declares them.
    public static IReadOnlyList<FormField> Of(Type request)
    {
        FormField[] fields = [.. Members(request).Select(m => Make(m.Property, m.Parameter, Name(m.Property.Name)))];
        var unit = Array.Find(fields, f => f is { Path: "unit", Kind: FieldKind.Text });
        if (unit is null || fields.Count(f => f.Kind is FieldKind.Quantity) != 1) return fields;
        return [.. fields.Select(f => f == unit ? f with { IsUnit = true } : f.Kind is FieldKind.Quantity ? f with { TakesUnit = true } : f)];
    }

    /// The fields of a request as one form shows them: parts are taken apart, and of the list `one` only its first item is asked for.
    public static IReadOnlyList<FormField> Flat(Type request, string? one = null) =>
        [.. Of(request).SelectMany(f => f.Path == one ? f.Columns.SelectMany(c => c.Apart(one + "[0].")) : f.Apart(""))];

    /// The request of an operation.
    public static Type RequestOf(Type operation) =>
        Array.Find(operation.GetInterfaces(), i => i.IsGenericType && i.Name.EndsWith("Operation`2", StringComparison.Ordinal))
            ?.GetGenericArguments()[0]
        ?? throw new InvariantBroken($"{operation.Name} is not an operation.");

    /// As JSON and forms name a property: `shipBy`.
    public static string Name(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    /// A value as a field carries it.
    public static string Written(object value) => value switch
    {
        Money money => money.Amount.ToString(CultureInfo.InvariantCulture) + " " + money.Currency,
        UnitPrice price => price.Price.ToString(CultureInfo.InvariantCulture) + " " + price.Currency,
        Quantity quantity => quantity.Units.ToString("0.###", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        Enum choice => Name(choice.ToString()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private IEnumerable<FormField> Apart(string before, bool needed = true) => Kind is FieldKind.Part
        ? Columns.SelectMany(c => c.Apart(before + Path + ".", needed && IsRequired))
        : [this with { Path = before + Path, IsRequired = needed && IsRequired }];

    private static IEnumerable<(PropertyInfo Property, ParameterInfo? Parameter)> Members(Type type)
    {
        var parameters = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault()?.GetParameters() ?? [];
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract" && p.CanWrite)
            .Select(p => (p, Array.Find(parameters, a => a.Name == p.Name)));
    }

    private static FormField Make(PropertyInfo property, ParameterInfo? parameter, string path)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        T? Said<T>() where T : Attribute => property.GetCustomAttribute<T>() ?? parameter?.GetCustomAttribute<T>();
        var optional = type != property.PropertyType || parameter?.HasDefaultValue == true
            || (!type.IsValueType && new NullabilityInfoContext().Create(property).WriteState is NullabilityState.Nullable);
        var display = Said<DisplayAttribute>();
        var kind = KindOf(type, Said<DataTypeAttribute>());
        var item = kind is FieldKind.Lines ? ItemOf(type)! : kind is FieldKind.Part ? type : null;
        var label = display?.Name ?? ViewInfo.Spoken(property.Name);
        return new FormField(path, label, kind is FieldKind.Several ? ItemOf(type)! : item ?? type, kind, !optional)
        {
            Hint = display?.Description,
            IsWhole = Said<WholeAttribute>() is not null,
            IsSecret = Said<DataTypeAttribute>()?.DataType is DataType.Password,
            MaxLength = Said<StringLengthAttribute>()?.MaximumLength ?? Said<MaxLengthAttribute>()?.Length ?? 400,
            Most = Said<MaxLengthAttribute>()?.Length ?? 5_000,
            Columns = item is null ? [] : Of(item),
        };
    }

    private static FieldKind KindOf(Type type, DataTypeAttribute? said)
    {
        if (type == typeof(string)) return said?.DataType is DataType.MultilineText ? FieldKind.LongText : FieldKind.Text;
        if (type == typeof(Quantity)) return FieldKind.Quantity;
        if (type == typeof(Money)) return FieldKind.Money;
        if (type == typeof(UnitPrice)) return FieldKind.UnitPrice;
        if (type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(decimal)) return FieldKind.Number;
        if (type == typeof(DateOnly)) return FieldKind.Day;
        if (type == typeof(DateTimeOffset)) return FieldKind.Instant;
        if (type == typeof(bool)) return FieldKind.Flag;
        if (type == typeof(System.Text.Json.JsonElement)) return FieldKind.Shaped;
        if (type.IsEnum) return FieldKind.Choice;
        if (ItemOf(type) is not { } item)
            return type.IsClass && type.Namespace?.StartsWith("Keel", StringComparison.Ordinal) == true ? FieldKind.Part : FieldKind.Code;
        return item.IsValueType || item == typeof(string) ? FieldKind.Several : FieldKind.Lines;
    }

    private static Type? ItemOf(Type type)
    {
        if (!typeof(IEnumerable).IsAssignableFrom(type) || type == typeof(string)) return null;
        return type.IsArray ? type.GetElementType() : type.GetGenericArguments() is [var only] ? only : null;
    }
}
