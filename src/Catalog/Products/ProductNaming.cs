using System.ComponentModel.DataAnnotations;

namespace Keel.Catalog.Products;

/// How new products are named: with which beginnings, how long, of which characters, and whether two may bear one name. As delivered anything
/// goes that a code can be.
public sealed record ProductNaming(
    [MaxLength(100)] IReadOnlyList<string>? Beginnings = null, [Range(1, 40)] int LongestSku = 40, bool PlainCodes = false, bool NamesOnce = false) : IPolicy<ProductNaming>
{
    public static string Kind => "product-naming";
    public static ProductNaming AsDelivered => new();
    public static string Says => "How the codes of new products begin, how long they are, whether they are plain letters, digits and hyphens, and whether a name is given once only.";
    public static IReadOnlyList<string> UsedBy => ["catalog.save-products"];

    /// Why a code does not fit, or nothing.
    public string? Wrong(string sku) =>
        sku.Length > LongestSku ? $"{sku} has {sku.Length} characters; a code has at most {LongestSku} here."
        : PlainCodes && !sku.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-') ? $"{sku} has other characters than letters, digits and hyphens."
        : Beginnings is { Count: > 0 } && !Beginnings.Any(b => sku.StartsWith(b, StringComparison.OrdinalIgnoreCase)) ? $"{sku} does not begin with one of: {string.Join(", ", Beginnings)}."
        : null;
}
