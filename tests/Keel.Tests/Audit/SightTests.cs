using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Audit;

public class SightTests
{
    [Fact, Feature("SE-06")]
    public async Task Who_looks_at_a_list_of_customers_is_told_once_a_day()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("TEE-M", onHand: 3);
        await web.Shop.Takes(("TEE-M", 1));
        using var clerk = await web.Program(["partners.read", "kernel.see-personal"], "harbour");
        using var blind = await web.Program(["partners.read"], "harbour");

        await WebShop.Get(clerk, "/api/v1/partners/customers");
        await WebShop.Get(clerk, "/api/v1/partners/customers");
        await WebShop.Get(blind, "/api/v1/partners/customers");
        await web.Writes();

        (await web.Shop.Text("select string_agg(what || ' ' || way || ' ' || times, ', ') from kernel.sight")).ShouldBe("partners.customers List 2");
    }

    [Fact, Feature("SE-12")]
    public async Task A_file_leaves_only_after_the_log_says_who_took_it()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("TEE-M", onHand: 3);
        await web.Shop.Takes(("TEE-M", 1));
        using var clerk = await web.Program(["sales.read", "kernel.see-personal"], "harbour");

        (await WebShop.Get(clerk, "/api/v1/sales/orders.csv?f.channel=webshop")).Status.ShouldBe(200);
        await web.Writes();

        var payload = await web.Shop.Text(
            "select convert_from(substring(p.payload from 2), 'UTF8') from kernel.operation_log l join kernel.operation_payload p on p.operation_id = l.id where l.operation = 'kernel.export-view' and l.subjects = 'sales.orders'");
        payload.ShouldContain("f.channel=webshop");
        payload.ShouldContain("\"rows\":1");
        (await web.Shop.Number("select count(*) from kernel.sight where what = 'sales.orders' and way = 'Export' and rows = 1")).ShouldBe(1);
    }

    [Fact, Feature("SE-12")]
    public async Task What_one_may_not_see_leaves_no_trace_of_an_export()
    {
        await using var web = await WebShop.Open();
        using var clerk = await web.Program(["stock.read"], "harbour");

        (await WebShop.Get(clerk, "/api/v1/sales/orders.csv")).Status.ShouldBe(403);

        (await web.Shop.Number("select count(*) from kernel.operation_log where operation = 'kernel.export-view'")).ShouldBe(0);
    }
}
