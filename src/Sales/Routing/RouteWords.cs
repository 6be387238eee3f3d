using Keel.Sales.Contract;

namespace Keel.Sales;

/// Says of each site that a rule asked why it was chosen or not.
internal sealed class RouteWords(RouteAsked order, SourcingRule rule, IReadOnlyList<Stop> asked, IReadOnlyList<Stop> chosen, bool isComplete)
{
    public const string Cost = "cost", Leaves = "leaves", Arrives = "arrives", Busy = "orders that day", WhyNot = "why not";

    public static string LineOf(int line) => $"line {line} available";

    public IReadOnlyList<Candidate> Candidates() => [.. asked.Select(stop =>
    {
        var isChosen = chosen.Contains(stop);
        var facts = new Dictionary<string, string>();
        for (var i = 0; i < order.Lines.Count; i++) facts[LineOf(order.Lines[i].Line)] = stop.Available[i].ToString();
        if (WholeCost(stop) is { } cost) facts[Cost] = cost.ToString();
        facts[Leaves] = stop.ShipOn.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        if (stop.DeliverOn is { } there) facts[Arrives] = there.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        if (stop.Terms?.Capacity is { } most) facts[Busy] = $"{stop.Orders} of {most}";
        if (!isChosen) facts[WhyNot] = Why(stop);
        return new Candidate(stop.Node.Text, isChosen, facts);
    })];

    /// Why a site that was asked was not chosen: what it lacks, or the first measure by which another one is better.
    private string Why(Stop stop)
    {
        var lacks = order.Lines.Select((l, i) => (Line: l, Lacks: order.Refused.Contains((l.Line, stop.Node)) ? l.Quantity : l.Quantity - (stop.Available[i] - rule.KeepsBack))).Where(l => l.Lacks.IsPositive).ToArray();
        if (lacks.Length == order.Lines.Count && order.Lines.Select((_, i) => stop.Available[i] - rule.KeepsBack).All(a => !a.IsPositive)) return Kept(stop) ?? "it has none of it";
        if (lacks.Length > 0 && (isComplete || chosen.Count == 0)) return "it lacks " + string.Join(", ", lacks.Take(3).Select(l => $"{Quantity.Min(l.Lacks, l.Line.Quantity)} × {l.Line.Sku}")) + (lacks.Length > 3 ? " and more" : "");
        if (chosen.Count != 1) return chosen.Count == 0 ? "the rule sends whole orders only" : isComplete ? "with it the others are no better" : "it adds nothing to what the others give";
        var best = chosen[0];
        foreach (var sort in rule.Sort.Append(SourcingSort.Channel))
        {
            var (own, other) = (stop.Key(sort, WholeCost(stop), stop.Available.Sum(a => a)), best.Key(sort, WholeCost(best), best.Available.Sum(a => a)));
            if (own != other) return Worse(sort, stop, best);
        }

        return "it comes later in the channel's list";
    }

    private string Worse(SourcingSort sort, Stop stop, Stop best) => sort switch
    {
        SourcingSort.Cost => WholeCost(stop) is { } own && WholeCost(best) is { } least ? $"it costs {own - least} more" : "nobody said what it costs",
        SourcingSort.Arrival => stop.DeliverOn is { } there && best.DeliverOn is { } first ? $"it arrives {Days(there.DayNumber - first.DayNumber)} later" : "nobody said how far it is",
        SourcingSort.Departure => $"it leaves {Days(stop.ShipOn.DayNumber - best.ShipOn.DayNumber)} later",
        SourcingSort.Nearest => stop.Lane is { } lane && best.Lane is { } near ? $"it is {Days(lane.Days - near.Days)} further away" : "nobody said how far it is",
        SourcingSort.Load => $"it is busier: {stop.Orders} orders that day",
        SourcingSort.Stock => "it has fewer",
        _ => "it comes later in the channel's list",
    };

    /// What it would cost to send all of it from there.
    private Money? WholeCost(Stop stop) => stop.Cost(order.Lines.Sum(l => l.Quantity), (long)order.Lines.Sum(l => l.Quantity.Thousandths / 1000m * (l.WeightGrams ?? 0)));

    private static string? Kept(Stop stop) => stop.Kept.FirstOrDefault(k => k is not null) is { } why ? $"of what is there, {why}" : null;

    private static string Days(int days) => days == 1 ? "a day" : $"{days} days";

    /// The choice in a sentence; the sites are called by their codes.
    public static string Sentence(Route route, SourcingRule? rule = null)
    {
        var by = route.Name is { } name ? $" Rule {route.Rule} of {name}." : "";
        if (route.Nodes is [var only])
        {
            var others = route.Candidates.Count(c => !c.Chosen && !c.Facts.GetValueOrDefault(WhyNot, "").StartsWith("it lacks", StringComparison.Ordinal) && !c.Facts.GetValueOrDefault(WhyNot, "").StartsWith("it has none", StringComparison.Ordinal));
            var leg = route.Legs[0];
            if (!route.IsComplete) return $"Part is promised from {only}.{by}";
            if (route.Name is null) return $"{only} was chosen because it is the first node of the channel that has everything.";
            return (others == 0 ? $"{only} was chosen because no other site that was asked has everything." : rule?.First switch
            {
                SourcingSort.Cost when leg.Cost is { } cost => $"{only} was chosen because it costs least: {cost}.",
                SourcingSort.Arrival when leg.DeliverOn is { } there => $"{only} was chosen because it is there first: {there:yyyy-MM-dd}.",
                SourcingSort.Departure => $"{only} was chosen because it leaves first: {leg.ShipOn:yyyy-MM-dd}.",
                SourcingSort.Nearest => $"{only} was chosen because it is nearest.",
                SourcingSort.Load => $"{only} was chosen because it is least busy.",
                SourcingSort.Stock => $"{only} was chosen because it has the most.",
                _ => $"{only} was chosen because it is the first node of the channel that has everything.",
            }) + by;
        }

        if (route.Legs.Count == 0) return "No site could send any of it." + by;
        var nodes = string.Join(" and ", route.Nodes.OrderBy(n => n.Text, StringComparer.Ordinal));
        return route.IsComplete ? $"The order is split over {nodes} because no single node has everything.{(route.Cost is { } sum ? $" Together they cost {sum}." : "")}{by}" : $"Part is promised from {nodes}.{by}";
    }
}
