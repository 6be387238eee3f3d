using Keel.App.Evidence;
using Keel.Catalog.Products;
using Keel.Partners.Privacy;
using Keel.Pricing.PriceLists;
using Keel.Sales;
using Keel.Warehouse;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// The pages of the audit and of privacy open without a complaint, wide and narrow, light and dark, and say what happened.
public class AuditPagesTests
{
    [Fact, Feature("SE-04", "DO-04", "DO-06")]
    public async Task Every_page_of_the_audit_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        var addresses = await Fill(shop);
        await using var site = await Site.Open(shop);

        (await site.Walks(addresses)).ShouldBeEmpty();
    }

    [Fact, Feature("SE-04")]
    public async Task The_log_is_searched_from_its_page()
    {
        await using var shop = await Shop.Open();
        await Fill(shop);
        await using var site = await Site.Open(shop);

        await site.Goes("/operations");
        await site.Page.ClickAsync("[data-log-search] summary");
        await site.Page.FillAsync("#log-person", "Femke");
        await site.Page.ClickAsync("[data-log-search] button[type=submit]");

        await site.Sees("Femke released 2 orders to picking from the page, 1 refused");
        (await site.Reads()).ShouldNotContain("Keel placed");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("DO-06", "SE-12")]
    public async Task An_auditor_takes_an_orders_evidence_from_its_page()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 9);
        var order = await shop.Takes(("TEE-M", 1));
        await using var site = await Site.Open(shop);

        await site.Goes($"/orders/{order.Id}");
        await site.Page.ClickAsync(".k-acts a[href^='/audit/evidence']");
        await site.Page.FillAsync("main [name=reason]", "audit of 2026, question 14");
        await site.Page.ClickAsync("main button[type=submit]");
        await site.Sees("Ready", "#list");
        var download = await site.Page.RunAndWaitForDownloadAsync(() => site.Page.ClickAsync("#list a[download]"));

        download.SuggestedFilename.ShouldBe($"evidence-harbour-{order.Number}.zip");
        (await shop.Number("select count(*) from kernel.operation_log where operation = 'kernel.download-evidence' and outcome = 'done'")).ShouldBe(1);
        site.Complaints.ShouldBeEmpty();
    }

    /// A shop with something to tell: changed masters, a refusal, evidence, requests, a hold, a purge.
    [Fact, Feature("SE-06")]
    public async Task The_copy_of_a_persons_data_is_downloaded_and_the_request_waits_until_it_was_handed_over()
    {
        await using var shop = await Shop.Open();
        await shop.Takes(("TEE-M", 1));
        await using var site = await Site.Open(shop);
        await site.Goes("/privacy/new");
        await site.Page.FillAsync("#who", "customer1@example.org");
        await site.Presses("Look them up");
        await site.Page.ClickAsync("main table a");
        await site.Page.SelectOptionAsync("[name=wish]", "export");
        await site.Presses("Note the request");
        await site.Page.WaitForURLAsync(url => System.Text.RegularExpressions.Regex.IsMatch(url, "/privacy/[0-9a-f-]{36}$"));
        await site.Sees("Access: a copy of the data");

        var download = await site.Page.RunAndWaitForDownloadAsync(() => site.Follows("Make the copy"));

        download.SuggestedFilename.ShouldEndWith(".zip");
        await using (var zip = await System.IO.Compression.ZipFile.OpenReadAsync((await download.PathAsync())!, default)) zip.Entries.Select(e => e.Name).ShouldContain("person.json");
        await site.Sees("Copy made, to be handed over");
        await site.Sees("made a copy of the data", "#stream");
        await site.Pictures("privacy-copy-made");
        await site.Presses("Handed over");
        await site.Page.FillAsync("#ask input", "by registered letter");
        await site.Agrees();
        await site.Sees("by registered letter");
        (await shop.Text("select state from partners.privacy_request")).ShouldBe("Done");
        site.Complaints.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<(string Name, string Address)>> Fill(Shop shop)
    {
        await shop.Stocks("TEE-M", 40, worth: 400_00);
        var (one, two, gone) = (await shop.Takes(("TEE-M", 2)), await shop.Takes(("TEE-M", 1)), await shop.Takes(("TEE-M", 1)));
        await shop.Cancels(gone);
        var femke = await shop.Person("Femke", "operations");
        await shop.Does<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(
            new([one.Id!.Value.Value, two.Id!.Value.Value, gone.Id!.Value.Value]), shop.By(femke));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("MUG-BL", 13), new("BOWL", 25)]));
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("MUG-BL", "Mug, deep blue", WeightGrams: 310)]));
        await shop.Chooses(ReservationTiming.Kind, new { when = "AtPayment" });
        await shop.Must<VerifySeals, VerifySeals.Request, VerifySeals.Answer>(new());
        await shop.Must<TakeEvidence, TakeEvidence.Request, Guid>(new(one.Number, null, null, "audit of 2026, question 14"));
        await shop.Runs<BuildEvidence>();
        var customer = await shop.Text($"select p.number from partners.partner p join sales.orders o on o.customer_id = p.id where o.id = '{one.Id}'");
        var partner = await shop.Text($"select id::text from partners.partner where number = '{customer}'");
        var erase = await shop.Must<OpenPrivacyRequest, OpenPrivacyRequest.Request, Guid>(new(customer, PrivacyWish.Erase, new DateOnly(2026, 3, 2), "By letter, with a copy of the passport"));
        var copy = await shop.Must<OpenPrivacyRequest, OpenPrivacyRequest.Request, Guid>(new(customer, PrivacyWish.Export));
        await shop.Must<PlaceLegalHold, PlaceLegalHold.Request, Guid>(new(two.Number!, "Lawsuit 26/118.", "finance"));
        await shop.Does<PurgeDue, PurgeDue.Request, PurgeDue.Answer[]>(new());
        var released = await shop.Text("select id::text from kernel.operation_log where operation = 'warehouse.release-orders'");
        var priced = await shop.Text("select id::text from kernel.operation_log where operation = 'pricing.set-prices' order by at desc, id desc limit 1");
        return
        [
            ("log", "/operations"), ("log-of", $"/operations?record={one.Number}"), ("operation", $"/operations/{released}"), ("operation-changes", $"/operations/{priced}"),
            ("changes", "/audit/changes"), ("product-changes", "/product/MUG-BL"), ("seals", "/audit/seals"), ("evidence", "/audit/evidence"), ("evidence-new", "/audit/evidence/new?record=" + one.Number),
            ("order-acts", $"/orders/{one.Id}"), ("privacy", "/privacy"), ("privacy-new", "/privacy/new"), ("privacy-erase", $"/privacy/{erase}"), ("privacy-copy", $"/privacy/{copy}"),
            ("partner", $"/partners/{partner}"), ("holds", "/audit/holds"), ("holds-new", "/audit/holds/new"), ("retention", "/audit/retention"), ("policy-retention", "/settings/policies/retention"),
            ("sights", "/audit/sights"),
        ];
    }
}
