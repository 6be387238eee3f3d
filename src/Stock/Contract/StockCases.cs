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
}
