using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class StockLedgerTests
{
    [Fact, Feature("IN-03")]
    public async Task A_move_says_who_when_why_from_where_and_never_changes()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);

        var move = await shop.Text("select from_location || ' > ' || to_location || ' ' || quantity || ' ' || reason || ' ' || document_kind from stock.move where sku = 'TEE-M'");
        var who = await shop.Text("select l.actor_name || ' ' || l.operation from stock.move m join kernel.operation_log l on l.id = m.operation where m.sku = 'TEE-M'");

        move.ShouldBe("SUPPLIER > MAIN/STOCK 5000 purchase receipt");
        who.ShouldBe("Keel stock.receive");
        await Should.ThrowAsync<PostgresException>(() => shop.Text("update stock.move set quantity = 1"));
        await Should.ThrowAsync<PostgresException>(() => shop.Text("delete from stock.move"));
    }

    [Fact, Feature("IN-17")]
    public async Task Places_lie_in_places_to_any_depth()
    {
        await using var shop = await Shop.Open();
        (LocationCode Code, LocationCode? Parent)[] tree = [("MAIN/A", null), ("MAIN/A/01", "MAIN/A"), ("MAIN/A/01/B", "MAIN/A/01"), ("MAIN/A/01/B/3", "MAIN/A/01/B")];

        var made = await Creates(shop, [.. tree.Select(t => new CreateLocations.Place(t.Code, "MAIN", Parent: t.Parent))]);
        var orphan = await Creates(shop, [new CreateLocations.Place("MAIN/X/1", "MAIN", Parent: "MAIN/X")]);
        var elsewhere = await Creates(shop, [new CreateLocations.Place("OVERFLOW/B", "OVERFLOW", Parent: "MAIN/A")]);

        made.Value.ShouldBe(4);
        orphan.Ok.ShouldBeFalse();
        elsewhere.Ok.ShouldBeFalse();
        (await shop.Text(
            """
            with recursive up as (
              select code, parent, 1 as depth from stock.location where code = 'MAIN/A/01/B/3'
              union all select l.code, l.parent, up.depth + 1 from up join stock.location l on l.code = up.parent
            ) select string_agg(code, ' < ' order by depth) from up where depth <= 4
            """)).ShouldBe("MAIN/A/01/B/3 < MAIN/A/01/B < MAIN/A/01 < MAIN/A");
    }

    [Fact, Feature("IN-34")]
    public async Task What_is_told_late_stands_where_it_happened_and_what_was_known_then_is_still_known()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 4, worth: 20_00);
        var knownThen = shop.Clock.GetUtcNow();
        shop.Clock.Step(TimeSpan.FromDays(2));

        (await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new(
            [new ReceiveGoods.Receipt("MAIN", [new ReceiveGoods.Line("TEE-M", 1, new UnitPrice(5_000_000, Currency.Eur))], HappenedAt: knownThen.AddHours(-1))]))).Ok.ShouldBeTrue();

        var day = DateOnly.FromDateTime(knownThen.UtcDateTime);
        (await Inventory(shop, day, null)).ShouldBe(25_00);
        (await Inventory(shop, day, knownThen)).ShouldBe(20_00);
        (await shop.Number("select count(*) from stock.move where happened_at < recorded_at")).ShouldBe(1);
    }

    private static async Task<long> Inventory(Shop shop, DateOnly day, DateTimeOffset? known)
    {
        await using var scope = shop.Scope();
        var rows = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<TrialBalance, TrialBalance.Row, TrialBalance.Args>(new(day, known), ViewQuery.All with { Size = 100 });
        return rows.Value.Rows.Single(r => r.Account == "inventory").Balance.Minor;
    }

    private static Task<Result<int>> Creates(Shop shop, IReadOnlyList<CreateLocations.Place> places) => shop.Does<CreateLocations, CreateLocations.Request, int>(new(places));
}
