using System.Net;
using System.Text.Json;
using Keel.Stock;
using Keel.Tests.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stories;

/// Somebody wants stock to vanish without the yes that it needs, and tries every door.
public class BypassStory
{
    private const string Count = """{"lines":[{"location":"MAIN/STOCK","sku":"TEE-M","counted":1,"reason":"lost"}]}""";

    [Fact, Feature("AP-16", "AP-12", "AP-04", "AU-07", "SE-01")]
    public async Task The_same_forbidden_thing_is_refused_or_waits_at_every_door_and_is_in_the_log()
    {
        await using var web = await WebShop.Open();
        var shop = web.Shop;
        await shop.Stocks("TEE-M", 10);
        await shop.Chooses("approvals", new { rules = new[] { new { operation = "stock.adjust", levels = new[] { new { permission = "kernel.approvals.decide" } } } } });

        // The page: no form, no form's address.
        await Browsing.Let(web, "sanne@example.org", "service");
        using var page = new Browsing(web);
        await page.Enters("sanne@example.org");
        (await page.Goes("/stock/adjust")).Status.ShouldBe(HttpStatusCode.Forbidden);
        await page.Goes("/orders/new");
        var posted = await page.Sends("/do/stock/adjust", ("lines[0].location", "MAIN/STOCK"), ("lines[0].sku", "TEE-M"), ("lines[0].counted", "1"), ("lines[0].reason", "lost"));
        posted.Text.ShouldContain("needs the permission stock.adjust");

        // The API and the import, with keys that may do other things.
        using var seller = await web.Program(["sales.*"], "harbour");
        (await WebShop.Post(seller, "/api/v1/stock/adjust", Count)).Status.ShouldBe(403);
        using var importer = await web.Program(["kernel.import"], "harbour");
        (await WebShop.Post(importer, "/api/v1/import/stock.adjust", "location,sku,counted,reason\nMAIN/STOCK,TEE-M,1,lost\n", type: "text/csv")).Body.ShouldContain("permission");

        // With the permission it waits; nothing in the request says that it was approved.
        using var counter = await web.Program(["stock.adjust", "kernel.approvals.*", "kernel.read"], "harbour");
        var asked = await WebShop.Post(counter, "/api/v1/stock/adjust", Count, key: "count-1");
        asked.Status.ShouldBe(202);
        var approval = asked.Json.GetProperty("approval").GetString()!;
        (await WebShop.Post(counter, "/api/v1/stock/adjust", Count[..^1] + $$""","approval":"{{approval}}"}""")).Status.ShouldBe(400);
        (await WebShop.Post(counter, "/api/v1/stock/adjust", Count.Replace(":1,", ":0,", StringComparison.Ordinal), key: "count-1")).Code.ShouldBe(Gate.OtherPayload.Code);

        // Its own yes.
        (await WebShop.Post(counter, "/api/v1/kernel/decide-approval", $$"""{"approval":"{{approval}}","version":1,"approve":true,"reason":"I say so"}""")).Code.ShouldBe(DecideApproval.Own.Code);
        (await WebShop.Post(counter, "/api/v1/kernel/decide-approvals", $$"""{"approvals":["{{approval}}"],"lookedAt":"2099-01-01T00:00:00Z","approve":true,"reason":"I say so"}""")).Body.ShouldContain("own request");

        // A yes for something else: the payload is exchanged behind the gate's back after somebody looked at it.
        await shop.Number($"with u as (update kernel.approval set payload = jsonb_set(payload, '{{lines,0,counted}}', '0') where id = '{approval}' returning 1) select count(*) from u");
        (await shop.Does<DecideApproval, DecideApproval.Request, ApprovalState>(new(new(Guid.Parse(approval)), 1, true, "one is there"), shop.By(await shop.Person("Anna", "administrator")))).Value.ShouldBe(ApprovalState.Approved);
        await shop.Delivers();
        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);

        // The command line, and a rule of somebody who may not.
        var typed = await shop.Asks<AdjustStock>(new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 1, "lost")]), new Caller(Actor.Keel with { Name = "command line" }, Door.Cli, shop.Company));
        typed.Waiting.ShouldNotBeNull();
        var rule = new SaveRule.Request("Count what was sold", "sales.order-placed", "stock.adjust", JsonSerializer.Deserialize<JsonElement>(Count));
        (await shop.Does<SaveRule, SaveRule.Request, Id<Rule>>(rule, shop.By(await shop.Person("Fiona", "finance")))).Error!.Message.ShouldContain("stock.adjust");

        (await shop.Position("TEE-M")).OnHand.ShouldBe(10);
        (await shop.Number("select count(*) from stock.document where kind = 'Adjustment'")).ShouldBe(0);
        (await shop.Text("select string_agg(distinct door || ' ' || outcome, ', ' order by door || ' ' || outcome) from kernel.operation_log where operation = 'stock.adjust'"))
            .ShouldBe("Api refused, Api waiting, Cli waiting, Import refused, Page refused");
    }
}
