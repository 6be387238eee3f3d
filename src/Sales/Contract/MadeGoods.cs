using System.ComponentModel.DataAnnotations;

namespace Keel.Sales.Contract;

/// Goods that are made only when they are ordered: SKUs or categories, the site that makes them, and in how many working days.
public sealed record MadeGoods([property: Required, MinLength(1), MaxLength(500)] IReadOnlyList<string> Goods, NodeCode Site, [property: Range(0, 365)] int Days);
