using Keel.App.Pages;
using Keel.App.Setup;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Sales;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// A company says how it works, sees which policies follow and why, and sets them.
public class SetupTests
{
    [Fact, Feature("IM-12")]
    public async Task Answers_are_kept_by_version_and_those_that_are_left_out_stay()
    {
        await using var shop = await Shop.Open();

        (await Answers(shop, new CompanyProfile([SellsThrough.Marketplace], People: PeopleThere.One))).ShouldBe(1);
        (await Answers(shop, new CompanyProfile(PaidFirst: false))).ShouldBe(2);
        (await Answers(shop, new CompanyProfile(PaidFirst: false))).ShouldBe(2);

        (await shop.Text("select answers->'sellsThrough'->>0 || ' ' || (answers->>'people') || ' ' || (answers->>'paidFirst') from access.company_profile order by version desc limit 1"))
            .ShouldBe("marketplace one false");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'access.save-profile'")).ShouldBe(3);
        (await shop.Text("select field || ': ' || coalesce(before, '') || ' > ' || after from kernel.master_change where kind = 'profile' and field <> ''")).ShouldBe("Paid first:  > no");
    }

    [Fact, Feature("IM-12")]
    public async Task Each_answer_leads_to_the_policy_that_follows_with_the_reason()
    {
        await using var shop = await Shop.Open();

        var alone = await Follows(shop, new CompanyProfile([SellsThrough.Marketplace], People: PeopleThere.One, ApprovalFrom: 200));
        var many = await Follows(shop, new CompanyProfile([SellsThrough.OwnShop], People: PeopleThere.UpTo30, SetAside: SetAside.AtPayment, PartDeliveries: false, SellsAcrossBorders: true, ApprovalFrom: 200));

        ((ReservationTiming)alone["reservation-timing"].Choice).When.ShouldBe(ReserveWhen.AtOrder);
        alone["reservation-timing"].Why.ShouldStartWith("Because you sell on marketplaces");
        ((ApprovalPolicy)alone["approvals"].Choice).Rules.ShouldBeEmpty();
        ((ReservationTiming)many["reservation-timing"].Choice).When.ShouldBe(ReserveWhen.AtPayment);
        ((Sourcing)many["sourcing"].Choice).MaySplit.ShouldBeFalse();
        ((ApprovalPolicy)many["approvals"].Choice).Rules.Select(r => $"{r.Operation} {r.From}").ShouldBe(["stock.adjust 200.00 EUR", "sales.credit-orders 200.00 EUR"]);
        ((TaxRegistration)many["tax-registration"].Choice).OneStopShop.ShouldBeTrue();
        ((CustomerMessages)many["customer-messages"].Choice).Channels.Select(c => c.Channel.Text).ShouldBe(["webshop"]);
    }

    [Fact, Feature("IM-12")]
    public async Task What_somebody_chose_for_other_operations_and_channels_stays_in_the_proposal()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses("approvals", new { rules = new[] { new { operation = "kernel.set-policy", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
        await shop.Chooses("customer-messages", new { channels = new[] { new { channel = "bazaar", shipped = false } } });

        var follows = await Follows(shop, new CompanyProfile(ApprovalFrom: 50, WritesToCustomers: true));

        ((ApprovalPolicy)follows["approvals"].Choice).Rules.Select(r => r.Operation).ShouldBe(["kernel.set-policy", "stock.adjust", "sales.credit-orders"]);
        ((CustomerMessages)follows["customer-messages"].Choice).Channels.Select(c => $"{c.Channel} {c.Shipped}").ShouldBe(["bazaar False", "webshop True"]);
    }

    [Fact, Feature("IM-12")]
    public async Task Only_what_is_ticked_is_set_by_the_policys_own_operation_and_answering_alone_sets_nothing()
    {
        await using var web = await WebShop.Open();
        using var browser = new Browsing(web);
        await Browsing.Let(web, "anna@harbour.example", "administrator");
        await browser.Enters("anna@harbour.example");
        await browser.Goes("/setup");
        await browser.Sends("/do/access/save-profile", ("setAside", "byHand"), ("partDeliveries", "false"), ("__return", "/setup?step=4"));
        var before = await web.Shop.Number("select count(*) from kernel.policy");

        var page = await browser.Goes(SetupPage.Url(4));
        var set = await browser.Sends("/setup/apply", ("kind", "sourcing"), ("__key", "one"));
        var again = await browser.Sends("/setup/apply", ("kind", "sourcing"), ("__key", "two"));

        before.ShouldBe(0);
        page.Text.ShouldContain("Because an order is sent as a whole");
        (set.Location, again.Location).ShouldBe((SetupPage.Url(4), SetupPage.Url(4)));
        (await web.Shop.Text("select string_agg(kind || ' ' || version || ' ' || choice::text || ' ' || owner || ' ' || changed_by, '; ') from kernel.policy"))
            .ShouldBe("""sourcing 1 {"maySplit": false} administrator anna@harbour.example""");
    }

    [Fact, Feature("IM-12")]
    public async Task A_proposal_waits_where_policies_need_a_second_persons_yes()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Chooses("approvals", new { rules = new[] { new { operation = "kernel.set-policy", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });
        using var browser = new Browsing(web);
        await Browsing.Let(web, "anna@harbour.example", "administrator");
        await browser.Enters("anna@harbour.example");
        await browser.Goes("/setup");
        await browser.Sends("/do/access/save-profile", ("partDeliveries", "false"), ("__return", "/setup?step=4"));
        await browser.Goes(SetupPage.Url(4));

        var said = await browser.Sends("/setup/apply", ("kind", "sourcing"));

        said.Text.ShouldContain("It waits for somebody who may decide about others' requests");
        (await web.Shop.Number("select count(*) from kernel.policy where kind = 'sourcing'")).ShouldBe(0);
        (await web.Shop.Number("select count(*) from kernel.approval where state = 'Waiting'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_may_not_set_policies_sees_no_setup()
    {
        await using var web = await WebShop.Open();
        using var browser = new Browsing(web);
        await Browsing.Let(web, "piet@harbour.example", "picker");
        await browser.Enters("piet@harbour.example");

        (await browser.Goes("/setup")).Status.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        await browser.Sends("/setup/apply", ("kind", "sourcing"), ("places", "true"));
        (await web.Shop.Number("select count(*) from kernel.policy")).ShouldBe(0);
    }

    [Fact, Feature("IM-12")]
    public async Task A_company_at_work_is_proposed_what_its_own_data_say()
    {
        await using var shop = await Shop.Open();
        (await Facts(shop)).Says.ShouldBeEmpty("it does not work yet");
        await shop.Chooses("sourcing", new { maySplit = false });
        await shop.Stocks("TEE-M", 9);
        await shop.Takes(("TEE-M", 1));
        ((TaxRegistration)(await Follows(shop, new CompanyProfile()))["tax-registration"].Choice).OneStopShop.ShouldBeFalse("it sells at home only");
        var abroad = shop.NewOrder("webshop", ("TEE-M", 1));
        await shop.Tries(abroad with { Customer = abroad.Customer! with { Address = new PostalAddress("Hafenweg 2", null, "20457", "Hamburg", null, "DE") } });

        var known = await Facts(shop);
        var follows = await Follows(shop, new CompanyProfile());

        known.Says["sellsAcrossBorders"].ShouldStartWith("1 orders of private people went to DE");
        (known.Answers.SellsAcrossBorders, known.Answers.PartDeliveries, known.Answers.OrdersADay).ShouldBe((true, false, OrdersADay.UpTo50));
        ((TaxRegistration)follows["tax-registration"].Choice).OneStopShop.ShouldBeTrue();
        follows["sourcing"].Holds.ShouldBeTrue("what was chosen is not proposed away");
    }

    private static async Task<HouseFacts.Known> Facts(Shop shop)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<HouseFacts>().Load();
    }

    private static Task<int> Answers(Shop shop, CompanyProfile answers) => shop.Must<SaveProfile, CompanyProfile, int>(answers);

    private static async Task<Dictionary<string, Proposal>> Follows(Shop shop, CompanyProfile answers)
    {
        await using var scope = shop.Scope();
        return (await scope.ServiceProvider.GetRequiredService<Proposals>().Of(answers)).ToDictionary(p => p.Kind);
    }
}
