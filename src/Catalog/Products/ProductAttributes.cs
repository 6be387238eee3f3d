using System.ComponentModel.DataAnnotations;

namespace Keel.Catalog.Products;

/// Which attributes products have and which words they may have for them, so that everybody writes `blue` for blue. As delivered every
/// attribute and every word goes.
public sealed record ProductAttributes([MaxLength(100)] IReadOnlyList<ProductAttributes.AttributeRule> Attributes, bool OthersToo = true) : IPolicy<ProductAttributes>
{
    public static string Kind => "product-attributes";
    public static ProductAttributes AsDelivered => new([]);
    public static string Says => "Which attributes products have, such as category and colour, which words are allowed for each, which are needed, and whether there may be others.";
    public static IReadOnlyList<string> UsedBy => ["catalog.save-products"];

    /// Why attributes do not fit, or nothing. A variant has what its family has.
    public string? Wrong(IReadOnlyDictionary<string, string> attributes, bool isVariant)
    {
        foreach (var rule in Attributes)
        {
            if (!attributes.TryGetValue(rule.Name, out var value))
            {
                if (rule.IsNeeded && !isVariant) return $"A product needs the attribute {rule.Name}.";
            }
            else if (rule.Words is { Count: > 0 } words && !words.Contains(value, StringComparer.Ordinal))
            {
                return $"{value} is no word for {rule.Name}. It may be {string.Join(", ", words.Take(12))}{(words.Count > 12 ? " …" : "")}.";
            }
        }

        return !OthersToo && attributes.Keys.FirstOrDefault(a => Attributes.All(r => r.Name != a)) is { } odd
            ? $"A product has no attribute {odd}. It has {string.Join(", ", Attributes.Select(r => r.Name))}." : null;
    }

    /// One attribute: its name, the words that are allowed (any, where none is named), and whether every product needs it.
    public sealed record AttributeRule([Required, MaxLength(60)] string Name, [MaxLength(400)] IReadOnlyList<string>? Words = null, bool IsNeeded = false);
}
