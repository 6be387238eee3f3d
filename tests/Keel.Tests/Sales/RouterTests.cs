using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// The choice of sites by itself: nothing but what it is given.
public class RouterTests
{
    private static readonly DateOnly Monday = new(2026, 3, 9);

    [Fact, Feature("OM-08")]
    public void The_fewest_parcels_come_before_the_lowest_cost()
    {
        var near = Site("NEAR", cost: 300, days: 1, ("A", 5), ("B", 0));
        var far = Site("FAR", cost: 200, days: 3, ("A", 0), ("B", 5));
        var both = Site("BOTH", cost: 900, days: 4, ("A", 5), ("B", 5));

        var route = Decide([near, far, both], Rule(SourcingSort.Cost), ("A", 1), ("B", 1));

        route.Nodes.Select(n => n.Text).ShouldBe(["BOTH"]);
        Why(route, "NEAR").ShouldBe("it lacks 1 × B");
    }

    [Fact, Feature("OM-09")]
    public void Each_measure_chooses_what_it_measures()
    {
        Yard[] sites = [Site("FIRST", cost: 700, days: 3, ("A", 5)), Site("CHEAP", cost: 200, days: 4, ("A", 6)), Site("NEAR", cost: 900, days: 1, ("A", 5)), Site("FULL", cost: 800, days: 5, ("A", 500))];

        Decide(sites, Rule(SourcingSort.Channel), ("A", 1)).Nodes[0].Text.ShouldBe("FIRST");
        Decide(sites, Rule(SourcingSort.Cost), ("A", 1)).Nodes[0].Text.ShouldBe("CHEAP");
        Decide(sites, Rule(SourcingSort.Nearest), ("A", 1)).Nodes[0].Text.ShouldBe("NEAR");
        Decide(sites, Rule(SourcingSort.Arrival), ("A", 1)).Nodes[0].Text.ShouldBe("NEAR");
        Decide(sites, Rule(SourcingSort.Stock), ("A", 1)).Nodes[0].Text.ShouldBe("FULL");
        var cheap = Decide(sites, Rule(SourcingSort.Cost), ("A", 1));
        Why(cheap, "NEAR").ShouldBe("it costs 7.00 EUR more");
        Why(Decide(sites, Rule(SourcingSort.Nearest), ("A", 1)), "CHEAP").ShouldBe("it is 3 days further away");
    }

    [Fact, Feature("OM-10")]
    public void A_rule_asks_only_the_sites_that_it_names_and_says_why_the_others_are_left_out()
    {
        Yard[] sites = [new("STORE", 100, 1, SiteKind.Store, "NL", ("A", 5)), new("ABROAD", 100, 1, SiteKind.Warehouse, "BE", ("A", 5)), Site("HOME", 900, 2, ("A", 5))];

        var route = Decide(sites, Rule(SourcingSort.Cost) with { Kinds = [SiteKind.Warehouse], SameCountry = true }, ("A", 1));

        route.Nodes[0].Text.ShouldBe("HOME");
        route.LeftOut.Select(l => l.Name).ShouldBe(["STORE", "ABROAD"]);
        route.LeftOut.Single(l => l.Name == "ABROAD").Reason.ShouldBe("it is in BE, the customer in NL");
    }

    [Fact, Feature("OM-38")]
    public void What_a_split_would_cost_too_much_is_not_split_and_goes_to_the_next_rule()
    {
        Yard[] sites = [Site("ONE", 400, 1, ("A", 5)), Site("TWO", 400, 1, ("B", 5)), Site("LATE", 100, 9, ("A", 1), ("B", 1))];
        var near = Rule(SourcingSort.Nearest) with { Name = "near", Without = ["LATE"], SplitCosts = new Money(700, Currency.Eur) };

        var dear = Decide(sites, [near, Rule(SourcingSort.Cost)], Asked(("A", 1), ("B", 1)));
        var fine = Decide(sites, [near with { SplitCosts = new Money(800, Currency.Eur) }, Rule(SourcingSort.Cost)], Asked(("A", 1), ("B", 1)));

        dear.Nodes.Select(n => n.Text).ShouldBe(["LATE"]);
        dear.Tried[0].ShouldBe(new TriedRule("near", false, "No single site has everything, and a split for 8.00 EUR is dearer than 7.00 EUR."));
        fine.Nodes.Select(n => n.Text).ShouldBe(["ONE", "TWO"]);
    }

    [Fact, Feature("OM-38")]
    public void What_may_not_be_split_is_not_split_by_the_last_rule_either()
    {
        Yard[] sites = [Site("ONE", 400, 1, ("A", 5)), Site("TWO", 400, 1, ("B", 5))];

        var small = Decide(sites, Rule(SourcingSort.Cost) with { SplitFrom = new Money(200_00, Currency.Eur) }, ("A", 1), ("B", 1));

        (small.IsComplete, small.Legs.Count).ShouldBe((false, 1));
        small.Followed!.MostParcels.ShouldBe(1, "what is missing waits, and is not asked of others");
    }

    [Fact, Feature("OM-15")]
    public void What_is_sent_as_a_whole_only_is_not_sent_in_part()
    {
        Yard[] sites = [Site("ONE", 400, 1, ("A", 2))];

        var whole = Decide(sites, Rule(SourcingSort.Channel) with { Whole = true }, ("A", 3));
        var part = Decide(sites, Rule(SourcingSort.Channel), ("A", 3));

        whole.Legs.ShouldBeEmpty();
        whole.IsComplete.ShouldBeFalse();
        part.Legs.Single().Units.ShouldBe((Quantity)2);
        part.IsComplete.ShouldBeFalse();
    }

    [Fact, Feature("OM-28")]
    public void Components_of_a_kit_leave_from_one_site_in_whole_kits()
    {
        Yard[] sites = [Site("ONE", 400, 1, ("A", 4), ("B", 1)), Site("TWO", 400, 1, ("A", 0), ("B", 5)), Site("THREE", 900, 1, ("A", 4), ("B", 2))];

        var route = Decide(sites, [Rule(SourcingSort.Cost)], Asked() with { Lines = [new RouteLine(1, "A", 4, null, null, 9, 2), new RouteLine(2, "B", 2, null, null, 9, 1)] });

        route.IsComplete.ShouldBeTrue();
        route.Nodes.Select(n => n.Text).ShouldBe(["THREE"]);
    }

    [Fact, Feature("OM-08")]
    public void However_orders_and_stock_are_nothing_is_sent_twice_or_from_nowhere_and_the_same_gives_the_same()
    {
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            string[] skus = ["A", "B", "C", "D"];
            var sites = Enumerable.Range(0, random.Next(1, 11)).Select(n => Site($"N{n}", random.Next(100, 900), random.Next(0, 6), [.. skus.Select(s => (s, random.Next(0, 5)))])).ToArray();
            var lines = Enumerable.Range(0, random.Next(1, 7)).Select(_ => (skus[random.Next(4)], random.Next(1, 5))).ToArray();
            var rule = Rule((SourcingSort)random.Next(0, 7)) with { MostParcels = random.Next(1, 5), KeepsBack = random.Next(0, 2) };

            var route = Decide(sites, rule, lines);

            route.Nodes.Count.ShouldBeLessThanOrEqualTo(rule.MostParcels);
            foreach (var (line, n) in lines.Select((l, n) => (l, n)))
            {
                var given = route.Legs.SelectMany(l => l.Lines).Where(l => l.Line == n + 1).Sum(l => l.Quantity);
                if (route.IsComplete) given.ShouldBe((Quantity)line.Item2);
                else given.ShouldBeLessThanOrEqualTo((Quantity)line.Item2);
            }

            foreach (var leg in route.Legs)
            {
                foreach (var sku in skus)
                {
                    var took = leg.Lines.Where(l => lines[l.Line - 1].Item1 == sku).Sum(l => l.Quantity);
                    if (took.IsPositive) (sites.Single(s => s.Code == leg.Node.Text).Of(sku) - rule.KeepsBack).ShouldBeGreaterThanOrEqualTo((int)took.Units);
                }
            }

            // Fewer parcels would not do: no smaller set has everything.
            if (route.IsComplete && route.Nodes.Count > 1) Decide(sites, rule with { MostParcels = route.Nodes.Count - 1 }, lines).IsComplete.ShouldBeFalse();
            var again = Decide(sites, rule, lines);
            again.Nodes.ShouldBe(route.Nodes);
            again.Legs.SelectMany(l => l.Lines).ShouldBe(route.Legs.SelectMany(l => l.Lines));
        }
    }

    /// A site of a test: what a parcel from there costs, how many days it is on the road, and what it has.
    private sealed record Yard(string Code, int Cost, int Days, SiteKind Kind, string Country, params (string Sku, int Quantity)[] Has)
    {
        public int Of(string sku) => Has.Where(h => h.Sku == sku).Sum(h => h.Quantity);

        public Stop Stop(int place, IReadOnlyList<RouteLine> lines) => new(
            Code, place, new Keel.Kernel.Site(default, Code, Code, Kind, SiteAuthority.Keel, Country, "Europe/Amsterdam", SiteCalendar.Standard), null,
            new Lane(default, Code, "NL", "", Days, new Money(Cost, Currency.Eur), Money.Zero(Currency.Eur), Currency.Eur, default, "", default), Monday, 0)
        {
            Available = [.. lines.Select(l => (Quantity)Of(l.Sku.Text))], Kept = new string?[lines.Count],
        };
    }

    [Fact, Feature("OM-16")]
    public void Sites_that_have_goods_for_an_order_already_count_among_its_parcels()
    {
        Yard[] sites = [Site("HAS", 300, 1, ("A", 0)), Site("OTHER", 200, 1, ("A", 5))];
        var rest = Asked(("A", 1)) with { Has = new HashSet<NodeCode> { "HAS" } };

        var one = Decide(sites, [Rule(SourcingSort.Cost) with { MostParcels = 1 }], rest);
        var two = Decide(sites, [Rule(SourcingSort.Cost) with { MostParcels = 2 }], rest);

        one.Nodes.ShouldBeEmpty();
        new RoutedOrder(rest, one, one.Followed).From.ShouldBe(["HAS"]);
        two.Nodes.Select(n => n.Text).ShouldBe(["OTHER"]);
    }

    private static Yard Site(string code, int cost, int days, params (string Sku, int Quantity)[] has) => new(code, cost, days, SiteKind.Warehouse, "NL", has);

    private static SourcingRule Rule(SourcingSort first) => new("rule", First: first);

    private static string Why(Route route, string node) => route.Candidates.Single(c => c.Name == node).Facts[RouteWords.WhyNot];

    private static Route Decide(Yard[] sites, SourcingRule rule, params (string Sku, int Quantity)[] lines) => Decide(sites, [rule], Asked(lines));

    private static Route Decide(Yard[] sites, SourcingRule[] rules, RouteAsked asked) => new Router(asked, [.. sites.Select((s, i) => s.Stop(i, asked.Lines))]).Decide("web", rules);

    private static RouteAsked Asked(params (string Sku, int Quantity)[] lines)
    {
        var channel = new Channel(default, "webshop", "Web shop", ChannelKind.OwnShop, Currency.Eur, true, [], 100, "nobody");
        return new RouteAsked(channel, "NL", "2013DH", new Money(10_000, Currency.Eur), 100, null, default, [.. lines.Select((l, i) => new RouteLine(i + 1, l.Sku, l.Quantity, null, 500))]);
    }
}
