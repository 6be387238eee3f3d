namespace Keel.Stock.Contract;

/// Where goods that are to come come from.
public enum SupplyKind
{
    /// A supplier sends them.
    Purchase,

    /// Another site of the company sends them; transfers count by themselves.
    Transfer,

    /// They are made.
    Production,

    /// Customers send them back: counted on as far as the policy says.
    Return,

    /// Somebody knows of them.
    Manual,
}

/// Goods that are to come to a node: how many, when, how sure, and by which document.
public sealed record NewSupply(Sku Sku, NodeCode Node, Quantity Quantity, DateOnly ExpectedOn)
{
    public SupplyKind Kind { get; init; } = SupplyKind.Purchase;

    /// Not promised before this day, whatever is expected.
    public DateOnly? EarliestOn { get; init; }

    /// Whose goods they will be: the number of the partner with whom that was agreed, or `own`.
    public string Owner { get; init; } = PositionKey.Own;

    /// How much of a hundred is counted on; where nobody says, what the policy says of its kind.
    public int? Confidence { get; init; }

    /// The supplier's partner key.
    public Guid? Supplier { get; init; }

    /// What the other side calls it.
    public string? Reference { get; init; }
    public string? Note { get; init; }

    /// The document that brings it, such as a purchase order.
    public DocumentRef? Document { get; init; }
}

/// What is different now about a supply; what is null stays. `Open` is what is still to come.
public sealed record SupplyChange(Guid Supply, Quantity? Open = null, DateOnly? ExpectedOn = null, DateOnly? EarliestOn = null, int? Confidence = null);

/// What can be promised of a SKU at a node for a day without breaking a later promise, and what is available now.
public readonly record struct Promisable(Sku Sku, NodeCode Node, Quantity Available, Quantity Quantity);

/// From this day on, so many more can be promised without breaking a later promise.
public readonly record struct PromiseStep(DateOnly From, Quantity Quantity);

/// What can be promised of a SKU at a node over time: the days on which it changes, the first one today.
public sealed record PromiseCurve(Sku Sku, NodeCode Node, IReadOnlyList<PromiseStep> Steps);
