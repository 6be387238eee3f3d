namespace Keel.Accounting;

/// How a company accounts for goods.
internal enum InventoryMethod
{
    /// As they move: each receipt, issue and change is inventory at once, and the cost of a sale is posted with it.
    Perpetual,

    /// At the end of a period: what is bought stands in purchases; what is left is stated at the end, and the rest was the cost of what was sold.
    Periodic,
}

/// Inventory in the money book was brought to the book of goods: what it was worth then, what had stood in purchases, and what went to the cost of goods sold.
[Rows("accounting.inventory_close", "company_id", "number")]
internal sealed record InventoryClose(
    Id<Company> CompanyId, int Number, bool IsPeriodic, DateOnly Through, Currency Currency, Money Value, Money Purchases, Money Cost, Guid DocumentId, string DocumentNumber, bool IsPosted,
    string DoneBy, DateTimeOffset DoneAt);
