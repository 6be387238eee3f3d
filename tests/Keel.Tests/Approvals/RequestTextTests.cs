using System.Text.Json;
using Keel.Ledger;
using Keel.Stock;
using Keel.Tests.Access;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Approvals;

/// What was asked for is read by people: labels, names and figures, never the request as programs write it.
public class RequestTextTests
{
    private const string Counts = """{"rules":[{"operation":"stock.adjust","levels":[{"permission":"kernel.approvals.decide"}]}]}""";

    [Fact, Feature("AP-05", "AP-01")]
    public async Task A_correction_that_waits_says_what_is_there_what_would_be_there_and_why()
    {
        await using var web = await WebShop.Open();
        var id = await Waits(web, new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 12, "damaged", "a wet carton")]));
        await Browsing.Let(web, "omar@harbour.example", "operations");
        using var browser = new Browsing(web);
        await browser.Enters("omar@harbour.example");

        var page = (await browser.Goes($"/approvals/{id}")).Text;

        page.ShouldContain("T-shirt, medium");
        Fact(page, "Quantity now").ShouldContain(">30<");
        Fact(page, "Quantity after").ShouldContain(">12<");
        Fact(page, "Difference").ShouldContain("−18");
        Fact(page, "Reason").ShouldBe("Damaged");
        Fact(page, "Note").ShouldBe("a wet carton");
        page.ShouldContain("as of now");
        page.ShouldNotContain("UTC");
        page.ShouldNotContain("kernel.approvals.decide");
        Fact(page, "Who decides").ShouldBe("omar@harbour.example, who may decide about others' requests");

        await web.Shop.Stocks("TEE-M", 5, worth: 50_00);
        Fact((await browser.Goes($"/approvals/{id}")).Text, "Quantity now").ShouldContain(">35<", customMessage: "it is looked at again");
    }

    [Fact, Feature("AP-01")]
    public async Task Another_request_is_told_by_its_labels_with_tables_and_money_and_hides_what_is_guarded()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("TEE-M", 30, worth: 300_00);
        await web.Shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>("""{"rules":[{"operation":"pricing.set-prices","levels":[{"permission":"kernel.approvals.decide"}]}]}"""));
        await web.Shop.Asks<Keel.Pricing.PriceLists.SetPrices>(new Keel.Pricing.PriceLists.SetPrices.Request("retail", [new("TEE-M", 21), new("BOWL", 26.50m)]), web.Shop.By(await web.Shop.Person("Mia", "operations")));
        var id = await web.Shop.Text("select id from kernel.approval");
        await Browsing.Let(web, "omar@harbour.example", "administrator");
        using var browser = new Browsing(web);
        await browser.Enters("omar@harbour.example");

        var page = (await browser.Goes($"/approvals/{id}")).Text;
        var log = (await browser.Goes($"/operations/{await web.Shop.Text("select id from kernel.operation_log where operation = 'pricing.set-prices' and outcome = 'waiting'")}")).Text;

        log.ShouldContain("href=\"/product/TEE-M\"");
        foreach (var text in new[] { page, log })
        {
            text.ShouldContain("26.5");
            text.ShouldNotContain("\"prices\":");
            text.ShouldNotContain("{\n");
        }
    }

    [Fact, Feature("AP-10")]
    public async Task A_choice_of_a_policy_is_read_as_its_editor_says_it()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(
            """{"rules":[{"operation":"kernel.set-policy","levels":[{"permission":"kernel.approvals.decide"}]},{"operation":"stock.adjust","from":{"amount":20,"currency":"EUR"},"nodes":["MAIN"],"levels":[{"permission":"kernel.approvals.decide"}]}]}"""));
        var asked = await web.Shop.Asks<SetPolicy>(new SetPolicy.Request(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(Counts), "head of operations"), web.Shop.By(await web.Shop.Person("Mia", "administrator")));
        asked.Answer.ShouldBeNull($"{asked.Error?.Message} {asked.Answer}");
        asked.Waiting!.Sentence.ShouldStartWith("Chooses anew for the policy approvals. It waits for somebody who may decide about others' requests, until 2026-");
        await Browsing.Let(web, "omar@harbour.example", "administrator");
        using var browser = new Browsing(web);
        await browser.Enters("omar@harbour.example");

        var page = (await browser.Goes($"/approvals/{asked.Waiting.Approval}")).Text;

        page.ShouldContain("Adjust stock");
        page.ShouldNotContain("\"rules\"");
    }

    [Fact, Feature("AP-04", "AP-01")]
    public async Task A_correction_that_cannot_be_done_any_more_says_why_before_somebody_says_yes()
    {
        await using var web = await WebShop.Open();
        var id = await Waits(web, new AdjustStock.Request([new("MAIN/STOCK", "TEE-M", 12, "damaged")]));
        await using (var drop = web.Shop.Source.CreateCommand("delete from stock.reason where code = 'damaged'")) await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await Browsing.Let(web, "omar@harbour.example", "operations");
        using var browser = new Browsing(web);
        await browser.Enters("omar@harbour.example");

        (await browser.Goes($"/approvals/{id}")).Text.ShouldContain("There is no reason damaged.");
    }

    private static string Fact(string page, string label)
    {
        var at = page.IndexOf($"<dt>{label}</dt><dd>", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, $"there is no {label} in {page}");
        var from = at + $"<dt>{label}</dt><dd>".Length;
        return page[from..page.IndexOf("</dd>", from, StringComparison.Ordinal)].Trim();
    }

    private static async Task<Guid> Waits(WebShop web, AdjustStock.Request request)
    {
        await web.Shop.Stocks("TEE-M", 30, worth: 300_00);
        await web.Shop.Chooses(ApprovalPolicy.Kind, JsonSerializer.Deserialize<JsonElement>(Counts));
        return (await web.Shop.Asks<AdjustStock>(request, web.Shop.By(await web.Shop.Person("Piet", "store")))).Waiting!.Approval;
    }
}
