using Keel.Kernel.Views;
using Keel.Stock;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

public class ReasonTests
{
    [Fact, Feature("CC-07", "CC-08", "AC-25")]
    public async Task A_write_off_above_the_tolerance_waits_for_somebody_else_and_is_posted_with_reason_and_approver()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await Saves(shop, new SaveReasons.Item("damaged", "Damaged", MostUnits: 2, NeedsYes: true));
        var (wim, eva) = (await shop.Person("Wim", "warehouse"), await shop.Person("Eva", "operations"));

        (await Counts(shop, wim, 8, "damaged")).Ok.ShouldBeTrue("two may break without a second look");
        var waits = await Counts(shop, wim, 3, "damaged");

        waits.Waiting.ShouldNotBeNull().Sentence.ShouldContain("more than passes by itself (Damaged 2 units)");
        (await shop.Position("TEE-M")).OnHand.ShouldBe(8, "nothing changes until somebody said yes");
        var (id, version) = (Guid.Parse(await shop.Text("select id from kernel.approval")), (int)await shop.Number("select version from kernel.approval"));
        (await Decides(shop, wim, id, version)).Error?.Code.ShouldBe("approval.own");
        (await Decides(shop, eva, id, version)).Ok.ShouldBeTrue();
        await shop.Delivers();

        (await shop.Position("TEE-M")).OnHand.ShouldBe(3);
        (await shop.Text("select reason || ' ' || approved_by from stock.document where approved_by is not null")).ShouldBe("damaged Eva");
        (await shop.Text("select sentence from ledger.entry where sentence like '%approved by%'")).ShouldContain("damaged, approved by Eva");
        (await shop.Balance("write-off")).ShouldBe(35_00);
        await shop.Proves();
    }

    [Fact, Feature("CC-06", "CC-08")]
    public async Task A_reason_of_ones_own_is_posted_where_it_belongs_and_a_closed_one_is_refused()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await Saves(shop, new SaveReasons.Item("water", "Water damage", PostsAs: "damaged"));

        (await shop.Counts("MAIN/STOCK", "TEE-M", 9, "water")).Ok.ShouldBeTrue();
        (await shop.Balance("write-off")).ShouldBe(5_00);
        await Saves(shop, new SaveReasons.Item("water", "Water damage"));
        (await shop.Counts("MAIN/STOCK", "TEE-M", 8, "water")).Ok.ShouldBeTrue();
        (await shop.Balance("write-off")).ShouldBe(5_00);
        (await shop.Balance("inventory-adjustment")).ShouldBe(5_00, "a reason that no rule names goes where all differences go");

        (await shop.Must<CloseReasons, CloseReasons.Request, Saved[]>(new(["water"])))[0].As.ShouldBe(SavedAs.Changed);
        (await shop.Counts("MAIN/STOCK", "TEE-M", 7, "water")).Error?.Code.ShouldBe("stock.reason-closed");
        (await shop.Counts("MAIN/STOCK", "TEE-M", 7, "nonsense")).Error?.Code.ShouldBe("stock.reason-unknown");
        (await shop.Does<CloseReasons, CloseReasons.Request, Saved[]>(new(["count"]))).Error?.Code.ShouldBe("stock.reason-own");
        await shop.Must<CloseReasons, CloseReasons.Request, Saved[]>(new(["water"], Open: true));
        (await shop.Counts("MAIN/STOCK", "TEE-M", 7, "water")).Ok.ShouldBeTrue();
        await shop.Proves();
    }

    [Fact, Feature("CC-06")]
    public async Task Adjustments_are_watched_by_reason()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        await shop.Counts("MAIN/STOCK", "TEE-M", 9, "lost");
        await shop.Counts("MAIN/STOCK", "TEE-M", 7, "lost");

        await using var scope = shop.Scope();
        var rows = (await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<ReasonList, ReasonList.Row>(new ViewQuery())).Value.Rows;

        rows.Single(r => r.Code == "lost").Used.ShouldBe(2);
        rows.Single(r => r.Code == "lost").Value.ShouldBe(new Money(-15_00, Currency.Eur));
        rows.Single(r => r.Code == "theft").Used.ShouldBe(0);
    }

    [Theory, Feature("CC-07")]
    [InlineData(2, 5, null, 2, 100, 10, true)]
    [InlineData(2, 5, null, 3, 100, 10, false)]
    [InlineData(null, 5, null, 5, 100, 10, true)]
    [InlineData(null, 5, null, 6, 100, 10, false)]
    [InlineData(null, null, 20, 1, 1, 20, true)]
    [InlineData(null, null, 20, 1, 1, 21, false)]
    [InlineData(null, null, null, 1, 1000, 1, false)]
    [InlineData(null, null, null, 0, 1000, 0, true)]
    [InlineData(10, 10, null, 1, 0, 1, false)]
    public void A_difference_passes_where_it_stays_within_each_bound_that_is_named(int? units, int? percent, int? value, int difference, int book, int worth, bool passes)
    {
        var reason = new Reason(default, "count", "Counted", null, units, percent, value);

        foreach (var sign in new[] { 1, -1 })
            reason.Allows(sign * difference, book, new Money(sign * worth * 100, Currency.Eur)).ShouldBe(passes);
    }

    private static Task Saves(Shop shop, SaveReasons.Item item) => shop.Must<SaveReasons, SaveReasons.Request, Saved[]>(new([item]));

    private static Task<Outcome> Counts(Shop shop, Actor who, int found, string reason) =>
        shop.Asks<AdjustStock>(new AdjustStock.Request([new AdjustStock.Line("MAIN/STOCK", "TEE-M", found, reason)]), shop.By(who));

    private static Task<Outcome> Decides(Shop shop, Actor who, Guid id, int version) =>
        shop.Asks<DecideApproval>(new DecideApproval.Request(new(id), version, true, "I saw them"), shop.By(who));
}
