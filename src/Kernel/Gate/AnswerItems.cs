using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;

namespace Keel.Kernel;

/// What became of one item of a list that an operation was asked to do: what it is called, why it was refused, where it was, and in words what
/// was done, where the item says it.
public sealed record AnswerItem(string Subject, string? Why, string? Said = null);

/// Reads the answer of an operation that takes a list: an item can say why it was refused, by a property of the type `Error`, or by a sentence
/// named `Why`; what was done, by one named `Sentence`.
public static class AnswerItems
{
    private sealed record Shape(PropertyInfo? Refusal, PropertyInfo? Subject, PropertyInfo? Said);

    private static readonly ConcurrentDictionary<Type, Shape> Shapes = new();

    /// The items with what became of them; none where the answer is no list, or its items cannot be refused one by one.
    public static List<AnswerItem> Of(object? answer)
    {
        var items = new List<AnswerItem>();
        if (answer is string || answer is not IEnumerable list) return items;
        foreach (var item in list)
        {
            if (item is null) continue;
            var shape = Shapes.GetOrAdd(item.GetType(), Read);
            if (shape.Refusal is not { } refusal) return [];
            var why = refusal.GetValue(item) is var said && said is Error error ? error.Message : said as string;
            items.Add(new AnswerItem(shape.Subject?.GetValue(item)?.ToString() ?? "", why, shape.Said?.GetValue(item) as string));
        }

        return items;
    }

    private static Shape Read(Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).ToArray();
        var refusal = Array.Find(properties, p => p.PropertyType == typeof(Error) || (p.Name is "Why" && p.PropertyType == typeof(string)));
        var number = Array.Find(properties, p => p.Name is "Number" && p.PropertyType == typeof(string));
        return new Shape(refusal, number ?? Array.Find(properties, p => p.PropertyType == typeof(string) || typeof(ICode).IsAssignableFrom(p.PropertyType)),
            Array.Find(properties, p => p.Name is "Sentence" && p.PropertyType == typeof(string)));
    }
}
