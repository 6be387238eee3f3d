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
}
