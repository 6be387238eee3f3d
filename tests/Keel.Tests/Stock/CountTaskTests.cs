using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
using Keel.Catalog.Units;
using Keel.Stock;
using Keel.Stock.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class CountTaskTests
{
    [Fact, Feature("CC-04", "CC-06")]
    public async Task What_passes_by_itself_is_booked_at_once_and_what_was_right_moves_nothing()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 100, worth: 500_00);
        var ann = await shop.Person("Ann", "warehouse");
        await shop.Stocks("MUG-BL", 7, worth: 21_00);
        var task = await Plans(shop, "MAIN/STOCK");

        await Notes(shop, ann, task, "TEE-M", 99);
        await Notes(shop, ann, task, "MUG-BL", 7);
        (await Finishes(shop, ann, task)).Status.ShouldBe(CountStatus.Done);

        (await shop.Position("TEE-M")).OnHand.ShouldBe(99);
        (await shop.Text("select string_agg(sku || ' ' || difference || ' ' || value, ', ' order by sku) from stock.count_line")).ShouldBe("MUG-BL 0 0, TEE-M -1000 -500");
        (await shop.Text("select order_number from stock.document where kind = 'Adjustment'")).ShouldStartWith("CT-");
        (await shop.Balance("inventory-adjustment")).ShouldBe(5_00);
        await shop.Proves();
    }

    [Fact, Feature("CC-04", "IN-11")]
    public async Task What_is_missing_is_nobodys_to_sell_at_once_and_is_back_when_somebody_else_finds_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var (ann, ben) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"));
        var loser = await shop.Takes(("TEE-M", 8));
        var task = await Plans(shop, "MAIN/STOCK");

        await Notes(shop, ann, task, "TEE-M", 6);
        (await Finishes(shop, ann, task)).Status.ShouldBe(CountStatus.Recount);
        var position = await shop.Position("TEE-M");
        (position.OnHand, position.Sellable, position.Reserved).ShouldBe((10, 6, 6), "four are in doubt: on hand, and nobody's to sell");
        (await shop.Number($"select count(*) from kernel.work_case where kind = 'promise-displaced' and subject_id = '{loser.Id}'")).ShouldBe(1);
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/DOUBT'")).ShouldBe(4000);
        await shop.Delivers();
        (await shop.Number("select count(*) from stock.document where kind = 'Adjustment'")).ShouldBe(0, "nothing is in the books yet");
        await shop.Proves();

        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "TEE-M", 10), shop.By(ann))).Error?.Code.ShouldBe("stock.count-same-person");
        await Notes(shop, ben, task, "TEE-M", 10);
        (await Finishes(shop, ben, task)).Status.ShouldBe(CountStatus.Done);

        (await shop.Position("TEE-M")).Sellable.ShouldBe(10);
        (await shop.Number("select count(*) from stock.document where kind = 'Adjustment'")).ShouldBe(0);
        await shop.Delivers();
        (await shop.Position("TEE-M")).Reserved.ShouldBe(8, "the order has its goods again");
        await shop.Proves();
    }

    [Fact, Feature("CC-04", "CC-07", "AC-25")]
    public async Task What_two_found_is_decided_by_a_third_where_the_reason_asks_for_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await Strict(shop);
        var (ann, ben, eva) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"), await shop.Person("Eva", "operations"));
        var task = await Plans(shop, "MAIN/STOCK");
        await Counts(shop, ann, task, "TEE-M", 5);

        (await Counts(shop, ben, task, "TEE-M", 4)).Status.ShouldBe(CountStatus.ToApprove);
        (await shop.Position("TEE-M")).Sellable.ShouldBe(4, "the later count is what is in doubt now");
        await shop.Proves();
        foreach (var counter in new[] { ann, ben }) (await Decides(shop, counter, task, CountOutcome.Book)).Error?.Code.ShouldBe("stock.count-own");
        (await Decides(shop, eva, task, CountOutcome.Book, "theft")).Ok.ShouldBeTrue();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(4);
        (await shop.Text("select reason || ' ' || approved_by || ' ' || value from stock.document where kind = 'Adjustment'")).ShouldBe("theft Eva -3000");
        (await shop.Balance("shrinkage")).ShouldBe(30_00);
        (await Decides(shop, eva, task, CountOutcome.Book)).Error?.Code.ShouldBe("stock.count-state");
        await shop.Proves();
    }

    [Fact, Feature("CC-04")]
    public async Task Who_decides_may_say_that_the_book_was_right_or_have_it_counted_again()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await Strict(shop);
        var (ann, ben, eva) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"), await shop.Person("Eva", "operations"));
        var task = await Plans(shop, "MAIN/STOCK");
        await Counts(shop, ann, task, "TEE-M", 5);
        await Counts(shop, ben, task, "TEE-M", 14);
        (await shop.Position("TEE-M")).Sellable.ShouldBe(10, "four too many are not sold before somebody decided");

        (await Decides(shop, eva, task, CountOutcome.CountAgain)).Ok.ShouldBeTrue();
        await Counts(shop, ben, task, "TEE-M", 6);
        (await shop.Position("TEE-M")).Sellable.ShouldBe(6);
        (await Decides(shop, eva, task, CountOutcome.BookWasRight)).Ok.ShouldBeTrue();

        (await shop.Position("TEE-M")).Sellable.ShouldBe(10);
        (await shop.Text("select outcome from stock.count_task")).ShouldBe("the book was right");
        await shop.Proves();
    }

    [Fact, Feature("CC-05")]
    public async Task What_comes_and_goes_while_it_is_counted_is_no_difference()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 20, worth: 100_00);
        var (ann, ben) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"));
        var task = await Plans(shop, "MAIN/STOCK");

        await Notes(shop, ann, task, "TEE-M", 15);
        shop.Clock.Step(TimeSpan.FromMinutes(5));
        await shop.Ships(await shop.Takes(("TEE-M", 3)));
        await shop.Stocks("TEE-M", 6, worth: 30_00);
        shop.Clock.Step(TimeSpan.FromMinutes(5));
        (await Finishes(shop, ann, task)).Status.ShouldBe(CountStatus.Recount);
        (await shop.Text("select book || ' ' || in_doubt from stock.count_line")).ShouldBe("20000 5000");
        await shop.Proves();

        shop.Clock.Step(TimeSpan.FromMinutes(5));
        await Notes(shop, ben, task, "TEE-M", 18);
        shop.Clock.Step(TimeSpan.FromMinutes(5));
        await shop.Ships(await shop.Takes(("TEE-M", 4)));
        (await Finishes(shop, ben, task)).Status.ShouldBe(CountStatus.Done);

        (await shop.Position("TEE-M")).OnHand.ShouldBe(14, "23 by the book, 18 there, and four left since");
        await shop.Proves();
    }

    [Fact, Feature("CC-04", "CC-11")]
    public async Task An_empty_place_is_one_step_and_goods_that_nobody_expected_are_counted_too()
    {
        await using var shop = await Shop.Open();
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A-01", "MAIN"), new("MAIN/A-02", "MAIN")]));
        await shop.Stocks("TEE-M", 5, worth: 25_00);
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/STOCK", "MAIN/A-01", 2)]));
        var (ann, ben) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"));
        var (full, bare) = (await Plans(shop, "MAIN/A-01"), await Plans(shop, "MAIN/A-02"));

        (await shop.Asks<FinishCount>(new FinishCount.Request(bare), shop.By(ann))).Error?.Code.ShouldBe("stock.count-nothing-said");
        (await Finishes(shop, ann, bare, empty: true)).Status.ShouldBe(CountStatus.Done);
        (await Finishes(shop, ann, full, empty: true)).Status.ShouldBe(CountStatus.Recount);
        await Notes(shop, ben, full, "TEE-M", 2);
        await Notes(shop, ben, full, "BOWL", 1);
        (await Finishes(shop, ben, full)).Status.ShouldBe(CountStatus.Done);

        (await shop.Position("TEE-M")).Sellable.ShouldBe(5);
        (await shop.Position("BOWL")).OnHand.ShouldBe(1, "it lay there, whatever the book said");
        await shop.Proves();
    }

    [Fact, Feature("CC-02")]
    public async Task What_makes_no_sense_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A-01", "MAIN")]));
        var (ann, ben, pete) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"), await shop.Person("Pete", "picker"));
        var task = await Plans(shop, "MAIN/A-01");
        (await Tries(shop, "MAIN/A-01")).ShouldBe("stock.count-waiting");
        (await Tries(shop, "MAIN/NOWHERE")).ShouldBe("stock.location-unknown");
        (await Tries(shop, "MAIN/DOUBT")).ShouldBe("stock.in-doubt");
        await shop.Must<CloseLocations, CloseLocations.Request, Saved[]>(new(["MAIN/A-01"]));
        (await Tries(shop, "MAIN/A-01")).ShouldBe("stock.place-closed");
        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "TEE-M", 1), shop.By(ann))).Error?.Code.ShouldBe("stock.place-closed");
        await shop.Must<OpenLocations, OpenLocations.Request, Saved[]>(new(["MAIN/A-01"]));

        await Notes(shop, pete, task, "TEE-M", 1);
        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "TEE-M", 1), shop.By(ben))).Error?.Code.ShouldBe("stock.count-taken");
        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "NOBODY-KNOWS", 1), shop.By(pete))).Error?.Code.ShouldBe("stock.count-code");
        (await shop.Asks<FinishCount>(new FinishCount.Request(task, Empty: true), shop.By(pete))).Error?.Code.ShouldBe("stock.count-not-empty");
        await shop.Must<LeaveCount, LeaveCount.Request, Done>(new(task));
        await Notes(shop, ben, task, "TEE-M", 0);
        (await Finishes(shop, ben, task)).Status.ShouldBe(CountStatus.Done);
        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "TEE-M", 1), shop.By(ben))).Error?.Code.ShouldBe("stock.count-state");
    }

    [Fact, Feature("CC-04")]
    public async Task What_is_in_doubt_moves_nowhere_by_hand_and_a_count_that_is_given_up_lets_go_of_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var ann = await shop.Person("Ann", "warehouse");
        var task = await Plans(shop, "MAIN/STOCK", "TEE-M");
        await Counts(shop, ann, task, "TEE-M", 4);

        (await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/DOUBT", "MAIN/STOCK", 1)]))).Error?.Code.ShouldBe("stock.in-doubt");
        (await shop.Does<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/STOCK", "MAIN/DOUBT", 1)]))).Error?.Code.ShouldBe("stock.in-doubt");
        (await shop.Counts("MAIN/DOUBT", "TEE-M", 0)).Error?.Code.ShouldBe("stock.in-doubt");
        (await shop.Does<CloseLocations, CloseLocations.Request, Saved[]>(new(["MAIN/DOUBT"]))).Error?.Code.ShouldBe("stock.close-usual");
        await shop.Must<CancelCounts, CancelCounts.Request, Saved[]>(new([task], "the wrong place"));

        (await shop.Position("TEE-M")).Sellable.ShouldBe(10);
        await shop.Proves();
    }

    [Fact, Feature("CC-04", "IN-04")]
    public async Task Two_who_begin_the_same_count_are_one_who_counts_and_it_is_finished_once()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 100, worth: 500_00);
        var people = new[] { await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"), await shop.Person("Cem", "warehouse") };
        for (var turn = 0; turn < 3; turn++)
        {
            var task = await Plans(shop, "MAIN/STOCK");
            var noted = await Task.WhenAll(people.Select(p => shop.Asks<NoteCount>(new NoteCount.Request(task, "TEE-M", 99 - turn), shop.By(p))));
            noted.Count(n => n.Ok).ShouldBe(1);
            var counter = people[Array.FindIndex(noted, n => n.Ok)];
            var ended = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => shop.Asks<FinishCount>(new FinishCount.Request(task), shop.By(counter))));
            ended.Count(e => e.Ok).ShouldBe(1);
        }

        (await shop.Position("TEE-M")).OnHand.ShouldBe(97);
        await shop.Proves();
    }

    [Fact, Feature("CC-05", "IN-04")]
    public async Task A_place_is_counted_while_it_is_picked_and_nothing_is_put_right_twice()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 60, worth: 300_00);
        var (ann, ben) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"));
        var missing = 0;
        for (var turn = 0; turn < 3; turn++)
        {
            shop.Clock.Step(TimeSpan.FromMinutes(1));
            var task = await Plans(shop, "MAIN/STOCK");
            var there = (int)(await shop.Position("TEE-M")).OnHand.Units;
            await Notes(shop, ann, task, "TEE-M", there - 6);
            missing += 6;
            shop.Clock.Step(TimeSpan.FromMinutes(1));
            var (first, second) = (await shop.Takes(("TEE-M", 2)), await shop.Takes(("TEE-M", 1)));
            await Task.WhenAll(shop.Ships(first), Finishes(shop, ann, task), shop.Ships(second));
            await Notes(shop, ben, task, "TEE-M", there - 6 - 3);
            shop.Clock.Step(TimeSpan.FromMinutes(1));
            await Task.WhenAll(Finishes(shop, ben, task), shop.Ships(await shop.Takes(("TEE-M", 1))));
            (await shop.Position("TEE-M")).OnHand.ShouldBe(60 - missing - 4 * (turn + 1));
        }

        await shop.Proves();
    }

    [Theory, Feature("CC-05")]
    [InlineData(7)]
    [InlineData(8)]
    public async Task However_counts_go_the_books_tie(int seed)
    {
        await using var shop = await Shop.Open();
        var dice = new Random(seed);
        await Strict(shop);
        Actor[] people = [await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"), await shop.Person("Eva", "operations")];
        await shop.Stocks("TEE-M", 40, worth: 123_45);
        await shop.Stocks("BOWL", 20, worth: 77_77);
        var open = new List<Id<CountTask>>();
        for (var turn = 0; turn < 80; turn++)
        {
            shop.Clock.Step(TimeSpan.FromSeconds(20));
            if (await shop.Does<PlanCounts, PlanCounts.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", dice.Next(3) switch { 0 => null, 1 => "TEE-M", _ => (Sku?)"BOWL" })])) is { Ok: true } made) open.Add(new(made.Value[0].Id));
            var task = open[^(1 + dice.Next(Math.Min(3, open.Count)))];
            Sku sku = dice.Next(2) == 0 ? "TEE-M" : "BOWL";
            var there = (int)(await shop.Position(sku)).OnHand.Units;
            _ = dice.Next(10) switch
            {
                0 or 1 or 2 => await Looks(shop, people[0], task, sku, Math.Max(0, there - dice.Next(8)), turn),
                3 or 4 => await Looks(shop, people[1], task, sku, Math.Max(0, there + 2 - dice.Next(8)), turn),
                5 or 6 => (await shop.Asks<DecideCount>(new DecideCount.Request(task, (CountOutcome)dice.Next(3)), shop.By(people[2]))).Ok,
                7 => dice.Next(3) == 0 && (await shop.Asks<CancelCounts>(new CancelCounts.Request([task], "not needed"), shop.By(people[2]))).Ok,
                8 => (await shop.Ships(await shop.Takes((sku, 1 + dice.Next(3))))) is not null,
                _ => (await shop.Counts("MAIN/STOCK", sku, 20 + dice.Next(30))).Ok,
            };
            if (turn % 20 == 0)
            {
                await shop.Delivers();
                await shop.Proves();
            }
        }

        await shop.Delivers();
        (await shop.Number("select count(distinct status) from stock.count_task")).ShouldBeGreaterThan(1);
        (await shop.Number("select count(*) from stock.count_line where difference <> 0")).ShouldBeGreaterThan(0);
        await shop.Proves();
    }

    [Fact, Feature("CC-04", "IN-20")]
    public async Task Cases_and_what_lies_loose_are_counted_as_what_they_hold()
    {
        await using var shop = await Shop.Open();
        await shop.Must<AddUnits, AddUnits.Request, Saved[]>(new([new("MUG-BL", "case", 12)]));
        await shop.Must<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("MUG-BL", "CASE-OF-MUGS", BarcodeKind.Internal, "case")]));
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A-01", "MAIN")]));
        var ann = await shop.Person("Ann", "warehouse");
        var task = await Plans(shop, "MAIN/A-01");

        (await Said(new(task, "MUG-BL", 3, Unit: "case", Loose: 5))).ShouldBe("41 × MUG-BL");
        (await Said(new(task, "CASE-OF-MUGS", 4))).ShouldBe("48 × MUG-BL", "the barcode of a case counts cases");
        (await Said(new(task, "CASE-OF-MUGS", 4, Unit: "each"))).ShouldBe("4 × MUG-BL");
        (await Said(new(task, "MUG-BL", 1, Unit: "crate"))).ShouldBe("unit.unknown");
        (await Said(new(task, "MUG-BL", Quantity.Of(0.3m), Unit: "case"))).ShouldBe("stock.not-whole");
        (await Said(new(task, "MUG-BL", 2, Loose: 3))).ShouldBe("5 × MUG-BL");
        await Finishes(shop, ann, task);
        (await shop.Number("select counted from stock.count_line")).ShouldBe(5_000);

        async Task<string> Said(NoteCount.Request request)
        {
            var said = await shop.Does<NoteCount, NoteCount.Request, NoteCount.Answer>(request, shop.By(ann));
            return said.Ok ? said.Value.Sentence : said.Error!.Code;
        }
    }

    /// Somebody notes one product, and mostly ends the look; goods may come in between.
    private static async Task<bool> Looks(Shop shop, Actor who, Id<CountTask> task, Sku sku, int found, int turn)
    {
        await shop.Asks<NoteCount>(new NoteCount.Request(task, sku.Text, found), shop.By(who));
        shop.Clock.Step(TimeSpan.FromSeconds(5));
        if (turn % 3 == 0) await shop.Stocks(sku, 2, worth: 9_99);
        return turn % 7 != 0 && (await shop.Asks<FinishCount>(new FinishCount.Request(task), shop.By(who))).Ok;
    }

    [Fact, Feature("CC-04", "IN-18")]
    public async Task Units_that_are_told_apart_are_counted_lot_by_lot_and_what_nobody_named_is_missing()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot, ShelfLifeDays: 365));
        var day = DateOnly.FromDateTime(Shop.Morning.UtcDateTime).AddDays(100);
        foreach (var (lot, many) in new[] { ("L-1", 5), ("L-2", 4) })
            await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("TEA", many, new UnitPrice(2_000_000, Currency.Eur), lot, day)])]));
        var (ann, ben) = (await shop.Person("Ann", "warehouse"), await shop.Person("Ben", "warehouse"));
        var task = await Plans(shop, "MAIN/STOCK", "TEA");

        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "TEA", 5), shop.By(ann))).Error?.Code.ShouldBe("stock.lot-needed");
        await Notes(shop, ann, task, "TEA", 5, "L-1");
        await Notes(shop, ann, task, "TEA", 2, "L-3", day);
        (await Finishes(shop, ann, task)).Status.ShouldBe(CountStatus.Recount);
        (await shop.Text("select string_agg(lot || ' ' || on_hand, ', ' order by lot) from stock.level where location = 'MAIN/DOUBT'")).ShouldBe("L-2 4000");
        await shop.Proves();
        await Notes(shop, ben, task, "TEA", 2, "L-3");
        (await Finishes(shop, ben, task)).Status.ShouldBe(CountStatus.Done);

        (await shop.Text("select string_agg(lot || ' ' || on_hand || ' ' || sell_until, ', ' order by lot) from stock.level where on_hand > 0")).ShouldBe($"L-1 5000 {day:yyyy-MM-dd}, L-3 2000 {day:yyyy-MM-dd}");
        await shop.Proves();
    }

    internal static async Task<Id<CountTask>> Plans(Shop shop, LocationCode place, Sku? sku = null) =>
        new((await shop.Must<PlanCounts, PlanCounts.Request, IReadOnlyList<DocumentRef>>(new([new(place, sku)])))[0].Id);

    internal static async Task<FinishCount.Answer> Counts(Shop shop, Actor who, Id<CountTask> task, Sku sku, int found)
    {
        await Notes(shop, who, task, sku, found);
        return await Finishes(shop, who, task);
    }

    private static async Task<string?> Tries(Shop shop, LocationCode place) =>
        (await shop.Does<PlanCounts, PlanCounts.Request, IReadOnlyList<DocumentRef>>(new([new(place)]))).Error?.Code;

    private static async Task Notes(Shop shop, Actor who, Id<CountTask> task, Sku sku, int found, string? lot = null, DateOnly? expires = null)
    {
        var said = await shop.Asks<NoteCount>(new NoteCount.Request(task, sku.Text, found, lot is null ? default(LotCode?) : LotCode.From(lot), expires), shop.By(who));
        said.Ok.ShouldBeTrue(said.Error?.Message);
    }

    private static async Task<FinishCount.Answer> Finishes(Shop shop, Actor who, Id<CountTask> task, bool empty = false)
    {
        var said = await shop.Asks<FinishCount>(new FinishCount.Request(task, empty), shop.By(who));
        said.Ok.ShouldBeTrue(said.Error?.Message);
        return (FinishCount.Answer)said.Answer!;
    }

    private static Task<Outcome> Decides(Shop shop, Actor who, Id<CountTask> task, CountOutcome outcome, string? reason = null) =>
        shop.Asks<DecideCount>(new DecideCount.Request(task, outcome, reason is null ? default(ReasonCode?) : (ReasonCode)reason), shop.By(who));

    private static Task Strict(Shop shop) => shop.Must<SaveReasons, SaveReasons.Request, Saved[]>(new([new("count", "Counted", MostPercent: 2, NeedsYes: true)]));
}
