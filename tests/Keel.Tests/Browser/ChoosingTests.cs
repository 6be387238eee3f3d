using Keel.App.Access;
using Keel.Sales;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests.Browser;

/// Nobody types a code that the house knows, and what is refused speaks the words of the form.
public class ChoosingTests
{
    [Fact, Feature("AP-10", "AP-14")]
    public async Task A_policy_is_put_together_from_what_there_is_and_two_versions_stand_side_by_side()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.adjust", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
        await using var site = await Site.Open(shop);

        await site.Goes("/settings/policies/approvals");
        await site.Page.CheckAsync("[name='choice.rules[0].roles'][value=store]");
        await site.Page.CheckAsync("[name='choice.rules[0].nodes'][value=MAIN]");
        (await site.Page.Locator("[list$='operation-list'] ~ datalist option[value='stock.adjust']").First.InnerTextAsync()).ShouldBe("Adjust stock");
        (await site.Page.Locator("datalist option[value='kernel.approvals.decide']").First.InnerTextAsync()).ShouldBe("Decide about others' requests");
        await site.Page.FillAsync("[name='owner']", "head of finance");
        await site.Pictures("policy-pickers");
        await site.Presses("Begin the new version");
        await site.Sees("Version 2");
        (await shop.Text("select choice -> 'rules' -> 0 ->> 'roles' from kernel.policy where version = 2")).ShouldBe("""["store"]""");

        await site.Page.SelectOptionAsync("#one", "0");
        await site.Presses("Compare");
        await site.Sees("fields differ.");
        await site.Sees("Adjust stock", within: "#compared");
        await site.Pictures("policy-compared");
        await site.Goes("/settings/policies/versions");
        await site.Sees("with as delivered");
        (await site.Reads()).ShouldNotContain("{\"");
        await site.Pictures("policy-versions");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sites_and_channels_of_people_and_programs_are_ticked()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var piet = await shop.Person("Piet", "store");

        await site.Goes(UserPageUrl(piet.Id));
        await site.Page.CheckAsync("[name=sites][value=MAIN]");
        await site.Page.CheckAsync("[name=channels][value=webshop]");
        await site.Pictures("user-scopes");
        await site.Presses("Set the roles");
        await site.Page.WaitForURLAsync("**/settings/users");
        (await shop.Text("select array_to_string(nodes, ',') || ' ' || array_to_string(channels, ',') from access.person where name = 'Piet'")).ShouldBe("MAIN webshop");
        await site.Goes(UserPageUrl(piet.Id));
        (await site.Page.IsCheckedAsync("[name=sites][value=MAIN]")).ShouldBeTrue();

        await site.Goes("/settings/api-keys/new");
        await site.Page.FillAsync("[name=name]", "till");
        await site.Page.FillAsync("[data-narrows]", "adjust stock");
        await site.Page.CheckAsync("[name=permissions][value='stock.adjust']");
        (await site.Page.Locator("label:visible:has([name=permissions])").CountAsync()).ShouldBe(1);
        await site.Page.CheckAsync("[name=sites][value=OVERFLOW]");
        await site.Pictures("api-key");
        await site.Presses("Make the key");
        await site.Sees("Copy the key now");
        (await shop.Text("select array_to_string(permissions, ',') || ' ' || array_to_string(nodes, ',') from access.api_key where name = 'till'")).ShouldBe("stock.adjust OVERFLOW");
        site.Complaints.Where(c => !c.Contains("htmx:", StringComparison.Ordinal)).ShouldBeEmpty("what a form would do is not waited for by who leaves it");
    }

    [Fact]
    public async Task A_refused_field_is_called_as_the_form_calls_it_and_a_channel_opens()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);

        await site.Goes("/products/edit?sku=BOWL");
        await site.Page.FillAsync("[name$=weightGrams]", "-3");
        await site.Page.ClickAsync("#form button[type=submit]");
        await site.Sees("Weight grams: must be more than zero.", within: "#said");
        (await site.Reads("#said")).ShouldNotContain("products[0]");

        await site.Goes("/settings/channels");
        await site.Page.ClickAsync("a[href^='/settings/channels/webshop']");
        await site.Sees("Main warehouse");
        await site.Pictures("channel");
        site.Complaints.Where(c => !c.Contains("422", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hold_that_came_too_late_shows_the_order_as_it_is_now_and_keeps_the_reason()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", 5);
        await using var site = await Site.Open(shop, "operations");
        var order = await shop.Takes(("TEE-M", 1));
        await site.Goes($"/orders/{order.Id}");
        await shop.Must<HoldOrders, HoldOrders.Request, IReadOnlyList<HoldOrders.Answer>>(new([order.Id!.Value], "a rule was quicker"));

        await site.Page.Locator(".k-acts button:has-text('Hold')").First.ClickAsync();
        await site.Page.FillAsync("#ask-answer", "the customer rang");
        await site.Agrees();

        await site.Sees("It is on hold: too late, or not needed.");
        await site.Sees("the customer rang");
        await site.Sees("On hold", within: "#head");
        (await site.Page.GetAttributeAsync("#live", "data-state")).ShouldBe("late", "a refusal is not told in green");
        await site.Pictures("hold-late");
        site.Complaints.ShouldBeEmpty();
    }

    private static string UserPageUrl(Guid id) => Keel.App.Pages.UserPage.Url(id);
}
