using Keel.App.Access;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// The pages of people, roles and keys open for everybody, and do what they say.
public class AccessPagesTests
{
    [Fact]
    public async Task Every_page_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var nora = await shop.Person("Nora", "picker", "store");
        (string, string)[] pages = [("users", "/settings/users"), ("user", $"/settings/users/{nora.Id}"), ("user-new", "/settings/users/new"), ("roles", "/settings/roles"), ("invitations", "/settings/users/invitations?tab=all"), ("review", "/settings/access-review"), ("who-may", "/settings/who-may"), ("keys", "/settings/api-keys"), ("key-new", "/settings/api-keys/new"), ("devices", "/settings/devices"), ("device-new", "/settings/devices/new"), ("invite", "/settings/users/invite"), ("role", "/settings/roles/store"), ("role-new", "/settings/roles/new"), ("me", "/me"), ("me-factor", "/me/second-factor")];

        (await site.Walks(pages)).ShouldBeEmpty();
    }

    [Fact, Feature("SE-01")]
    public async Task A_role_is_ticked_together_looked_at_and_saved()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);

        await site.Goes("/settings/roles/store");
        await site.Sees("As it is", "#sees");
        await site.Page.CheckAsync("input[name=may][value='ledger.read']");
        await site.Sees("ledger.read is added", "#sees");
        await site.Sees("Books", "#sees");
        await site.Presses("Save the role");
        await site.Sees("changed", ".k-head");

        var store = await shop.Person("Tom", "store");
        store.May("ledger.read").ShouldBeTrue();
        store.May("stock.adjust").ShouldBeTrue("what was ticked before stays");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("SE-09")]
    public async Task A_second_factor_is_set_up_on_the_page_and_asked_for_at_the_door()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "executive");

        await site.Goes("/me");
        await site.Follows("Set it up");
        await site.Page.WaitForSelectorAsync(".k-qr path");
        var key = await site.Page.GetAttributeAsync("input[name=key]", "value");
        await site.Page.FillAsync("#second-code", Browsing.Code(key!, TimeProvider.System.GetUtcNow()));
        await site.Page.FillAsync("#second-password", "harbour lights at noon");
        await site.Presses("Turn it on");
        await site.Sees("Write these codes down now");
        await site.Pictures("me-codes");
        (await site.Page.Locator(".k-secrets code").CountAsync()).ShouldBe(10);

        await site.Goes("/me");
        await site.Sees("10 recovery codes are left.");
        await site.Pictures("me-on");
        await site.Page.Context.ClearCookiesAsync();
        await site.Goes("/sign-in?returnUrl=/me");
        await site.Page.FillAsync("#email", "executive@harbour.example");
        await site.Page.FillAsync("#password", "harbour lights at noon");
        await site.Presses("Sign in");
        await site.Sees("Your code", "body");
        await site.Pictures("sign-in-code");
        await site.Page.FillAsync("#code", Browsing.Code(key!, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await site.Presses("Sign in");
        await site.Sees("My account");
        site.Complaints.ShouldBeEmpty();
    }
}
