using Keel.Kernel;
using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// What units are fit for where they lie: on hand at what they cost, and sold only while they are good.
public class ConditionTests
{
    [Fact, Feature("IN-24", "IN-31")]
    public async Task Damaged_units_stay_on_hand_and_are_not_sold_and_the_weakest_promise_gives_way()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var first = await shop.Takes(("TEE-M", 6));
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var second = await shop.Takes(("TEE-M", 3));

        await Sets(shop, "TEE-M", 3, GoodsCondition.Damaged);

        var position = await shop.Position("TEE-M");
        (position.OnHand.Units, position.Sellable.Units, position.Reserved.Units).ShouldBe((10m, 7m, 7m));
        (await shop.Number("select count(*) from kernel.work_case where kind = 'promise-displaced' and state = 'Open'")).ShouldBe(1);
        (await shop.Number("select value from stock.cost_pool where sku = 'TEE-M'")).ShouldBe(50_00);
        await shop.Delivers();
        (await shop.StatusOf(first)).ShouldBe(OrderStatus.Reserved);
        (await shop.StatusOf(second)).ShouldBe(OrderStatus.Backordered);
        await shop.Proves();
    }

    [Fact, Feature("IN-24")]
    public async Task What_is_good_again_serves_who_waits()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        await Sets(shop, "TEE-M", 5, GoodsCondition.Quality);
        var order = await shop.Takes(("TEE-M", 4));
        order.Status.ShouldBe(OrderStatus.Backordered);

        await shop.Must<SetCondition, SetCondition.Request, DocumentRef>(new([new("MAIN/STOCK", "TEE-M", 4, GoodsCondition.Good, GoodsCondition.Quality)], "looked at"));
        await shop.Delivers();

        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        await shop.Ships(order);
        (await Held(shop, "TEE-M")).ShouldBe("Quality 1");
        await shop.Proves();
    }

    [Fact, Feature("IN-24")]
    public async Task What_is_set_aside_is_given_back_when_it_turns_out_damaged_and_nothing_damaged_is_picked()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 4);
        var order = await shop.Takes(("TEE-M", 4));
        await shop.Releases(order);

        await Sets(shop, "TEE-M", 1, GoodsCondition.Damaged);

        (await shop.Number("select sum(allocated) from stock.level where sku = 'TEE-M'")).ShouldBe(3000);
        (await shop.Position("TEE-M")).Reserved.Units.ShouldBe(3);
        await shop.Proves();
    }

    [Fact, Feature("IN-24")]
    public async Task A_condition_is_refused_where_not_so_many_lie_or_nothing_would_change()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 2);

        (await Tries(shop, "TEE-M", 3, GoodsCondition.Hold)).Error!.Code.ShouldBe("stock.not-there");
        (await Tries(shop, "TEE-M", 1, GoodsCondition.Good)).Error!.Code.ShouldBe("stock.condition-same");
        (await shop.Number("select count(*) from stock.document where kind = 'Change'")).ShouldBe(0);
        await shop.Proves();
    }

    [Fact, Feature("IN-24", "IN-30")]
    public async Task A_past_instant_knows_what_could_be_sold_then_and_counts_are_of_a_condition()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 8);
        shop.Clock.Step(TimeSpan.FromHours(1));
        var before = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromHours(1));
        await Sets(shop, "TEE-M", 3, GoodsCondition.Hold);

        (await shop.Number($"select sum(g.sellable) from stock.leg g where g.sku = 'TEE-M' and g.happened_at <= '{before:O}'")).ShouldBe(8000);
        (await shop.Number("select sum(g.sellable) from stock.leg g where g.sku = 'TEE-M'")).ShouldBe(5000);
        await shop.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "TEE-M", 2, "count", Condition: GoodsCondition.Hold)]));
        (await Held(shop, "TEE-M")).ShouldBe("Good 5, Hold 2");
        await shop.Proves();
    }

    [Fact, Feature("IN-24")]
    public async Task Whoever_moves_goods_of_a_condition_moves_them_as_they_are()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 8);
        await Sets(shop, "TEE-M", 3, GoodsCondition.Damaged);

        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("TEE-M", "MAIN/STOCK", "MAIN/RETURNS", 2, Condition: GoodsCondition.Damaged)]));

        (await shop.Number("select on_hand from stock.level where location = 'MAIN/RETURNS' and condition = 'Damaged'")).ShouldBe(2000);
        (await shop.Position("TEE-M")).Sellable.Units.ShouldBe(5);
        await shop.Proves();
    }

    [Fact, Feature("IN-24")]
    public async Task Two_who_say_that_the_same_units_are_damaged_damage_them_once()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);

        var said = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Tries(shop, "TEE-M", 2, GoodsCondition.Damaged)));

        said.Count(s => s.Ok).ShouldBe(2);
        (await Held(shop, "TEE-M")).ShouldBe("Good 1, Damaged 4");
        await shop.Proves();
    }

    [Fact, Feature("IN-32")]
    public async Task One_table_says_what_goods_count_as_by_place_condition_and_owner()
    {
        await using var shop = await Shop.Open();
        await using var command = shop.Source.CreateCommand("select kind, condition, own, counted, promisable, pickable, valued from stock.counts_as");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;

        while (await reader.ReadAsync())
        {
            rows++;
            Place.RuleOf(Enum.Parse<PlaceKind>(reader.GetString(0)), Enum.Parse<GoodsCondition>(reader.GetString(1)), reader.GetBoolean(2))
                .ShouldBe(new PlaceRule(reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6)));
        }

        rows.ShouldBe(Place.Rules.Count * Enum.GetValues<GoodsCondition>().Length * 2);
    }

    private static Task<Result<DocumentRef>> Tries(Shop shop, Sku sku, int units, GoodsCondition becomes) =>
        shop.Does<SetCondition, SetCondition.Request, DocumentRef>(new([new("MAIN/STOCK", sku, units, becomes)], "looked at"));

    private static async Task Sets(Shop shop, Sku sku, int units, GoodsCondition becomes)
    {
        var set = await Tries(shop, sku, units, becomes);
        set.Ok.ShouldBeTrue(set.Error?.Message);
    }

    private static Task<string> Held(Shop shop, Sku sku) => shop.Text(
        $"select string_agg(condition || ' ' || trim_scale(on_hand / 1000.0), ', ' order by condition = 'Good' desc, condition) from (select condition, sum(on_hand) as on_hand from stock.level where sku = '{sku}' and on_hand > 0 group by 1) l");
}
