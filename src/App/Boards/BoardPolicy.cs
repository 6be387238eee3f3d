using System.ComponentModel.DataAnnotations;

namespace Keel.App.Boards;

/// The boards of the house: which figures and charts stand on each, in which order, and for which roles it is the first.
internal sealed record BoardPolicy([property: MinLength(1), MaxLength(40)] IReadOnlyList<Board> Boards) : IPolicy<BoardPolicy>
{
    public static string Kind => "boards";
    public static string Says => "Which figures and charts stand on each board, in which order, and for which roles it is the first. Measures are named as on the page Measures.";

    public static BoardPolicy AsDelivered { get; } = new(
    [
        new("warehouse", "Warehouse", ["warehouse", "picker", "store"],
            ["shipments-due-today", "shipments-late", "to-pick", "to-pack", "to-hand-over", "shipments-left", "shipped-on-time", "orders-to-ship-today", "adjustments"],
            [new("Shipments that left, by site", ["shipments-left"], ChartShape.Stacked), new("Shipped on time", ["shipped-on-time"])]),
        new("operations", "Operations", ["operations", "channel-manager"],
            ["orders-waiting", "orders-late", "orders-to-ship-today", "orders-held", "orders-backordered", "promises-displaced", "shipped-on-time", "order-to-ship", "backorder-rate", "cases-late", "approvals-age", "automatic"],
            [new("Orders placed and shipped", ["orders-placed", "orders-shipped"]), new("Orders placed, by channel", ["orders-placed"], ChartShape.Stacked), new("Cases opened and closed", ["cases-opened", "cases-closed"])]),
        new("orders", "Orders", [],
            ["orders-waiting", "orders-held", "orders-at-risk", "orders-late", "orders-backordered", "promise-kept", "fill-rate", "order-to-ship", "orders-touched", "orders-risky"],
            [new("Orders by hour, today", ["orders-by-hour"], ChartShape.Now), new("Open orders, by age", ["orders-age"], ChartShape.Now), new("Orders placed, by channel", ["orders-placed"], ChartShape.Stacked), new("Orders placed and shipped", ["orders-placed", "orders-shipped"])]),
        new("daily-review", "Daily review", [],
            ["adjustments", "promises-displaced", "shipments-late", "orders-held", "orders-backordered", "messages-dead", "jobs-failing", "rules-refused", "rows-refused", "credited", "suspense", "cases-late"],
            [new("Stock corrections", ["adjustments"], ChartShape.Bars), new("Cases opened and closed", ["cases-opened", "cases-closed"]), new("Credited", ["credited"], ChartShape.Bars)]),
        new("finance", "Finance", ["finance", "auditor"],
            ["revenue", "receivables", "receivables-overdue", "deposits", "suspense", "credited", "stock-value", "late-facts", "approvals-waiting"],
            [new("Revenue, by channel", ["revenue"], ChartShape.Stacked), new("Owed to us, by age", ["receivables"], ChartShape.Now), new("Stock value", ["stock-value"])]),
        new("buying", "Buying", ["buyer", "merchandiser"],
            ["orders-backordered", "backorder-rate", "stock-out-rate", "nothing-to-sell", "stock-value", "adjustments", "data-quality"],
            [new("Orders that wait for goods", ["orders-backordered"]), new("Stock value", ["stock-value"]), new("Stock-out rate", ["stock-out-rate"])]),
        new("service", "Service", ["service"],
            ["cases-open", "cases-late", "cases-unassigned", "cases-age", "cases-in-time", "orders-held", "orders-late", "orders-cancelled", "credited"],
            [new("Cases opened and closed", ["cases-opened", "cases-closed"]), new("Orders cancelled", ["orders-cancelled"], ChartShape.Bars)]),
        new("executive", "The house", ["executive"],
            ["revenue", "orders-placed", "shipped-on-time", "order-to-ship", "orders-late", "backorder-rate", "stock-value", "receivables-overdue", "data-quality"],
            [new("Revenue, by channel", ["revenue"], ChartShape.Stacked), new("Orders placed and shipped", ["orders-placed", "orders-shipped"]), new("Stock value", ["stock-value"])]),
        new("system", "What runs by itself", ["administrator"],
            ["jobs-failing", "messages-dead", "rules-refused", "automatic", "rows-refused", "cases-late", "approvals-waiting", "approvals-age", "data-quality"],
            [new("Done by rules", ["automatic"]), new("Data quality", ["data-quality"]), new("Cases opened and closed", ["cases-opened", "cases-closed"])]),
    ]);

    public Board? Find(string name) => Boards.FirstOrDefault(b => b.Name == name);
}

/// One board: its tiles by the names of measures, and its charts. It is the first for those with one of its roles.
internal sealed record Board(
    [property: Required, MaxLength(40), RegularExpression("^[a-z][a-z0-9-]*$", ErrorMessage = "is small letters, digits and hyphens.")] string Name,
    [property: Required, MaxLength(60)] string Title,
    [property: MaxLength(20)] IReadOnlyList<string> Roles,
    [property: MaxLength(24)] IReadOnlyList<string> Tiles,
    [property: MaxLength(12)] IReadOnlyList<BoardChart> Charts)
{
    /// Everything that it shows.
    public IReadOnlyList<string> Measures => [.. Tiles.Concat(Charts.SelectMany(c => c.Measures)).Distinct()];
}

/// One chart: measures over the last thirty days, or the parts of one.
internal sealed record BoardChart([property: Required, MaxLength(80)] string Title, [property: MinLength(1), MaxLength(4)] IReadOnlyList<string> Measures, ChartShape Shape = ChartShape.Lines);

/// How a chart is drawn.
internal enum ChartShape
{
    /// A line per measure, day by day.
    Lines,

    /// A bar per day.
    Bars,

    /// A bar per day, made of the slices of one measure.
    Stacked,

    /// A bar per slice of one measure, as it stands now.
    Now,
}
