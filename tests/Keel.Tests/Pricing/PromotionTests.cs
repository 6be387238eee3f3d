using Keel.Kernel;
using Keel.Pricing.Contract;
using Keel.Pricing.Promotions;
using Shouldly;
using Xunit;

namespace Keel.Tests.Pricing;

/// What promotions take off a basket: arithmetic to the cent.
public class PromotionTests
{
    private static readonly DateOnly Day = new(2026, 3, 10);

    [Fact, Feature("PD-04")]
    public void Each_kind_takes_off_what_it_says()
    {
        // Two mugs at 7.50, one bowl at 12.99, postage 4.95.
        Off(P(PromotionKind.Percent) with { Percent = 10 }).ShouldBe([1_50, 1_30, 0]);
        Off(P(PromotionKind.Percent) with { Percent = 10, Skus = ["BOWL"] }).ShouldBe([0, 1_30, 0]);
        Off(P(PromotionKind.Percent) with { Percent = 10, Categories = ["mugs"] }).ShouldBe([1_50, 0, 0]);
        Off(P(PromotionKind.AmountOff) with { Amount = Eur(5_00) }).ShouldBe([2_68, 2_32, 0]);
        Off(P(PromotionKind.AmountOff) with { Amount = Eur(50_00) }).ShouldBe([15_00, 12_99, 0], "never more than it costs");
        Off(P(PromotionKind.AmountEach) with { Amount = Eur(1_00), Skus = ["MUG"] }).ShouldBe([2_00, 0, 0]);
        Off(P(PromotionKind.AmountEach) with { Amount = Eur(9_00), Skus = ["MUG"] }).ShouldBe([15_00, 0, 0]);
        Off(P(PromotionKind.FixedPrice) with { Amount = Eur(5_00), Skus = ["MUG", "BOWL"] }).ShouldBe([5_00, 7_99, 0]);
        Off(P(PromotionKind.FixedPrice) with { Amount = Eur(20_00), Skus = ["MUG", "BOWL"] }).ShouldBe([0, 0, 0], "nobody pays more for it");
        Off(P(PromotionKind.BuyAndGet) with { Buy = 1, Get = 1 }).ShouldBe([7_50, 0, 0], "the cheapest one of each two");
        Off(P(PromotionKind.BuyAndGet) with { Buy = 2, Get = 1, Percent = 50 }).ShouldBe([3_75, 0, 0]);
        Off(P(PromotionKind.BuyAndGet) with { Buy = 3, Get = 1 }).ShouldBe([0, 0, 0]);
        Off(P(PromotionKind.ByQuantity) with { Tiers = [new(2, 5), new(3, 20), new(9, 50)] }).ShouldBe([3_00, 2_60, 0]);
        Off(P(PromotionKind.Bundle) with { Skus = ["MUG", "BOWL"], Amount = Eur(15_00) }).ShouldBe([2_01, 3_48, 0], "a mug and a bowl for fifteen; the other mug is paid");
        Off(P(PromotionKind.Bundle) with { Skus = ["MUG"], Categories = ["bowls"], Amount = Eur(7_00) }).ShouldBe([1_00, 0, 0], "other goods of a category are in no bundle");
        Off(P(PromotionKind.Bundle) with { Skus = ["MUG", "VASE"], Amount = Eur(1_00) }).ShouldBe([0, 0, 0]);
        Off(P(PromotionKind.FreeShipping) with { MinValue = Eur(25_00) }).ShouldBe([0, 0, 4_95]);
        Off(P(PromotionKind.FreeShipping) with { MinValue = Eur(28_00) }).ShouldBe([0, 0, 0], "goods count for its value, postage does not");
        Off(P(PromotionKind.FreeShipping) with { Percent = 50 }).ShouldBe([0, 0, 2_48]);
    }

    [Fact, Feature("PD-04")]
    public void It_holds_on_its_days_on_its_channels_in_its_currency_and_from_its_quantity_on()
    {
        var ten = P(PromotionKind.Percent) with { Percent = 10 };
        Off(ten with { FromDay = Day.AddDays(1) }).Sum().ShouldBe(0);
        Off(ten with { ToDay = Day.AddDays(-1) }).Sum().ShouldBe(0);
        Off(ten with { ToDay = Day }).Sum().ShouldBe(2_80);
        Off(ten with { Paused = true }).Sum().ShouldBe(0);
        Off(ten with { Channels = ["till"] }).Sum().ShouldBe(0);
        Off(ten with { Channels = ["till", "webshop"] }).Sum().ShouldBe(2_80);
        Off(ten with { Currency = Currency.Of("USD") }).Sum().ShouldBe(2_80, "per cent are the same in any currency");
        Off(ten with { Currency = Currency.Of("USD"), MinValue = new Money(1_00, Currency.Of("USD")) }).Sum().ShouldBe(0);
        Off(ten with { MinQuantity = 4 }).Sum().ShouldBe(0);
        Off(ten with { MinQuantity = 3 }).Sum().ShouldBe(2_80);
        Off(ten with { MinQuantity = 2, Skus = ["BOWL"] }).Sum().ShouldBe(0, "what it is about counts");
    }

    [Fact, Feature("PD-04")]
    public void It_is_for_everybody_or_for_some_classes_of_customers()
    {
        var trade = P(PromotionKind.Percent) with { Percent = 10, CustomerClasses = ["b2b", "chain"] };
        long Of(string? customerClass) => Reckoning.Of(Mugs with { CustomerClass = customerClass }, [trade]).Sum(d => d.Amount.Minor);
        (Of(null), Of("dealer"), Of("b2b"), Of("chain")).ShouldBe((0, 0, 2_80, 2_80));
    }

    [Fact, Feature("PD-04")]
    public void The_higher_priority_comes_first_and_what_does_not_combine_closes_its_lines()
    {
        var ten = P(PromotionKind.Percent, "ten") with { Percent = 10, Priority = 200 };
        var half = P(PromotionKind.Percent, "half") with { Percent = 50, Skus = ["BOWL"] };
        Off(ten, half).ShouldBe([1_50, 1_30 + 5_85, 0], "half of what is left");
        Off(ten with { Combines = false }, half).ShouldBe([1_50, 1_30, 0]);
        Off(ten, half with { Combines = false }).ShouldBe([1_50, 1_30, 0], "another took from it already");
        Off(half with { Combines = false, Priority = 300 }, ten).ShouldBe([1_50, 6_50, 0], "only its own line is closed");
    }

    [Fact, Feature("PD-04", "PD-13")]
    public void Nothing_ever_costs_less_than_nothing_and_the_same_basket_costs_the_same()
    {
        var dice = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var basket = new Basket("webshop", Currency.Eur, Day, [.. Enumerable.Range(0, 1 + dice.Next(6)).Select(i => new BasketLine(
                i, dice.Next(6) == 0 ? default(Sku?) : (Sku)$"S{dice.Next(4)}", dice.Next(2) == 0 ? "a" : "b", Quantity.Of((1 + dice.Next(5_000)) / (dice.Next(3) == 0 ? 1000m : 1m)), Eur(dice.Next(100_00)), dice.Next(5) == 0) { IsShipping = dice.Next(4) == 0 })]);
            var promotions = Enumerable.Range(0, dice.Next(6)).Select(n => P((PromotionKind)dice.Next(8), "p" + n) with
            {
                Percent = 1 + dice.Next(100), Amount = Eur(1 + dice.Next(20_00)), Buy = 1 + dice.Next(3), Get = 1 + dice.Next(3), Tiers = [new(1 + dice.Next(3), 10), new(5, 30)], Combines = dice.Next(3) > 0,
                Skus = dice.Next(2) == 0 ? ["S1", "S2"] : [], MinValue = dice.Next(4) == 0 ? Eur(dice.Next(1, 90_00)) : default(Money?),
            }).Where(p => p.Kind is not PromotionKind.Bundle || p.Skus.Count > 0).ToArray();

            var given = Reckoning.Of(basket, promotions);

            Reckoning.Of(basket, promotions).ShouldBe(given);
            given.ShouldAllBe(g => g.Amount.Minor > 0);
            foreach (var line in basket.Lines)
            {
                var off = given.Where(g => g.Index == line.Index).Sum(g => g.Amount.Minor);
                off.ShouldBeInRange(0, line.IsStated ? 0 : line.Amount.Minor);
                given.Where(g => g.Index == line.Index).Select(g => g.Promotion).Distinct().Count().ShouldBe(given.Count(g => g.Index == line.Index));
                if (given.Any(g => g.Index == line.Index && !promotions.Single(p => p.Code == g.Promotion).Combines)) given.Count(g => g.Index == line.Index).ShouldBe(1);
            }
        }
    }

    private static readonly Basket Mugs = new("webshop", Currency.Eur, Day,
    [
        new(0, "MUG", "mugs", 2, Eur(15_00), false), new(1, "BOWL", "bowls", 1, Eur(12_99), false), new(2, null, null, 1, Eur(4_95), false) { IsShipping = true },
    ]);

    private static long[] Off(params Promotion[] promotions)
    {
        var given = Reckoning.Of(Mugs, promotions.OrderByDescending(p => p.Priority).ThenBy(p => p.Code, StringComparer.Ordinal));
        return [.. Mugs.Lines.Select(l => given.Where(g => g.Index == l.Index).Sum(g => g.Amount.Minor))];
    }

    private static Money Eur(long minor) => new(minor, Currency.Eur);

    private static Promotion P(PromotionKind kind, string code = "p") => new(
        default, code, code, "Mary", kind, new DateOnly(2026, 1, 1), null, false, 100, true, false, [], [], [], [], null, null, null, null, null, null, Currency.Eur, null, null, null, default, "test", 1, Guid.Empty);
}
