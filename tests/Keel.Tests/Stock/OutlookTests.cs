using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// What can be promised over time, against a clerk who goes through the days one by one.
public class OutlookTests
{
    private static readonly DateOnly Today = new(2026, 3, 10);
    private static readonly NodeCode[] Sites = ["MAIN", "EAST", "WEST"];

    [Fact, Feature("IN-02")]
    public void What_is_left_for_a_day_is_the_least_of_that_day_and_all_later_ones()
    {
        var outlook = new Outlook(Today, [("MAIN", 5)], [new Arrival("MAIN", Today.AddDays(10), 8)]);
        var served = outlook.Serve([Want(1, 7, due: 4, "MAIN"), Want(2, 3, due: 0, "MAIN")]);

        served.Select(s => (s.Want.Quantity, s.Day)).ShouldBe([((Quantity)3, (DateOnly?)Today), (7, Today.AddDays(10))], "of equals the earlier day goes first");
        outlook.At("MAIN", Today).ShouldBe(0);
        outlook.At("MAIN", Today.AddDays(9)).ShouldBe(0);
        outlook.At("MAIN", Today.AddDays(10)).ShouldBe(3);
        outlook.Curve("MAIN", Today.AddDays(90)).ShouldBe([new PromiseStep(Today, 0), new PromiseStep(Today.AddDays(10), 3)]);
    }

    [Fact, Feature("IN-35")]
    public void What_never_comes_has_no_day_and_what_another_site_gets_serves_too()
    {
        var outlook = new Outlook(Today, [("MAIN", 0)], [new Arrival("EAST", Today.AddDays(3), 4), new Arrival("MAIN", Today.AddDays(6), 2)]);

        var served = outlook.Serve([Want(1, 5, due: 0, "MAIN", "EAST"), Want(2, 9, due: 0, "MAIN", "EAST")]);

        served[0].Day.ShouldBe(Today.AddDays(6));
        served[0].Parts.ShouldBe([("EAST", Today.AddDays(3), 4), ("MAIN", Today.AddDays(6), 1)]);
        (served[1].Day, served[1].Missing).ShouldBe((null, (Quantity)8));
    }

    [Theory, Feature("IN-02", "IN-35")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void However_goods_come_and_are_wanted_a_clerk_who_goes_day_by_day_finds_the_same(int seed)
    {
        var dice = new Random(seed);
        for (var turn = 0; turn < 400; turn++)
        {
            var now = Sites.Select(s => (s, (Quantity)dice.Next(6))).ToArray();
            var arrivals = Enumerable.Range(0, dice.Next(6)).Select(_ => new Arrival(Sites[dice.Next(3)], Today.AddDays(dice.Next(1, 30)), 1 + dice.Next(6))).ToArray();
            var wants = Enumerable.Range(1, dice.Next(8)).Select(n => Want(n, 1 + dice.Next(6), dice.Next(30), [.. Sites.OrderBy(_ => dice.Next()).Take(1 + dice.Next(3))], dice.Next(3))).ToArray();
            var outlook = new Outlook(Today, now, arrivals);

            var served = outlook.Serve(wants);

            var days = new Days(now, arrivals);
            foreach (var part in served.SelectMany(s => s.Parts)) days.Take(part.Node, part.Day, part.Quantity);
            days.IsEverShort.ShouldBeFalse("nothing is promised that is not there on its day");
            foreach (var node in Sites)
            {
                for (var day = 0; day <= 31; day++) outlook.At(node, Today.AddDays(day)).ShouldBe(days.Most(node, day), $"{node} on day {day} of turn {turn}");
                var curve = outlook.Curve(node, Today.AddDays(31));
                for (var day = 0; day <= 31; day++) curve.Last(s => s.From <= Today.AddDays(day)).Quantity.ShouldBe(days.Most(node, day));
                curve.Zip(curve.Skip(1)).ShouldAllBe(p => p.First.Quantity < p.Second.Quantity);
            }

            foreach (var one in served)
            {
                (one.Parts.Sum(p => p.Quantity) + one.Missing).ShouldBe(one.Want.Quantity);
                one.Parts.ShouldAllBe(p => one.Want.Nodes.Contains(p.Node) && p.Day >= one.Want.Due);
                if (one.Missing.IsPositive) one.Want.Nodes.ShouldAllBe(n => outlook.At(n, Today.AddDays(40)) == 0, "whoever gets nothing is told so only where nothing is left");
            }
        }
    }

    [Theory, Feature("IN-06", "IN-07", "IN-35")]
    [InlineData(4)]
    [InlineData(5)]
    public void A_weaker_claim_never_makes_a_stronger_one_wait(int seed)
    {
        var dice = new Random(seed);
        for (var turn = 0; turn < 300; turn++)
        {
            var now = Sites.Select(s => (s, (Quantity)dice.Next(5))).ToArray();
            var arrivals = Enumerable.Range(0, 5).Select(_ => new Arrival(Sites[dice.Next(3)], Today.AddDays(dice.Next(1, 30)), 1 + dice.Next(5))).ToArray();
            var wants = Enumerable.Range(1, 6).Select(n => Want(n, 1 + dice.Next(5), dice.Next(20), [.. Sites.Take(1 + dice.Next(3))], rank: dice.Next(3))).ToArray();
            var strongest = wants.OrderBy(w => w.Rank).ThenBy(w => w.Due).ThenBy(w => w.Since).Take(3).ToArray();

            var alone = new Outlook(Today, now, arrivals).Serve(strongest);
            var among = new Outlook(Today, now, arrivals).Serve(wants.OrderBy(_ => dice.Next()).ToArray());

            foreach (var one in alone) among.Single(s => s.Want.Document == one.Want.Document).Day.ShouldBe(one.Day);
        }
    }

    [Fact, Feature("IN-35")]
    public void Returns_count_as_far_as_the_policy_says_and_in_whole_units()
    {
        var rules = new PromiseRules(40);
        rules.Counted(SupplyKind.Return, 8, null).ShouldBe(3);
        rules.Counted(SupplyKind.Return, 8, 100).ShouldBe(8);
        rules.Counted(SupplyKind.Purchase, 8, null).ShouldBe(8);
        rules.Counted(SupplyKind.Purchase, 8, 50).ShouldBe(4);
        PromiseRules.AsDelivered.Counted(SupplyKind.Return, 8, null).ShouldBe(0);
    }

    private static Want Want(int n, int quantity, int due, params NodeCode[] nodes) => Want(n, quantity, due, nodes, 100);

    private static Want Want(int n, int quantity, int due, NodeCode[] nodes, int rank) =>
        new(new Guid(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), 1, nodes, quantity, rank, Today.AddDays(due), Shop.Morning.AddMinutes(n));

    /// The clerk: a row per site and day, goods added and taken, and nothing clever.
    private sealed class Days
    {
        private readonly Dictionary<NodeCode, long[]> left;

        public Days(IEnumerable<(NodeCode Node, Quantity Quantity)> now, IEnumerable<Arrival> arrivals)
        {
            left = now.ToDictionary(n => n.Node, n => Enumerable.Repeat(n.Quantity.Thousandths, 60).ToArray());
            foreach (var arrival in arrivals) Add(arrival.Node, arrival.Day, arrival.Quantity.Thousandths);
        }

        public bool IsEverShort => left.Values.Any(days => days.Any(d => d < 0));

        public void Take(NodeCode node, DateOnly day, Quantity quantity) => Add(node, day, -quantity.Thousandths);

        /// Takes one more and one more until some day would be short.
        public Quantity Most(NodeCode node, int day)
        {
            var most = 0;
            while (left[node].Skip(day).All(d => d >= (most + 1) * 1000L)) most++;
            return most;
        }

        private void Add(NodeCode node, DateOnly from, long by)
        {
            for (var day = from.DayNumber - Today.DayNumber; day < 60; day++) left[node][day] += by;
        }
    }
}
