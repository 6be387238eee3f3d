using System.Text.Json;
using Keel.Tests.Access;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

/// Before somebody presses a button it shows who would have to say yes.
public class OutlookTests
{
    private const string Counts = """{"rules":[{"operation":"stock.adjust","from":{"amount":20,"currency":"EUR"},"nodes":["MAIN"],"levels":[{"permission":"kernel.approvals.decide"}]}]}""";

    [Fact, Feature("AP-01")]
    public async Task A_button_says_from_which_amount_on_and_for_whom_it_waits_and_asks_the_database_once()
    {
        await using var shop = await Shop.Open();
        var (clerk, far) = (await shop.Person("Piet", "store"), await shop.Person("Wim", "warehouse") with { Nodes = System.Collections.Frozen.FrozenSet.Create("OVERFLOW") });
        await shop.Person("Mia", "operations");
        await shop.Person("Jonas", "finance");
        (await Asks(shop, clerk)).Yes.ShouldBeNull("nothing waits as delivered");
        (await Asks(shop, clerk)).Statements.ShouldBeLessThanOrEqualTo(2);

        await shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(Counts));

        var (yes, statements) = await Asks(shop, clerk);
        yes!.Sentence.ShouldBe("From 20.00 EUR (MAIN): Jonas, Mia.");
        yes.People.ShouldBe(["Jonas", "Mia"]);
        statements.ShouldBeLessThanOrEqualTo(2);
        (await Asks(shop, far)).Yes.ShouldBeNull("the rule is for a site that is not theirs");
    }

    [Fact, Feature("AP-01")]
    public async Task The_faces_stand_on_the_buttons_of_a_record()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("TEE-M", onHand: 3);
        await web.Shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(Counts));
        await web.Shop.Person("Mia", "operations");
        await Browsing.Let(web, "otto@harbour.example", "operations");
        using var browser = new Browsing(web);
        await browser.Enters("otto@harbour.example");

        var page = (await browser.Goes("/stock/TEE-M")).Text;

        page.ShouldContain("title=\"From 20.00 EUR (MAIN): Mia.\"");
        page.ShouldContain("aria-label=\"Mia\"");
    }

    private static async Task<(ApprovalOutlook.Yes? Yes, int Statements)> Asks(Shop shop, Actor actor)
    {
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = actor;
        var counted = StatementCount.Begin();
        var found = await scope.ServiceProvider.GetRequiredService<ApprovalOutlook>().Of(["stock.adjust", "sales.cancel-orders", "stock.adjust"]);
        return (found.GetValueOrDefault("stock.adjust"), counted.Statements);
    }
}
