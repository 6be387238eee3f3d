using Keel.Catalog.Units;
using Keel.Stock;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests;

public class CountPagesTests
{
    [Fact, Feature("CC-04", "CC-09")]
    public async Task A_place_is_counted_blind_on_the_phone_counted_again_by_somebody_else_and_decided()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");
        await shop.Must<CreateLocations, CreateLocations.Request, int>(new([new("MAIN/A-01-02", "MAIN", PlaceKind.PickFace, Name: "Aisle A, rack 1, second shelf")]));
        await shop.Stocks("MUG-BL", 77, worth: 300_00);
        await shop.Must<AddUnits, AddUnits.Request, Saved[]>(new([new("MUG-BL", "case", 12)]));
        await shop.Stocks("BOWL", 3, worth: 30_00);
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("MUG-BL", "MAIN/STOCK", "MAIN/A-01-02", 77)]));
        await shop.Must<SaveReasons, SaveReasons.Request, Saved[]>(new([new("count", "Counted", MostPercent: 2, NeedsYes: true)]));

        await site.Goes("/counts");
        await site.Sees("Nothing is to be counted");
        await site.Goes("/counts/new");
        await site.Page.FillAsync("[name='lines[0].location']", "MAIN/A-01-02");
        await site.Page.FillAsync("[name='lines[1].location']", "MAIN/STOCK");
        await site.Page.FillAsync("[name='lines[1].sku']", "BOWL");
        await site.Pictures("counts-new");
        await site.Presses("Ask for it");
        await site.Sees("CT-");
        await site.Pictures("counts");

        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Goes("/scan/count");
        await site.Sees("Go to");
        await site.Pictures("count-queue-phone");
        await site.Follows("Count it");
        await site.Sees("everything in it");
        await site.Pictures("count-blind-phone");
        await site.Page.FillAsync("[name=code]", "MUG-BL");
        await site.Page.FillAsync("[name=quantity]", "4");
        await site.Page.SelectOptionAsync("[name=unit]", "case");
        await site.Page.FillAsync("[name=loose]", "12");
        await site.Presses("Note it");
        await site.Sees("Nothing else lies here");
        await site.Sees("60");
        await site.Pictures("count-noted-phone");
        (await site.Page.InnerTextAsync("main")).ShouldNotContain("77", customMessage: "the screen never says what the book thinks");
        (await site.TooWide()).ShouldBe(0);
        await site.Presses("Nothing else lies here");
        await site.Sees("The next places");
        (await shop.Position("MUG-BL")).Sellable.ShouldBe(60, "what is missing is nobody's to sell");

        var task = new Id<CountTask>(Guid.Parse(await shop.Text("select id from stock.count_task where status = 'Recount'")));
        await site.Goes($"/scan/count/{task}");
        await site.Sees("somebody else counts it again");
        await site.Page.SetViewportSizeAsync(1440, 900);
        await site.Goes($"/counts/{task}");
        await site.Sees("To count again");
        await site.Pictures("count-again");
        var (ben, ann) = (await shop.Person("Ben", "warehouse"), await shop.Person("Ann", "warehouse"));
        await CountsAgain(shop, ben, task);
        await site.Goes($"/counts/{task}");
        await site.Sees("To decide");
        await site.Pictures("count-to-decide-own");
        (await shop.Asks<DecideCount>(new DecideCount.Request(task, CountOutcome.Book), shop.By(ann))).Ok.ShouldBeTrue();
        await site.Goes($"/counts/{task}");
        await site.Sees("1 of 1 line put right");
        await site.Pictures("count-done");
        await site.Goes("/counts/accuracy");
        await site.Sees("MAIN");
        await site.Pictures("count-accuracy");
        await site.Goes("/counts/lines");
        await site.Pictures("count-lines");
        await shop.Must<Classify, Classify.Request, int>(new());
        await site.Goes("/stock/classes");
        await site.Sees("MUG-BL");
        await site.Pictures("stock-classes");
        await site.Goes("/stock");
        await site.Pictures("stock-with-classes");
    }

    [Fact, Feature("CC-06", "CC-07")]
    public async Task A_lead_gives_a_reason_teeth_and_the_form_says_that_a_large_difference_waits()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "warehouse");
        await shop.Stocks("MUG-BL", 77, worth: 300_00);

        await site.Goes("/stock/reasons");
        await site.Sees("Damaged");
        await site.Pictures("reasons");
        await site.Goes("/stock/reasons/edit?code=damaged");
        await site.Page.FillAsync("[name='reasons[0].mostUnits']", "2");
        await site.Page.CheckAsync("input[type=checkbox][name='reasons[0].needsYes']");
        await site.Pictures("reason-edit");
        await site.Presses("Save");
        await site.Sees("Larger differences wait for somebody else");
        await site.Goes("/stock/adjust");
        await site.Sees("Damaged above 2 units");
        await site.Page.FillAsync("[name='lines[0].location']", "MAIN/STOCK");
        await site.Page.FillAsync("[name='lines[0].sku']", "MUG-BL");
        await site.Page.FillAsync("[name='lines[0].counted']", "70");
        await site.Page.SelectOptionAsync("[name='lines[0].reason']", "damaged");
        await site.Sees("It would wait for somebody who may");
        await site.Pictures("adjust-waits");
        await site.Page.SetViewportSizeAsync(390, 844);
        await site.Goes("/stock/reasons");
        await site.Pictures("reasons-phone");
        (await site.TooWide()).ShouldBe(0);
        await site.Goes("/counts");
        await site.Pictures("counts-phone");
    }

    private static async Task CountsAgain(Shop shop, Actor who, Id<CountTask> task)
    {
        (await shop.Asks<NoteCount>(new NoteCount.Request(task, "MUG-BL", 61), shop.By(who))).Ok.ShouldBeTrue();
        (await shop.Asks<FinishCount>(new FinishCount.Request(task), shop.By(who))).Ok.ShouldBeTrue();
    }
}
