using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Keel.Kernel;

/// What a request would make of one field of one record: before and after, as text. A record that is new has one change without a field.
/// What says something about a person is kept until the request ends.
public sealed record FieldEdit(string Subject, string Field, string? Before, string? After, bool Personal = false)
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();
    private static readonly string[] Bookkeeping = ["Version", "ChangedAt", "CreatedAt", "CompanyId", "Id"];

    /// A record that was not there before.
    public static FieldEdit New(string subject) => new(subject, "", null, "new");

    /// Where two versions of a row differ, field by field.
    public static IEnumerable<FieldEdit> Between<T>(string subject, T before, T after, params IReadOnlyList<string> personal) where T : notnull =>
        Known.GetOrAdd(typeof(T), Find).Select(p => (p.Name, Was: Text(p.GetValue(before)), Is: Text(p.GetValue(after)))).Where(f => f.Was != f.Is)
            .Select(f => new FieldEdit(subject, char.ToLowerInvariant(f.Name[0]) + f.Name[1..], f.Was, f.Is, personal.Contains(f.Name)));

    private static PropertyInfo[] Find(Type row) =>
        [.. row.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetCustomAttribute<NotAColumnAttribute>() is null && !Bookkeeping.Contains(p.Name)
            && row.GetConstructors().Any(c => c.GetParameters().Any(a => a.Name == p.Name)))];

    private static string? Text(object? value)
    {
        if (value is null) return null;
        if (value is Money money) return money.ToString();
        var json = JsonSerializer.SerializeToElement(value, value.GetType(), KeelJson.Options);
        return json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Object => string.Join(", ", json.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}: {p.Value}")),
            _ => json.GetRawText(),
        };
    }
}

/// A field that somebody else changed while a request for it waited.
public sealed record StaleField(string Subject, string Field, string? Now, string By, DateTimeOffset At, bool Personal = false);

/// An operation whose request says whole records: what is kept of it while it waits says only the fields that it changes, so that being done
/// later it undoes nothing that others changed meanwhile.
public interface INarrow<TRequest>
{
    /// The request that changes the same and says nothing else; asked after the operation ran.
    TRequest Narrow(TRequest request);
}
