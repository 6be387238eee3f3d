using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// One line that wants goods, for the choice of sites; a part of a kit is sent with the others of its kit.
internal readonly record struct RouteLine(int Line, Sku Sku, Quantity Quantity, string? Category, int? WeightGrams, int? KitLine = null, Quantity? Each = null);

/// What is to be routed: everything that the choice looks at, but what sites have. `Refused` names the sites that cannot send a line after all, `Has` those that
/// send something of the order anyway.
internal sealed record RouteAsked(Channel Channel, string Country, string? Postcode, Money Value, int Rank, DateOnly? ShipBy, DateTimeOffset At, IReadOnlyList<RouteLine> Lines)
{
    public IReadOnlySet<(int Line, NodeCode Node)> Refused { get; init; } = new HashSet<(int, NodeCode)>();
    public IReadOnlySet<NodeCode> Has { get; init; } = new HashSet<NodeCode>();

    /// The hold whose goods it takes over.
    public Guid? Adopts { get; init; }
}

/// What one site would send of an order, on which day, and what it costs as far as it is known.
internal sealed record Leg(NodeCode Node, IReadOnlyList<(int Line, Quantity Quantity)> Lines, DateOnly ShipOn, DateOnly? DeliverOn, Money? Cost)
{
    public Quantity Units => Lines.Sum(l => l.Quantity);
}

/// What a rule made of an order, in a sentence.
internal readonly record struct TriedRule(string Rule, bool Followed, string Why);

/// The sites that were chosen, what each sends, and why the others were not.
internal sealed record Route(string? Name, string Rule, bool IsComplete, IReadOnlyList<Leg> Legs, IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOut> LeftOut, IReadOnlyList<TriedRule> Tried)
{
    /// The rule that was followed; nothing where each of them sends whole orders only, and not everything is there.
    public SourcingRule? Followed { get; init; }

    public IReadOnlyList<NodeCode> Nodes => [.. Legs.Select(l => l.Node)];

    /// The day on which the last of it leaves; nothing where not all of it is there.
    public DateOnly? ShipOn => IsComplete && Legs.Count > 0 ? Legs.Max(l => l.ShipOn) : null;

    /// The day on which the last of it arrives, where all lanes are known.
    public DateOnly? DeliverOn => IsComplete && Legs.Count > 0 && Legs.All(l => l.DeliverOn is not null) ? Legs.Max(l => l.DeliverOn) : null;

    /// What shipping and handling cost, where all of it is known.
    public Money? Cost => Legs.Count > 0 && Legs.All(l => l.Cost is not null) ? Legs.Select(l => l.Cost!.Value).Aggregate((a, b) => a + b) : null;

    public Quantity Units => Legs.Sum(l => l.Units);
}

/// Which site an order was routed to, as it is kept.
[Rows("sales.route", "order_id", "node")]
internal sealed record RouteRow(
    Id<Order> OrderId, NodeCode Node, Id<Company> CompanyId, Quantity Units, DateOnly ShipOn, DateOnly? DeliverOn, Money? Cost, Currency Currency, DateTimeOffset At, Guid Operation);

/// A site that could not send a line after all.
[Rows("sales.route_refusal", "order_id", "line", "node")]
internal sealed record RouteRefusal(Id<Order> OrderId, int Line, NodeCode Node, Id<Company> CompanyId, string Reason, DateTimeOffset At, string By, Guid Operation);
