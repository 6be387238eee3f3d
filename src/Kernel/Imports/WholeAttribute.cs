namespace Keel.Kernel;

/// Stands at the field of an item by which the rows of a file belong together: rows that say the same here are one item, each with one line of
/// the list that the item holds. They are taken together or not at all.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class WholeAttribute : Attribute;
