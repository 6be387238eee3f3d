using Keel.Ledger;
using Keel.Stock;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// A form says what it would do before anything is done.
public class WouldTests
{
    [Fact]
    public async Task A_dry_run_says_what_it_would_move_post_and_open_and_leaves_nothing()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        await shop.Takes(("TEE-M", 9));
        var before = await Footprint(shop);

        var would = await shop.Asks<AdjustStock>(new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 2, "count")]), Caller.Keel(shop.Company) with { DryRun = true });

        would.Ok.ShouldBeTrue();
        var told = would.Foretold.GroupBy(f => f.Book).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(f => f.Sentence)));
        told["Stock"].ShouldContain("Moves 8 × TEE-M from MAIN/STOCK to loss");
        told["Stock"].ShouldContain("Takes back 7 units that are promised already.");
        told["Books"].ShouldContain("Debits ");
        told["Books"].ShouldContain("Credits ");
        told["Cases"].ShouldContain("lost 7 × TEE-M");
        (await Footprint(shop)).ShouldBe(before);
    }

    [Fact]
    public async Task Who_may_not_read_the_books_is_not_told_what_they_would_say()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 10);
        var picker = await shop.Person("Piet", "store");
        picker.May(LedgerPermissions.Read).ShouldBeFalse();

        var would = await shop.Asks<AdjustStock>(new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 2, "count")]), new Caller(picker, Door.Page, shop.Company) { DryRun = true });

        would.Foretold.Select(f => f.Book).Distinct().ShouldBe(["Stock"]);
    }

    [Fact]
    public async Task The_form_shows_it_while_it_is_filled_in_and_warns_only_where_somebody_was()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        await shop.Stocks("TEE-M", 10);
        var before = await Footprint(shop);

        await site.Goes("/stock/TEE-M");
        await site.Follows("Count…");
        await site.Page.FillAsync("[name='lines[0].counted']", "minus");
        await site.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(site.Page.Locator("[data-field='lines[0].counted'] .wrong")).ToBeVisibleAsync();
        await Assertions.Expect(site.Page.Locator("[data-field='lines[0].reason'] .wrong")).ToBeHiddenAsync();

        await site.Page.FillAsync("[name='lines[0].counted']", "4");
        await site.Page.SelectOptionAsync("[name='lines[0].reason']", "count");
        await site.Sees("As it stands, it does this");
        await site.Sees("Moves 6 × TEE-M from MAIN/STOCK to loss");
        await site.Sees("Debits ");
        await Assertions.Expect(site.Page.Locator("[data-field='lines[0].counted'] .wrong")).ToBeHiddenAsync();
        await site.Pictures("would");
        await site.Pictures("would", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        (await Footprint(shop)).ShouldBe(before);

        await site.Presses("Book the count");
        await site.Page.WaitForURLAsync("**/adjustments/**");
        (await shop.Position("TEE-M")).OnHand.ShouldBe(4);
        site.Complaints.ShouldBeEmpty();
    }

    /// Everything that a run could have left.
    private static Task<string> Footprint(Shop shop) => shop.Text(
        "select concat_ws(' ', (select count(*) from stock.move), (select count(*) from ledger.entry), (select count(*) from kernel.work_case), (select count(*) from kernel.operation_log where operation like 'stock.%' and door <> 'Job'), (select count(*) from kernel.outbox))");
}
