using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// The arithmetic of cost: pools, layers and standards.
public class WorthTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly CostPool Nothing = CostPool.Empty(default, "LENS", Currency.Eur);

    private int layers;

    /// The Spy Who Loves You Corporation: OpenStax, Principles of Accounting 1, chapter 10.3 (perpetual method), CC BY-NC-SA 4.0. 150 at 21 to begin with;
    /// 120 sold; 225 bought at 27; 180 sold; 210 bought at 33. The book rounds to whole dollars.
    [Theory, Feature("AC-05")]
    [InlineData(CostingMethod.Fifo, 2520_00, 4680_00, 8955_00)]
    [InlineData(CostingMethod.Average, 2520_00, 4732_94, 8902_06)]
    public void Cost_of_sales_and_what_is_left_are_what_the_textbook_says(CostingMethod method, long first, long second, long left)
    {
        var worth = new Worth(Nothing with { Method = method }, []);
        Buy(worth, 150, 21);
        worth.Issue(120, "", Move()).Minor.ShouldBe(first);
        Buy(worth, 225, 27);
        worth.Issue(180, "", Move()).Minor.ShouldBe(second);
        Buy(worth, 210, 33);
        (worth.Pool.Quantity, worth.Pool.Value.Minor).ShouldBe(((Quantity)285, left));
    }

    /// The same goods told apart: OpenStax, same place, specific identification: what is sold is known to be of one purchase or another.
    [Fact, Feature("AC-05", "AC-36")]
    public void Goods_that_are_told_apart_cost_what_was_paid_for_them()
    {
        var worth = new Worth(Nothing with { Method = CostingMethod.Lot }, []);
        Buy(worth, 150, 21, "A");
        Buy(worth, 225, 27, "B");
        worth.Issue(100, "B", Move()).Minor.ShouldBe(2700_00);
        worth.Issue(20, "A", Move()).Minor.ShouldBe(420_00);
        worth.Pool.Value.Minor.ShouldBe(130 * 2100 + 125 * 2700);
        worth.Add(5, "A", null, Layer("A")).Value.Minor.ShouldBe(5 * 2100, "what is found is worth what its lot is");
        Should.Throw<InvariantBroken>(() => worth.Issue(136, "A", Move()));
    }

    /// A standard of 5.00 and a purchase of 1,000 at 5.20: a price variance of 200 against us, as any text on standard costing has it (CIMA, Management
    /// Accounting: material price variance = (standard price - actual price) x actual quantity).
    [Fact, Feature("AC-05", "AC-20")]
    public void What_is_paid_beyond_the_standard_is_a_variance()
    {
        var worth = new Worth(Nothing with { Method = CostingMethod.Standard, Standard = 500 }, []);
        var (came, variance) = worth.Add(1000, "", new Money(5200_00, Currency.Eur), Layer(""));
        (came.Minor, variance.Minor, worth.Pool.Value.Minor).ShouldBe((5200_00, 200_00, 5000_00));
        worth.Issue(400, "", Move()).Minor.ShouldBe(2000_00);
        worth.SetStandard(510).Minor.ShouldBe(60_00, "six hundred are worth ten cents more");
        worth.Add(10, "", null, Layer("")).ShouldBe((new Money(51_00, Currency.Eur), Money.Zero(Currency.Eur)));
    }

    /// IAS 2.28-33: lower of cost and net realisable value, a later rise written back up to cost and no further.
    [Fact, Feature("AC-33")]
    public void Goods_are_written_down_to_what_they_bring_and_back_up_to_their_cost_and_no_further()
    {
        foreach (var method in Enum.GetValues<CostingMethod>())
        {
            var worth = new Worth(Nothing with { Method = method, Standard = 1000 }, []);
            Buy(worth, 10, 10);
            worth.ValueAt(new Money(70_00, Currency.Eur)).Minor.ShouldBe(-30_00);
            worth.Issue(5, "", Move()).Minor.ShouldBe(35_00, method.ToString());
            worth.Pool.WrittenDown.Minor.ShouldBe(15_00);
            worth.ValueAt(new Money(45_00, Currency.Eur)).Minor.ShouldBe(10_00);
            worth.ValueAt(new Money(90_00, Currency.Eur)).Minor.ShouldBe(5_00, "no further than what they cost");
            (worth.Pool.Value.Minor, worth.Pool.WrittenDown.Minor).ShouldBe((50_00, 0));
            worth.Issue(5, "", Move()).Minor.ShouldBe(50_00);
        }
    }

    /// 1,000 of freight on 100 at 10 and 50 at 20, by number and by value (Settle, Allocation models); 750 of carriage on 20 at 50, 30 at 75 and 40 at 100
    /// (forum of the Association of Accounting Technicians); 48 of freight on 300 of 1,700 pounds (Vanderbeck, Principles of Cost Accounting).
    [Theory, Feature("AC-07")]
    [InlineData(SplitBy.Quantity, 1000_00, "100x10.00 50x20.00", "66667 33333")]
    [InlineData(SplitBy.Value, 1000_00, "100x10.00 50x20.00", "50000 50000")]
    [InlineData(SplitBy.Value, 750_00, "20x50.00 30x75.00 40x100.00", "10345 23276 41379")]
    [InlineData(SplitBy.Weight, 48_00, "300x2.00 1400x0.00", "847 3953")]
    [InlineData(SplitBy.Equally, 100_00, "1x1.00 1x1.00 1x1.00", "3334 3333 3333")]
    public void A_charge_is_split_to_the_cent(SplitBy by, long charge, string goods, string shares)
    {
        var lines = goods.Split(' ').Select(g => g.Split('x')).Select((g, i) => new LateCosts.Line(
            default, "", "MAIN", i + 1, "LENS", int.Parse(g[0]), new Money((long)(decimal.Parse(g[1], System.Globalization.CultureInfo.InvariantCulture) * int.Parse(g[0]) * 100), Currency.Eur), Currency.Eur, Start, default, 454, 10, 10, 10)).ToArray();
        var split = new Money(charge, Currency.Eur).Split(LateCosts.Weights(by, lines).Value);
        string.Join(' ', split.Select(s => s.Minor)).ShouldBe(shares);
        split.Sum(s => s.Minor).ShouldBe(charge);
    }

    [Theory, Feature("AC-05", "AC-36", "AC-08")]
    [InlineData(CostingMethod.Average)]
    [InlineData(CostingMethod.Fifo)]
    [InlineData(CostingMethod.Lot)]
    [InlineData(CostingMethod.Standard)]
    public void Whatever_comes_and_goes_value_is_conserved_to_the_cent_and_nothing_is_ever_below_nothing(CostingMethod method)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var dice = new Random(seed);
            var worth = new Worth(Nothing with { Method = method, Standard = dice.Next(1, 900) + 0.375m }, []);
            long paid = 0, left = 0, variance = 0, changed = 0;
            for (var step = 0; step < 120; step++)
            {
                var lot = dice.Next(3).ToString();
                switch (dice.Next(6))
                {
                    case 0 or 1:
                        var quantity = new Quantity(dice.Next(1, 9) * (dice.Next(2) == 0 ? 1000 : 125));
                        var (came, beyond) = worth.Add(quantity, lot, dice.Next(8) == 0 ? null : new Money(dice.Next(0, 5000), Currency.Eur), Layer(lot));
                        (paid, variance) = (paid + came.Minor, variance + beyond.Minor);
                        break;
                    case 2 or 3:
                        var there = method is CostingMethod.Lot ? worth.Layers.Where(l => l.Lot == lot).Sum(l => l.Open) : worth.Pool.Quantity;
                        if (there.IsZero) break;
                        var leaves = dice.Next(4) == 0 ? there : new Quantity(1 + dice.NextInt64(there.Thousandths));
                        var cost = worth.Issue(leaves, lot, Move());
                        cost.Minor.ShouldBeGreaterThanOrEqualTo(0);
                        left += cost.Minor;
                        break;
                    case 4 when method is not CostingMethod.Standard:
                        changed += worth.Change(new Money(dice.Next(-3000, 3000), Currency.Eur)).Minor;
                        break;
                    case 4:
                        changed += worth.SetStandard(dice.Next(1, 900) + 0.125m).Minor;
                        break;
                    default:
                        if (worth.Pool.WrittenDown.IsZero || method is not CostingMethod.Standard) changed += worth.ValueAt(new Money(dice.Next(0, 8000), Currency.Eur)).Minor;
                        break;
                }

                worth.Pool.Value.Minor.ShouldBe(paid - left - variance + changed, $"seed {seed}, step {step}");
                worth.Pool.Value.Minor.ShouldBeGreaterThanOrEqualTo(0);
                worth.Pool.WrittenDown.Minor.ShouldBeGreaterThanOrEqualTo(0);
                if (worth.Pool.Quantity.IsZero) (worth.Pool.Value.Minor, worth.Pool.WrittenDown.Minor).ShouldBe((0, 0));
                if (!worth.Pool.KeepsLayers) continue;
                worth.Layers.Sum(l => l.Open).ShouldBe(worth.Pool.Quantity);
                worth.Layers.Sum(l => l.Value.Minor).ShouldBe(worth.Pool.Value.Minor);
                worth.Layers.ShouldAllBe(l => l.Value.Minor >= 0 && (l.Open.IsPositive || l.Value.Minor == 0));
            }
        }
    }

    [Fact, Feature("AC-05")]
    public void The_method_may_change_and_what_is_there_keeps_its_value()
    {
        var worth = new Worth(Nothing with { Method = CostingMethod.Fifo }, []);
        Buy(worth, 3, 3.33m);
        Buy(worth, 4, 5m);
        worth.Become(CostingMethod.Average, [], (_, _, _) => throw new InvalidOperationException()).IsZero.ShouldBeTrue();
        (worth.Pool.Value.Minor, worth.Layers.Sum(l => l.Open)).ShouldBe((2999, Quantity.Zero));
        worth.Become(CostingMethod.Lot, [("A", 2), ("B", 5)], Opened).IsZero.ShouldBeTrue();
        worth.Layers.Where(l => l.Open.IsPositive).Select(l => $"{l.Lot} {l.Open} {l.Value.Minor}").ShouldBe(["A 2 857", "B 5 2142"]);
        worth.Become(CostingMethod.Standard, [], Opened).Minor.ShouldBe(0, "without a standard it is what one cost on average");
        worth.SetStandard(400).Minor.ShouldBe(2800 - 2999);
        worth.Become(CostingMethod.Fifo, [], Opened).IsZero.ShouldBeTrue();
        worth.Issue(7, "", Move()).Minor.ShouldBe(2800);
    }

    private CostLayer Opened(string lot, Quantity quantity, Money value) => Layer(lot)(quantity, value);

    private void Buy(Worth worth, int quantity, decimal each, string lot = "") => worth.Add(quantity, lot, Money.Of(each * quantity, Currency.Eur), Layer(lot));

    private Func<Quantity, Money, CostLayer> Layer(string lot) => (quantity, value) =>
        new(new Id<CostLayer>(Guid.CreateVersion7(Start.AddSeconds(++layers))), default, "LENS", lot, new DocumentRef("receipt", default, "RC"), 1, quantity, quantity, value, Currency.Eur, Start.AddSeconds(layers), default);

    private static Id<StockMove> Move() => new(Guid.NewGuid());
}
