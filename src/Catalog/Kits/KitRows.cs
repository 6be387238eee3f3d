using Keel.Catalog.Contract;

namespace Keel.Catalog.Kits;

/// A product that is made of others.
[Rows("catalog.kit", "sku")]
internal sealed record KitRow(Sku Sku, KitKind Kind, int Version, DateTimeOffset ChangedAt);

/// One component of a kit: so many in one unit of it.
[Rows("catalog.kit_component", "kit", "component")]
internal sealed record KitComponent(Sku Kit, Sku Component, Quantity Quantity, int Place);
