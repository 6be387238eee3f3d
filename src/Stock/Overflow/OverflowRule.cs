using Keel.Ui;

namespace Keel.Stock;

/// How many of a SKU a place or a whole site is to hold, and from where more of them come: another place of the site, or another site.
[Rows("stock.overflow_rule", "id")]
internal sealed record OverflowRule(
    Id<OverflowRule> Id, Id<Company> CompanyId, Sku Sku, NodeCode Node, string Place, Quantity Least, Quantity Most, NodeCode FromNode, string FromPlace, bool GivesBack,
    DateTimeOffset ChangedAt, string ChangedBy, Guid Operation)
{
    /// It is about a place; without one it is about what a site can promise.
    [NotAColumn]
    public bool IsOfPlace => Place.Length > 0;

    [NotAColumn]
    public string Where => IsOfPlace ? Place : Node.Text;

    [NotAColumn]
    public string Source => IsOfPlace ? FromPlace : FromNode.Text;

    /// As people say it: `MUG-BL in MAIN/A-01 5 to 20, from MAIN/Z, and back`.
    [NotAColumn]
    public string What => $"{Sku} in {Where} {Least} to {Most}, from {Source}{(GivesBack ? ", and back" : "")}";

    /// What is to come, or to go back, of what lies there and is on its way: nothing between least and most, and never more than is free where it is taken from.
    public (Quantity Wanted, Quantity Quantity, bool Back) Need(Quantity there, Quantity coming, Quantity freeThere, Quantity freeAtSource)
    {
        if (there + coming < Least) return (Most - there - coming, Quantity.Max(0, Quantity.Min(Most - there - coming, freeAtSource)), false);
        return GivesBack && there > Most ? (there - Most, Quantity.Max(0, Quantity.Min(there - Most, freeThere)), true) : default;
    }
}

/// Whether goods move by themselves as the rules of overflow say, or somebody carries the proposals out.
internal sealed record OverflowWays(bool MovesByThemselves, bool TransfersByThemselves) : IPolicy<OverflowWays>
{
    public static string Kind => "overflow";
    public static OverflowWays AsDelivered => new(false, false);
    public static string Says => "Whether places are filled from their overflow, and give back what is too much, without anybody asking: within a site, and between sites by a transfer. Else it is proposed.";
    public static IReadOnlyList<string> UsedBy => ["stock.use-overflow", "stock.ask-overflow"];
}
