using Keel.Kernel;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// The arithmetic of putting away: no bin beyond what it takes, every unit somewhere once, the same each time.
public class StowingTests
{
    [Fact, Feature("WH-04")]
    public void A_full_bin_spills_into_the_next_one_and_then_into_the_next_way()
    {
        BinRoom[] near = [Bin("A-1", most: 4), Bin("A-2", most: 3)];
        BinRoom[] far = [Bin("B-1")];

        var plan = Stowing.Plan(Mugs(10), [new StowWay(StowBy.Product, "A", BinChoice.Closest, near), new StowWay(StowBy.Above, "B", BinChoice.Closest, far)]);

        plan.Steps.Select(s => (s.Bin.Text, s.Quantity.Units, s.By)).ShouldBe([("A-1", 4m, StowBy.Product), ("A-2", 3m, StowBy.Product), ("B-1", 3m, StowBy.Above)]);
        plan.Left.ShouldBe(0);
    }

    [Fact, Feature("WH-04")]
    public void Each_choice_takes_the_bin_that_it_says()
    {
        First(BinChoice.Closest).ShouldBe("A-1");
        First(BinChoice.Emptiest).ShouldBe("A-3");
        First(BinChoice.WhereItLies).ShouldBe("A-2");

        string First(BinChoice choice)
        {
            BinRoom[] bins = [Bin("A-1"), Bin("A-2"), Bin("A-3")];
            bins[0].Holds("BOWL", "", 5, default);
            bins[1].Holds("MUG", "", 2, default);
            return Stowing.Plan(Mugs(1), [new StowWay(StowBy.All, "A", choice, bins)]).Steps.Single().Bin.Text;
        }
    }

    [Fact, Feature("WH-04", "IN-22")]
    public void Weight_volume_mixing_class_and_packages_keep_goods_out_and_say_so()
    {
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { MaxKilograms = 1 }, Mugs(10, grams: 300)).ShouldBe((3m, BinLimit.Weight));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { MaxLitres = 2 }, Mugs(10, volume: 900_000)).ShouldBe((2m, BinLimit.Volume));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { MaxKilograms = 1 }, Mugs(10)).ShouldBe((10m, null), "what nobody weighed weighs nothing");
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0), Mugs(1) with { Class = StorageClass.Chilled }).ShouldBe((0m, BinLimit.Class));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { Class = StorageClass.Chilled }, Mugs(1) with { Class = StorageClass.Chilled }).ShouldBe((1m, null));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { Mixing = Mixing.SameProduct }, Mugs(2), ("BOWL", 1)).ShouldBe((0m, BinLimit.Mixing));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { Mixing = Mixing.SameProduct }, Mugs(2), ("MUG", 1)).ShouldBe((2m, null));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { Mixing = Mixing.OnlyEmpty }, Mugs(2), ("MUG", 1)).ShouldBe((0m, BinLimit.NotEmpty));
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { MaxUnits = 4 }, Mugs(5) with { IsPackage = true }).ShouldBe((0m, BinLimit.Units), "a package goes as a whole");
        Fits(new Location(default, "X", "N", "Z", PlaceKind.Storage, "", 0) { MaxUnits = 4 }, Mugs(Quantity.Of(4.5m)) with { IsCounted = false }, ("CORD", Quantity.Of(0.25m))).ShouldBe((3.75m, BinLimit.Units));
    }

    [Theory, Feature("WH-04", "IN-22"), InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Nothing_is_put_twice_nothing_is_lost_and_no_bin_takes_more_than_it_holds(int seed)
    {
        for (var round = 0; round < 200; round++)
        {
            var (plans, bins, loads) = Random(seed * 1000 + round);
            var again = Random(seed * 1000 + round).Plans;

            foreach (var (plan, load) in plans.Zip(loads)) (plan.Steps.Sum(s => s.Quantity) + plan.Left).ShouldBe(load.Quantity);
            plans.SelectMany(p => p.Steps).Select(s => (s.Bin, s.Quantity)).ShouldBe(again.SelectMany(p => p.Steps).Select(s => (s.Bin, s.Quantity)), "the same each time");
            foreach (var bin in bins)
            {
                var put = plans.Zip(loads).SelectMany(p => p.First.Steps.Where(s => s.Bin == bin.Code).Select(s => (s.Quantity, Load: p.Second))).ToArray();
                put.Sum(p => p.Quantity).Units.ShouldBeLessThanOrEqualTo(bin.MaxUnits ?? decimal.MaxValue);
                put.Sum(p => p.Quantity.Units * (p.Load.Parts[0].Size.WeightGrams ?? 0)).ShouldBeLessThanOrEqualTo((bin.MaxKilograms ?? 1_000_000) * 1000m);
                put.Sum(p => p.Quantity.Units * (p.Load.Parts[0].Size.Volume ?? 0)).ShouldBeLessThanOrEqualTo((bin.MaxLitres ?? 1_000_000) * 1_000_000m);
                if (bin.Mixing is Mixing.SameProduct) put.Select(p => p.Load.Parts[0].Sku).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
                if (bin.Mixing is Mixing.OnlyEmpty) put.Length.ShouldBeLessThanOrEqualTo(1);
                put.ShouldAllBe(p => p.Load.Class == null || p.Load.Class == bin.Class);
            }
        }
    }

    private static (IReadOnlyList<StowPlan> Plans, IReadOnlyList<Location> Bins, IReadOnlyList<Load> Loads) Random(int seed)
    {
        var dice = new Random(seed);
        Location[] bins =
        [
            .. Enumerable.Range(1, dice.Next(1, 8)).Select(i => new Location(default, $"A-{i}", "N", "Z", PlaceKind.Storage, "", i)
            {
                MaxUnits = dice.Next(2) == 0 ? dice.Next(1, 20) : null, MaxKilograms = dice.Next(3) == 0 ? dice.Next(1, 6) : null, MaxLitres = dice.Next(3) == 0 ? dice.Next(1, 6) : null,
                Mixing = (Mixing)dice.Next(3), Class = (StorageClass)dice.Next(2),
            }),
        ];
        Load[] loads =
        [
            .. Enumerable.Range(0, dice.Next(1, 6)).Select(i => new Load([new LoadPart($"S{dice.Next(3)}", dice.Next(2) == 0 ? "" : "L", dice.Next(1, 25), new UnitSize(dice.Next(2) == 0 ? 333 : null, dice.Next(2) == 0 ? 700_000 : null))])
            {
                Class = dice.Next(3) == 0 ? (StorageClass)dice.Next(2) : null, IsPackage = dice.Next(5) == 0,
            }),
        ];
        var rooms = bins.Select(b => new BinRoom(b)).ToArray();
        var ways = Enumerable.Range(0, dice.Next(1, 4)).Select(i => new StowWay((StowBy)i, null, (BinChoice)dice.Next(3), [.. rooms.Where(_ => dice.Next(3) > 0)])).ToArray();
        return ([.. loads.Select(l => Stowing.Plan(l, ways))], bins, loads);
    }

    private static (decimal, BinLimit?) Fits(Location place, Load load, params (Sku Sku, Quantity Quantity)[] lying)
    {
        var room = new BinRoom(place);
        foreach (var (sku, quantity) in lying) room.Holds(sku, "", quantity, default);
        var (fits, limit) = room.Fits(load, load.Quantity);
        return (fits.Units, limit);
    }

    private static BinRoom Bin(LocationCode code, int? most = null) => new(new Location(default, code, "N", "Z", PlaceKind.Storage, "", 0) { MaxUnits = most });

    private static Load Mugs(Quantity quantity, int? grams = null, long? volume = null) => new([new LoadPart("MUG", "", quantity, new UnitSize(grams, volume))]);
}
