using Keel.Printing;
using Keel.Printing.Contract;
using Keel.Tests.Printing;
using Shouldly;
using Xunit;

namespace Keel.Tests;

/// Printing as clerks see it: the pages, the buttons on records and lists, and papers in the browser.
public class PrintPagesTests
{
    [Fact]
    public async Task Every_page_of_printing_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        (await site.Walks(await Fill(shop))).ShouldBeEmpty();
    }

    [Fact, Feature("WH-32")]
    public async Task A_clerk_sets_up_a_printer_and_a_route_and_prints_an_invoice_from_its_page()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "operations");
        var (_, _, invoice) = await shop.Shipped();

        await site.Goes("/printing/printers/new");
        await site.Page.FillAsync("[name='printers[0].name']", "Office");
        await site.Page.SelectOptionAsync("[name='printers[0].site']", "MAIN");
        await site.Page.FillAsync("[name='printers[0].agent']", "dock");
        await site.Page.FillAsync("[name='printers[0].address']", "10.0.0.9");
        await site.Presses("Add the printer");
        await site.Sees("Start its agent: it was never heard of");
        await site.Goes("/printing/routes/new");
        await site.Page.FillAsync("[name='routes[0].paper']", "invoice");
        await site.Page.SelectOptionAsync("[name='routes[0].printer']", "Office");
        await site.Presses("Add the route");
        await site.Sees("Goes to Office");
        await site.Goes($"/invoices/{invoice}");
        await site.Page.RunAndWaitForResponseAsync(() => site.Presses("Print invoice"), said => said.Url.EndsWith("/do/printing/print", StringComparison.Ordinal));
        await site.Page.WaitForLoadStateAsync(Microsoft.Playwright.LoadState.NetworkIdle);
        await site.Goes("/printing");
        await site.Sees("Waits for dock");

        (await shop.Number("select count(*) from printing.job where status = 'Queued' and paper = 'invoice'")).ShouldBe(1);
        await site.Goes($"/invoices/{invoice}");
        await site.Presses("Print invoice");
        await site.Sees("It is in the queue already");
        site.Complaints.ShouldBeEmpty();
    }

    [Fact, Feature("DO-11")]
    public async Task A_paper_opens_in_the_browser_for_those_who_may_see_it()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop, "finance");
        var (_, shipment, invoice) = await shop.Shipped();

        var paper = await site.Page.Context.APIRequest.GetAsync($"/print/invoice/{invoice}");
        var label = await site.Page.Context.APIRequest.GetAsync($"/print/shipping-label/{shipment}?zpl=yes");
        var nothing = await site.Page.Context.APIRequest.GetAsync($"/print/invoice/{shipment}");
        var place = await site.Page.Context.APIRequest.GetAsync("/print/bin-label/MAIN%2FSTOCK");

        paper.Status.ShouldBe(200);
        paper.Headers["content-type"].ShouldBe("application/pdf");
        paper.Headers["content-disposition"].ShouldStartWith("inline");
        PdfText.Of(await paper.BodyAsync()).Pages[0].ShouldContain("INV-2026-000001");
        nothing.Status.ShouldBe(404);
        place.Status.ShouldBe(200, "a key may hold a slash");
        // Finance does not read the floor's papers.
        label.Status.ShouldBe(403);
    }

    private static async Task<IReadOnlyList<(string Name, string Address)>> Fill(Shop shop)
    {
        var (order, shipment, invoice) = await shop.Shipped();
        await shop.HasPrinter("Office laser");
        await shop.HasPrinter("Zebra bench 1", PaperForm.Label);
        await shop.HasPrinter("Zebra spare", PaperForm.Label, agent: "dock-2");
        await shop.Must<SaveStations, SaveStations.Request, Saved[]>(new([new("bench-1", "Packing bench 1", StationKind.Bench, "MAIN")]));
        await shop.Routes("shipping-label", "Zebra bench 1", "Zebra spare", station: "BENCH-1");
        await shop.Routes("packing-slip", "Office laser", site: "MAIN");
        await shop.Routes("invoice", "Office laser");
        await shop.Routes("product-label", "Zebra bench 1", "Zebra spare");
        await shop.Prints("invoice", invoice);
        var printed = (await shop.Claims()).Single();
        await shop.Begins(printed);
        await shop.Reports(printed, SendingEnd.Printed);
        await shop.Must<Reprint, Reprint.Request, IReadOnlyList<PrintAnswer>>(new([printed.Job], "jammed"));
        var unknown = await shop.Prints("product-label", "MUG-BL");
        foreach (var job in await shop.Claims())
        {
            await shop.Begins(job);
            await shop.Reports(job, job.Number == unknown.Job ? SendingEnd.Unknown : SendingEnd.NotPrinted, "the line broke while sending");
        }

        await shop.Prints("shipping-label", shipment);
        await shop.Prints("packing-slip", shipment);
        await shop.Prints("product-label", "TEE-M");
        var stuck = await shop.Text("select id from printing.job where status = 'Unknown'");
        var kase = await shop.Text("select id from kernel.work_case where kind = 'print-unknown'");
        return
        [
            ("print-jobs", "/printing"), ("print-job-unknown", $"/printing/jobs/{stuck}"), ("print-job", $"/printing/jobs/{printed.Job}"), ("printers", "/printing/printers"), ("printer-new", "/printing/printers/new"),
            ("printer-edit", "/printing/printers/edit?name=Office%20laser"), ("print-routes", "/printing/routes"), ("print-route-new", "/printing/routes/new"), ("stations", "/printing/stations"),
            ("station-new", "/printing/stations/new"), ("print-invoice", $"/invoices/{invoice}"), ("print-shipment", $"/shipments/{shipment}"), ("print-order", $"/orders/{order.Id}"), ("print-product", "/product/MUG-BL"),
            ("print-products", "/products"), ("print-places", "/stock/locations"), ("print-case", $"/cases/{kase}"), ("policy-letterhead", "/settings/policies/letterhead"), ("policy-printing", "/settings/policies/automatic-printing"),
            ("scan-out", "/scan/out"),
        ];
    }
}
