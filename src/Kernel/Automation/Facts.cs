using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// One field of what happened, as rules know it: its path (`order.number`), what people call it, and the type that its values have.
public sealed record FactField(string Path, string Label, Type Type, bool IsList)
{
    internal string[] Steps { get; } = Path.Split('.');
}

/// What a kind of event says, read once from its type: plain values, small records taken apart, lists of plain values. Lists of lines, what is
/// personal and what things cost stay out.
public sealed class FactShape
{
    private const int MostDeep = 2;
    private static readonly ConcurrentDictionary<Type, FactShape> Known = new();
    private readonly Member[] members;
    private readonly Dictionary<string, FactField> byPath;

    private FactShape(Type type)
    {
        members = MembersOf(type, 0);
        Fields = [.. FieldsOf(members, "", "")];
        byPath = Fields.ToDictionary(f => f.Path, StringComparer.Ordinal);
    }

    public IReadOnlyList<FactField> Fields { get; }

    public static FactShape Of(Type type) => Known.GetOrAdd(type, static t => new FactShape(t));

    public FactField? Find(string path) => byPath.GetValueOrDefault(path);

    /// What happened as JSON, with the fields of the shape only.
    internal JsonElement Write(object happened)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes)) Write(json, members, happened);
        return JsonDocument.Parse(bytes.WrittenMemory).RootElement;
    }

    private static void Write(Utf8JsonWriter json, Member[] members, object of)
    {
        json.WriteStartObject();
        foreach (var member in members)
        {
            if (member.Get(of) is not { } value) continue;
            json.WritePropertyName(member.Name);
            if (member.Inside is { } inside) Write(json, inside, value);
            else JsonSerializer.Serialize(json, value, value.GetType(), KeelJson.Options);
        }

        json.WriteEndObject();
    }

    private static IEnumerable<FactField> FieldsOf(Member[] members, string path, string label) => members.SelectMany(m =>
    {
        var spoken = m.Title;
        var said = label.Length == 0 ? spoken : $"{label} {char.ToLowerInvariant(spoken[0])}{spoken[1..]}";
        return m.Inside is { } inside ? FieldsOf(inside, path + m.Name + ".", said) : [new FactField(path + m.Name, said, m.Type, m.IsList)];
    });

    private static Member[] MembersOf(Type type, int depth) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && !IsAddress(p) && !p.IsDefined(typeof(PersonalAttribute)) && !p.IsDefined(typeof(GuardedAttribute)))
            .Select(p => MemberOf(p, depth)).OfType<Member>(),
    ];

    /// The order of delivery is nobody's business.
    private static bool IsAddress(PropertyInfo property) => property.Name == nameof(IDelivered.Subject) && typeof(IDelivered).IsAssignableFrom(property.DeclaringType);

    private static Member? MemberOf(PropertyInfo property, int depth)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (ColumnText.Knows(type)) return new Member(property, type, false, null);
        if (ItemOf(type) is { } item) return ColumnText.Knows(item) ? new Member(property, item, true, null) : null;
        var isRecord = type.IsClass && type.Namespace?.StartsWith("Keel", StringComparison.Ordinal) == true && depth < MostDeep;
        return isRecord && !type.IsDefined(typeof(PersonalAttribute)) && MembersOf(type, depth + 1) is { Length: > 0 } inside ? new Member(property, type, false, inside) : null;
    }

    private static Type? ItemOf(Type type) => type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type) ? null
        : type.IsArray ? type.GetElementType() : type.GetGenericArguments() is [var only] ? only : null;

    private sealed class Member
    {
        public Member(PropertyInfo property, Type type, bool isList, Member[]? inside)
        {
            (Property, Type, IsList, Inside) = (property.Name, type, isList, inside);
            Name = char.ToLowerInvariant(Property[0]) + Property[1..];
            Title = property.GetCustomAttribute<TitleAttribute>()?.Text ?? ViewInfo.Spoken(Property);
            var of = Expression.Parameter(typeof(object));
            Get = Expression.Lambda<Func<object, object?>>(
                Expression.Convert(Expression.Property(Expression.Convert(of, property.DeclaringType!), property), typeof(object)), of).Compile();
        }

        public string Property { get; }
        public string Name { get; }
        public string Title { get; }
        public Type Type { get; }
        public bool IsList { get; }
        public Member[]? Inside { get; }
        public Func<object, object?> Get { get; }
    }
}

/// What happened once, as its fields say it.
internal sealed class Fact(JsonElement json)
{
    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    /// A field as it was written down, or nothing.
    public JsonElement? Json(string path)
    {
        var at = json;
        foreach (var step in path.Split('.')) if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(step, out at)) return null;
        return at.ValueKind is JsonValueKind.Null ? null : at;
    }

    /// A field in its own type; a list as an array of them; null where it was not said, or cannot be read any more.
    public object? Value(FactField field)
    {
        if (values.TryGetValue(field.Path, out var known)) return known;
        return values[field.Path] = Read(field);
    }

    private object? Read(FactField field)
    {
        if (Json(field.Path) is not { } at) return null;
        try
        {
            return at.Deserialize(field.IsList ? field.Type.MakeArrayType() : field.Type, KeelJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
