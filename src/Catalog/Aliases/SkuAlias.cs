namespace Keel.Catalog.Aliases;

/// Another code by which a product is found: its name before a rename or a merge, or a channel's own.
[Rows("catalog.sku_alias", "alias")]
internal sealed record SkuAlias(Sku Alias, Sku Sku);
