namespace Keel.Stock.Contract;

/// The kinds of cases that the stock book opens about documents of others.
public static class StockCases
{
    /// A document lost a promise to a fact: less is there than was promised.
    public static readonly CaseKind Displaced = new("promise-displaced", "operations", TimeSpan.FromHours(4), Severity.High)
    {
        Next = "Find goods, or tell the customer",
        Supervisor = "administrator",
        Resolutions = ["found-goods", "customer-waits", "customer-cancelled", "count-was-wrong"],
    };

    /// Goods of a lot that customers have are called back.
    public static readonly CaseKind LotRecall = new("lot-recall", "operations", TimeSpan.FromHours(2), Severity.High)
    {
        Next = "Tell everybody who got goods of this lot, and take them back",
        Supervisor = "administrator",
        Resolutions = ["all-told", "all-back", "false-alarm"],
    };

    /// A transfer arrived with fewer or more goods than had left.
    public static readonly CaseKind TransferDifference = new("transfer-difference", "warehouse", TimeSpan.FromHours(24), Severity.Normal)
    {
        Next = "Look for the goods, then say that they are lost or back at the sender",
        Supervisor = "operations",
        Resolutions = ["arrived-later", "lost", "back-at-sender", "counted-wrong"],
    };

    /// A document waits for goods to come, and they come later than it was told, or too few.
    public static readonly CaseKind SupplyLate = new("supply-late", "operations", TimeSpan.FromHours(24), Severity.Normal)
    {
        Next = "Find goods elsewhere, or tell the customer the new day",
        Supervisor = "administrator",
        Resolutions = ["found-goods", "customer-waits", "customer-cancelled", "comes-earlier"],
    };

    /// Goods should have come and did not: nobody knows when they do.
    public static readonly CaseKind SupplyOverdue = new("supply-overdue", "buyer", TimeSpan.FromHours(24), Severity.Normal)
    {
        Next = "Ask the supplier, then say the new day",
        Supervisor = "operations",
        Resolutions = ["new-day", "arrived", "never-comes"],
    };

    /// Who runs a site under another authority tells other stock than our book.
    public static readonly CaseKind ExternalDrift = new("external-drift", "operations", TimeSpan.FromHours(24), Severity.High)
    {
        Next = "Find out who is right, then accept it or keep our book",
        Supervisor = "administrator",
        Resolutions = ["booked", "our-book-is-right", "told-anew"],
    };

    /// A document lost a promise to one with a stronger claim.
    public static readonly CaseKind TakenOver = new("promise-taken-over", "operations", TimeSpan.FromHours(24), Severity.Normal)
    {
        Next = "Tell the customer the new day, or find goods",
        Supervisor = "administrator",
        Resolutions = ["found-goods", "customer-waits", "customer-cancelled"],
    };
}
