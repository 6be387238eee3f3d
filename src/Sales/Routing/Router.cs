using Keel.Catalog.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Chooses the sites that send an order, in memory and from nothing but what it is given: the same order, stock and policy give the same answer.
/// Of the sets of sites that give everything it takes those of fewest parcels, and of these the best by the rule's measures; the search is bounded.
internal sealed class Router(RouteAsked order, IReadOnlyList<Stop> stops)
{
    /// Sets of two and more sites are looked for among so many, the best by the rule's measures, and no more lines than that are weighed for them all.
    private const int Widest = 12;
    private const int MostWeighed = 40_000;

    /// What is sent together: a line, or the components of a kit, of which so much is in one.
    private sealed record Bundle(int[] Lines, Quantity[] Each, Quantity Wanted);

    /// A set of sites, what each of them sends, and how it stands.
    private sealed record Choice(IReadOnlyList<(Stop Stop, Quantity[] Gives)> Legs, bool IsComplete, int Parcels, decimal[] Keys);

    private readonly Bundle[] bundles = Bundles(order.Lines);
    private readonly int[] skus = Index(order.Lines);

    public Route Decide(string? name, IReadOnlyList<SourcingRule> rules)
    {
        var tried = new List<TriedRule>();
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            var out_ = new List<LeftOut>();
            var able = stops.Where(s => Able(s, rule, out_)).ToArray();
            var best = Best(able, rule, out var why, out var limited);
            if (best is not null || i == rules.Count - 1 && !rule.Whole)
            {
                tried.Add(new TriedRule(rule.Name, true, best is null ? why + " It gives what is there." : why));
                // What may not be split for what it is worth or costs is not split by giving what is there, either.
                if (best is null && limited) rule = rule with { MostParcels = 1 };
                var chosen = best ?? Most(able, rule);
                var weigher = new RouteWords(order, rule, able, [.. chosen.Legs.Select(l => l.Stop)], chosen.IsComplete);
                return new Route(
                    name, rule.Name, chosen.IsComplete, [.. chosen.Legs.Select(LegOf)], weigher.Candidates(),
                    [.. tried.Where(t => !t.Followed).Select(t => new LeftOut("rule " + t.Rule, t.Why)), .. out_], tried) { Followed = rule };
            }

            tried.Add(new TriedRule(rule.Name, false, why));
        }

        return new Route(name, "", false, [], new RouteWords(order, rules[^1], stops, [], false).Candidates(), [.. tried.Select(t => new LeftOut("rule " + t.Rule, t.Why))], tried);
    }

    /// Whether a rule asks a site at all.
    private bool Able(Stop stop, SourcingRule rule, List<LeftOut> leftOut)
    {
        var why = true switch
        {
            _ when rule.Kinds is { Count: > 0 } kinds && !kinds.Contains(stop.Site.Kind) => $"it is a {stop.Site.Kind.Spoken}, and the rule asks others",
            _ when rule.Sites is { Count: > 0 } only && !only.Contains(stop.Node) => "the rule asks other sites",
            _ when rule.Without is { } without && without.Contains(stop.Node) => "the rule leaves it out",
            _ when rule.SameCountry && stop.Site.Country != order.Country => $"it is in {stop.Site.Country}, the customer in {order.Country}",
            _ when rule.WithinDays is { } days && stop.Lane is not { Days: var far } => $"nobody said how far it is, and the rule asks for {days} days at most",
            _ when rule.WithinDays is { } days && stop.Lane!.Days > days => $"it is {stop.Lane.Days} days away, and the rule asks for {days} at most",
            _ when rule.InTime && order.ShipBy is { } by && stop.ShipOn > by => $"it could send it on {stop.ShipOn:yyyy-MM-dd}, after the promised {by:yyyy-MM-dd}",
            _ when stop.Terms is { Capacity: 0 } => "it takes no orders",
            _ when order.Lines.All(l => order.Refused.Contains((l.Line, stop.Node))) => "it said that it cannot send it",
            _ => null,
        };
        if (why is null) return true;
        leftOut.Add(new LeftOut(stop.Node.Text, why));
        return false;
    }

    /// The best of the smallest sets that give everything; nothing where none does, or splitting has limits that it breaks.
    private Choice? Best(Stop[] able, SourcingRule rule, out string why, out bool limited)
    {
        limited = false;
        var sent = able.Where(s => order.Has.Contains(s.Node)).ToArray();
        var sorted = able.Except(sent).Select(s => (Stop: s, Choice: Weigh([s], rule))).OrderBy(c => c.Choice, Order).Select(c => c.Stop).ToArray();
        why = able.Length == 0 ? "It asks none of the sites." : "No site has everything.";
        if (able.Length == 0 || !Together(able, rule)) return null;
        var (left, best) = (Math.Max(sorted.Length, MostWeighed / order.Lines.Count), (Choice?)null);
        for (var parcels = sent.Length > 0 ? 0 : 1; parcels <= Math.Min(Further(rule), sorted.Length); parcels++)
        {
            foreach (var set in Sets(parcels <= 1 ? sorted : [.. sorted.Take(Widest)], parcels))
            {
                if (left-- == 0) break;
                var choice = Weigh([.. sent, .. set], rule);
                if (choice.IsComplete && (best is null || Order.Compare(choice, best) < 0)) best = choice;
            }

            if (best is not null || left < 0) break;
        }

        if (best is null)
        {
            why = rule.MostParcels == 1 ? "No single site has everything." : $"Not even {rule.MostParcels} sites have everything together.";
            return null;
        }

        if (best.Legs.Count > 1 && rule.SplitFrom is { } from && (from.Currency != order.Value.Currency || order.Value < from))
        {
            why = $"No single site has everything, and orders below {from} are not split.";
            limited = true;
            return null;
        }

        if (best.Legs.Count > 1 && rule.SplitCosts is { } most && best.Legs.Select(l => CostOf(l.Stop, l.Gives)).Aggregate((Money?)Money.Zero(most.Currency), Add) is { } cost && cost > most)
        {
            why = $"No single site has everything, and a split for {cost} is dearer than {most}.";
            limited = true;
            return null;
        }

        why = best.Legs.Count == 1 ? "It has everything." : $"{best.Legs.Count} sites have everything together.";
        return best;
    }

    /// How many more sites may send, beside those that have goods for the order already.
    private int Further(SourcingRule rule) => Math.Max(0, rule.MostParcels - order.Has.Count);

    /// What is there, where not everything is: the sites that give most, one after the other, as many as may send.
    private Choice Most(Stop[] able, SourcingRule rule)
    {
        var chosen = able.Where(s => order.Has.Contains(s.Node)).ToList();
        var most = chosen.Count + Further(rule);
        while (chosen.Count < most)
        {
            var now = Units(Weigh([.. chosen], rule));
            var next = able.Except(chosen).Select(s => (Stop: s, Choice: Weigh([.. chosen, s], rule))).Where(c => Units(c.Choice) > now)
                .OrderByDescending(c => rule.MostParcels == 1 ? Whole(c.Choice) : 0).ThenByDescending(c => rule.MostParcels == 1 ? 0 : Units(c.Choice).Thousandths).ThenBy(c => c.Choice, Order).FirstOrDefault();
            if (next.Stop is null) break;
            chosen.Add(next.Stop);
        }

        return Weigh([.. chosen], rule);

        static Quantity Units(Choice choice) => choice.Legs.Sum(l => l.Gives.Sum(g => g));
        int Whole(Choice choice) => order.Lines.Select((l, i) => choice.Legs.Sum(g => g.Gives[i]) >= l.Quantity).Count(w => w);
    }

    /// What sites give between them, each line whole where one of them can, and how that stands.
    private Choice Weigh(IReadOnlyList<Stop> set, SourcingRule rule)
    {
        var left = new Quantity[set.Count, order.Lines.Count];
        for (var s = 0; s < set.Count; s++) for (var l = 0; l < order.Lines.Count; l++) left[s, skus[l]] = Quantity.Max(0, set[s].Available[l] - rule.KeepsBack);
        var gives = set.Select(_ => new Quantity[order.Lines.Count]).ToArray();
        var complete = true;
        foreach (var bundle in bundles)
        {
            var wanted = bundle.Wanted;
            var whole = Enumerable.Range(0, set.Count).FirstOrDefault(s => Fits(s, bundle) >= wanted, -1);
            for (var s = 0; s < set.Count && wanted.IsPositive; s++)
            {
                if (whole >= 0 && s != whole) continue;
                var some = Quantity.Min(wanted, Fits(s, bundle));
                if (!some.IsPositive) continue;
                foreach (var (line, each) in bundle.Lines.Zip(bundle.Each))
                {
                    gives[s][line] += each.Times(some);
                    left[s, skus[line]] -= each.Times(some);
                }

                wanted -= some;
            }

            complete &= !wanted.IsPositive;
        }

        var legs = set.Zip(gives).Where(l => l.Second.Any(g => g.IsPositive)).ToArray();
        return new Choice(legs, complete, legs.Count(l => !order.Has.Contains(l.First.Node)), [.. rule.Sort.Append(SourcingSort.Channel).Select(Key)]);

        Quantity Fits(int stop, Bundle bundle)
        {
            var most = bundle.Wanted;
            for (var i = 0; i < bundle.Lines.Length; i++)
            {
                if (order.Refused.Contains((order.Lines[bundle.Lines[i]].Line, set[stop].Node))) return 0;
                var free = left[stop, skus[bundle.Lines[i]]];
                most = Quantity.Min(most, bundle.Lines.Length == 1 && bundle.Each[i] == 1 ? free : new Quantity(free.Thousandths / bundle.Each[i].Thousandths * 1_000));
            }

            return most;
        }

        decimal Key(SourcingSort sort)
        {
            var keys = legs.Select(l => l.First.Key(sort, sort is SourcingSort.Cost ? CostOf(l.First, l.Second) : null, sort is SourcingSort.Stock ? l.First.Available.Sum(a => a) - l.Second.Sum(g => g) : 0));
            return sort is SourcingSort.Cost or SourcingSort.Channel or SourcingSort.Stock ? keys.Sum() : keys.DefaultIfEmpty(0).Max();
        }
    }

    /// Whether all sites together have everything: where they don't, no set does.
    private bool Together(Stop[] able, SourcingRule rule)
    {
        foreach (var sku in skus.Distinct())
        {
            var wanted = order.Lines.Where((_, i) => skus[i] == sku).Sum(l => l.Quantity);
            if (able.Sum(s => Quantity.Max(0, s.Available[sku] - rule.KeepsBack)) < wanted) return false;
        }

        return true;
    }

    private Money? CostOf(Stop stop, Quantity[] gives) => stop.Cost(gives.Sum(g => g), Grams(gives));

    private long Grams(Quantity[] gives)
    {
        var grams = 0m;
        for (var i = 0; i < gives.Length; i++) grams += gives[i].Thousandths / 1000m * (order.Lines[i].WeightGrams ?? 0);
        return (long)grams;
    }

    private Leg LegOf((Stop Stop, Quantity[] Gives) leg) => new(
        leg.Stop.Node, [.. leg.Gives.Select((g, i) => (order.Lines[i].Line, g)).Where(g => g.g.IsPositive)], leg.Stop.ShipOn, leg.Stop.DeliverOn, CostOf(leg.Stop, leg.Gives));

    private static Money? Add(Money? a, Money? b) => a is { } x && b is { } y && x.Currency == y.Currency ? x + y : null;

    private static readonly Comparer<Choice> Order = Comparer<Choice>.Create((a, b) =>
    {
        if (a.IsComplete != b.IsComplete) return a.IsComplete ? -1 : 1;
        if (a.Parcels != b.Parcels) return a.Parcels.CompareTo(b.Parcels);
        for (var i = 0; i < a.Keys.Length; i++) if (a.Keys[i].CompareTo(b.Keys[i]) is not 0 and var way) return way;
        return 0;
    });

    private static IEnumerable<Stop[]> Sets(Stop[] of, int size, int from = 0)
    {
        if (size == 0)
        {
            yield return [];
            yield break;
        }

        for (var i = from; i <= of.Length - size; i++) foreach (var rest in Sets(of, size - 1, i + 1)) yield return [of[i], .. rest];
    }

    private static Bundle[] Bundles(IReadOnlyList<RouteLine> lines)
    {
        var all = lines.Select((l, i) => (Line: l, At: i)).ToArray();
        return [.. all.GroupBy(l => l.Line.KitLine ?? -l.Line.Line).Select(g => g.First().Line.Each is { } each
            ? new Bundle([.. g.Select(l => l.At)], [.. g.Select(l => l.Line.Each!.Value)], new Quantity(g.First().Line.Quantity.Thousandths / each.Thousandths * 1_000))
            : new Bundle([g.First().At], [1], g.First().Line.Quantity))];
    }

    /// Lines of one SKU share what a site has: each line's place is that of the first line of its SKU.
    private static int[] Index(IReadOnlyList<RouteLine> lines)
    {
        var first = new Dictionary<Sku, int>();
        for (var i = 0; i < lines.Count; i++) first.TryAdd(lines[i].Sku, i);
        return [.. lines.Select(l => first[l.Sku])];
    }
}
