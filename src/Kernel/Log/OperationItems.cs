using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Keel.Kernel;

/// Which items of its list an operation refused and why, and how many it did. Kept only where it refused some.
[Rows("kernel.operation_items", "operation_id")]
internal sealed record OperationItems(Guid OperationId, Id<Company> CompanyId, int Done, int Refused, [property: Json] IReadOnlyList<AnswerItem> Refusals)
{
    private const int MostRefusals = 200;

    public static void Queue(KeelDb db, object? answer)
    {
        RowTraces.Queue(db);
        var items = AnswerItems.Of(answer);
        var refused = items.Where(i => i.Why is not null).ToArray();
        if (refused.Length == 0) return;
        db.Table<OperationItems>().Insert(new OperationItems(
            db.Work.Operation, db.Company, items.Count - refused.Length, refused.Length, [.. refused.Take(MostRefusals)]));
    }

    private static readonly ConcurrentDictionary<Type, PropertyInfo?> Lists = new();

    /// How many items a request lists, where it is more than one: its first list is what it is about.
    public static int? CountOf(object request) =>
        Lists.GetOrAdd(request.GetType(), static t => Array.Find(t.GetProperties(), p => p.PropertyType != typeof(string) && typeof(ICollection).IsAssignableFrom(p.PropertyType)
            || p.PropertyType is { IsGenericType: true } list && list.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)))
            ?.GetValue(request) is ICollection { Count: > 1 } items ? items.Count : null;
}
