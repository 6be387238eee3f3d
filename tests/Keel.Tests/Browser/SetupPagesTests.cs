using Shouldly;
using Xunit;

namespace Keel.Tests;

/// A new installation, from the first sign-in to the first policies.
public class SetupPagesTests
{
    [Fact, Feature("IM-12")]
    public async Task An_administrator_of_an_empty_company_is_led_through_the_setup()
    {
        await using var shop = await Shop.Open();
        await shop.Must<CreateCompany, CreateCompany.Request, Id<Company>>(new("fresh", "Fresh Start", "NL", Currency.Eur, "Europe/Amsterdam"));
        await using var site = await Site.Open(shop);

        await site.Goes("/company/fresh");
        site.Page.Url.ShouldEndWith("/setup");
        await site.Page.CheckAsync("[name=sellsThrough][value=marketplace]");
        await site.Pictures("setup-1");
        await site.Presses("Save and go on");
        await site.Sees("What happens to an order when something is short?");
        await site.Goes("/today");
        await site.Goes("/setup");
        await site.Sees("What happens to an order when something is short?");
        await site.Presses("Save and go on");
        await site.Page.FillAsync("[name=approvalFrom]", "250");
        await site.Presses("Save and see what follows");
        await site.Sees("Open Main warehouse, Web shop, Marketplace");
        await site.Sees("Because you sell on marketplaces");
        await site.Pictures("setup-follows");
        await site.Pictures("setup-follows", dark: true);
        (await site.Barriers()).ShouldBeEmpty();
        (await shop.Number("select count(*) from kernel.policy")).ShouldBe(0);

        await site.Presses("Set what is ticked");

        await site.Sees("Everything is as the answers propose.");
        (await shop.Text("select string_agg(h.code, ' ' order by h.code) from kernel.channel h join kernel.company c on c.id = h.company_id where c.code = 'fresh'")).ShouldBe("marketplace webshop");
        (await shop.Text("select choice->'channels'->0->>'channel' from kernel.policy where kind = 'customer-messages'")).ShouldBe("webshop");
        (await shop.Text("select choice->'rules'->0->>'operation' from kernel.policy where kind = 'approvals'")).ShouldBe("stock.adjust");
        await site.Pictures("setup-done");
        await site.Goes("/");
        site.Page.Url.ShouldEndWith("/today");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("IM-12")]
    public async Task Later_the_setup_shows_what_differs_by_now_and_the_steps_tick_themselves()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, width: 390, height: 844);
        site.Page.Url.ShouldEndWith("/today");
        await site.Goes("/setup?step=2");
        await site.Presses("Save and go on");
        await shop.Chooses("sourcing", new { maySplit = false });
        await site.Goes("/setup?step=4");

        await site.Sees("version 1 was chosen by hand: tick it to choose anew");
        (await site.Page.IsCheckedAsync("[name=kind][value=sourcing]")).ShouldBeFalse();
        (await site.Reads("[aria-label='First steps']")).ShouldContain("To do First order");
        await site.Pictures("setup-differs-390");
        await shop.Stocks("BOWL", 3);
        await shop.Takes(("BOWL", 1));
        await site.Goes("/setup?step=4");
        (await site.Reads("[aria-label='First steps']")).ShouldContain("Done First order 1 order");
        (await site.Barriers()).ShouldBeEmpty();
        site.Complaints.ShouldBeEmpty();
    }
}
