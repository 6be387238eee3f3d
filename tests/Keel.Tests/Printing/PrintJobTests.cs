using System.Collections.Frozen;
using Keel.Kernel.Views;
using Keel.Printing;
using Keel.Printing.Contract;
using Keel.Ui;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Printing;

public class PrintJobTests
{
    [Fact, Feature("WH-32")]
    public async Task A_paper_goes_to_the_printer_of_its_route_and_is_printed_once()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Office");
        await shop.Routes("invoice", "Office");
        var (_, _, invoice) = await shop.Shipped();

        var first = await shop.Prints("invoice", invoice);
        var second = await shop.Prints("invoice", invoice);
        var job = (await shop.Claims()).Single();

        first.Why.ShouldBeNull();
        first.Printer.ShouldBe("Office");
        second.Why.ShouldNotBeNull().ShouldContain(first.Job!);
        job.MediaType.ShouldBe("application/pdf");
        PdfText.Of(job.Content).Pages[0].ShouldContain("Invoice INV-2026-000001");
        (await shop.Claims()).ShouldBeEmpty();
        (await shop.Begins(job)).ShouldBeTrue();
        (await shop.Reports(job, SendingEnd.Printed)).ShouldBe(PrintStatus.Printed);
        (await shop.Prints("invoice", invoice)).Why.ShouldNotBeNull().ShouldContain("with a reason");
        (await shop.Number("select count(*) from printing.job")).ShouldBe(1);
    }

    [Fact, Feature("WH-32")]
    public async Task A_second_invoice_wants_a_reason_and_says_that_it_is_a_copy()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Office");
        await shop.Routes("invoice", "Office");
        var (_, shipment, invoice) = await shop.Shipped();
        await shop.Prints("invoice", invoice);
        var first = await Finish(shop);

        (await shop.Does<Reprint, Reprint.Request, IReadOnlyList<PrintAnswer>>(new([first.Job], ""))).Error!.Fields[0].Field.ShouldBe("reason");
        var again = await shop.Must<Reprint, Reprint.Request, IReadOnlyList<PrintAnswer>>(new([first.Job], "jammed"));
        var second = await Finish(shop);

        again[0].Why.ShouldBeNull();
        PdfText.Of(second.Content).Pages[0].ShouldContain("Copy 2");
        PdfText.Of(first.Content).Pages[0].ShouldNotContain("Copy");
        (await shop.Text($"select reason || ' ' || copy from printing.job where id = '{second.Job}'")).ShouldBe("jammed 2");

        await shop.Routes("packing-slip", "Office");
        await shop.Prints("packing-slip", shipment);
        var slip = await Finish(shop);
        await shop.Must<Reprint, Reprint.Request, IReadOnlyList<PrintAnswer>>(new([slip.Job], "lost"));
        PdfText.Of((await Finish(shop)).Content).Pages[0].ShouldNotContain("Copy");
    }

    [Fact, Feature("WH-32")]
    public async Task A_printer_that_does_not_answer_gives_its_paper_to_the_fallback_and_then_to_a_person()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.HasPrinter("Spare", PaperForm.Label);
        await shop.Routes("shipping-label", "Zebra", "Spare");
        var (_, shipment, _) = await shop.Shipped();
        await shop.Prints("shipping-label", shipment);

        var first = (await shop.Claims()).Single();
        await shop.Begins(first);
        (await shop.Reports(first, SendingEnd.NotPrinted, "connection refused")).ShouldBe(PrintStatus.Queued);
        var second = (await shop.Claims()).Single();
        await shop.Begins(second);
        (await shop.Reports(second, SendingEnd.NotPrinted, "connection refused")).ShouldBe(PrintStatus.Failed);

        (first.Printer, second.Printer).ShouldBe(("Zebra", "Spare"));
        (await shop.Text("select kind || ' ' || owner from kernel.work_case where state = 'Open'")).ShouldBe("print-failed warehouse");
        (await shop.Must<SendAgain, SendAgain.Request, IReadOnlyList<JobAnswer>>(new([first.Job])))[0].Why.ShouldBeNull();
        (await shop.Number("select count(*) from kernel.work_case where state = 'Open'")).ShouldBe(0);
        await Finish(shop);
        (await shop.PrintStatusOf(first.Number)).ShouldBe("Printed");
    }

    [Fact, Feature("WH-32")]
    public async Task What_may_have_come_out_is_never_printed_again_by_itself()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.Routes("shipping-label", "Zebra");
        var (_, shipment, _) = await shop.Shipped();
        await shop.Prints("shipping-label", shipment);

        var taken = (await shop.Claims()).Single();
        shop.Clock.StepTo(shop.Clock.GetUtcNow().AddMinutes(2));
        await shop.Runs<TendJobsJob>();
        (await shop.PrintStatusOf(taken.Number)).ShouldBe("Queued");
        (await shop.Begins(taken)).ShouldBeFalse();

        var sent = (await shop.Claims()).Single();
        (await shop.Begins(sent)).ShouldBeTrue();
        shop.Clock.StepTo(shop.Clock.GetUtcNow().AddMinutes(2));
        await shop.Runs<TendJobsJob>();
        (await shop.PrintStatusOf(sent.Number)).ShouldBe("Unknown");
        (await shop.Claims()).ShouldBeEmpty();
        (await shop.Text("select kind from kernel.work_case where state = 'Open'")).ShouldBe("print-unknown");

        (await shop.Reports(sent, SendingEnd.Printed)).ShouldBe(PrintStatus.Printed);
        (await shop.Number("select count(*) from kernel.work_case where state = 'Open'")).ShouldBe(0);
    }

    [Fact, Feature("WH-32")]
    public async Task Somebody_who_has_looked_settles_what_is_unknown()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.Routes("shipping-label", "Zebra");
        var (_, shipment, _) = await shop.Shipped();
        await shop.Prints("shipping-label", shipment);
        var job = (await shop.Claims()).Single();
        await shop.Begins(job);
        (await shop.Reports(job, SendingEnd.Unknown, "the line broke")).ShouldBe(PrintStatus.Unknown);

        (await shop.Must<ItCameOut, ItCameOut.Request, IReadOnlyList<JobAnswer>>(new([job.Job])))[0].Why.ShouldBeNull();

        (await shop.PrintStatusOf(job.Number)).ShouldBe("Printed");
        (await shop.Must<CancelJobs, CancelJobs.Request, IReadOnlyList<JobAnswer>>(new([job.Job])))[0].Why.ShouldNotBeNull();
        (await shop.Number("select count(*) from printing.job_step")).ShouldBe(5);
    }

    [Fact, Feature("WH-32")]
    public async Task What_nobody_takes_and_what_has_no_printer_are_cases_with_an_owner()
    {
        await using var shop = await Shop.Open();
        var (_, shipment, invoice) = await shop.Shipped();
        (await shop.Prints("invoice", invoice)).Why.ShouldNotBeNull().ShouldContain("No route");
        await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.Routes("shipping-label", "Zebra");
        await shop.Prints("shipping-label", shipment);

        shop.Clock.StepTo(shop.Clock.GetUtcNow().AddMinutes(3));
        await shop.Runs<TendJobsJob>();
        await shop.Runs<TendJobsJob>();

        (await shop.Text("select string_agg(kind || ' ' || owner, ', ' order by kind) from kernel.work_case where state = 'Open'")).ShouldBe("print-not-taken warehouse, print-without-printer warehouse");
        Id<PrintJob> lost = new(Guid.Parse(await shop.Text("select id from printing.job where paper = 'invoice'")));
        (await shop.Must<SendAgain, SendAgain.Request, IReadOnlyList<JobAnswer>>(new([lost])))[0].Why.ShouldNotBeNull();
        await shop.HasPrinter("Office");
        await shop.Routes("invoice", "Office");
        (await shop.Must<SendAgain, SendAgain.Request, IReadOnlyList<JobAnswer>>(new([lost])))[0].Why.ShouldBeNull();
        (await shop.Number("select count(*) from kernel.work_case where state = 'Open'")).ShouldBe(1);
        (await shop.Claims()).Count.ShouldBe(2);
    }

    [Fact, Feature("WH-32")]
    public async Task Papers_print_by_themselves_when_the_policy_says_so_and_an_invoice_waits_for_its_number()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Office");
        foreach (var paper in new[] { "packing-slip", "shipping-label", "invoice" }) await shop.Routes(paper, "Office");
        await shop.Chooses("automatic-printing", new AutomaticPrinting([new(PrintMoment.ShipmentPacked, "packing-slip"), new(PrintMoment.ShipmentShipped, "shipping-label", ["MAIN"]), new(PrintMoment.ShipmentShipped, "packing-slip", ["OVERFLOW"]), new(PrintMoment.InvoiceIssued, "invoice")]));
        await shop.Stocks("TEE-M", 10, worth: 50_00);
        var order = await shop.Takes(("TEE-M", 2));
        await shop.Releases(order);
        Id<Shipment>[] shipment = [new(Guid.Parse(await shop.Text("select id from warehouse.shipment")))];

        await shop.Must<PackShipments, PackShipments.Request, IReadOnlyList<ShipmentAnswer>>(new(shipment));
        (await shop.Claims()).Select(j => j.File.Split('-')[3]).ShouldBe(["Packing"]);
        await shop.Must<ShipShipments, ShipShipments.Request, IReadOnlyList<ShipmentAnswer>>(new(shipment));

        (await shop.Text("select string_agg(paper || ' ' || cause, ', ' order by paper) from printing.job")).ShouldBe("invoice invoice-issued, packing-slip shipment-packed, shipping-label shipment-shipped");
        (await shop.Claims()).Count.ShouldBe(1);
        await shop.Must<Keel.Sales.NumberInvoices, Keel.Sales.NumberInvoices.Request, int>(new());
        PdfText.Of((await shop.Claims()).Single().Content).Pages[0].ShouldContain("INV-2026-000001");
    }

    [Fact, Feature("WH-32")]
    public async Task A_station_has_its_own_printer_and_a_label_printer_takes_no_documents()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.HasPrinter("Bench", PaperForm.Label);
        await shop.Must<SaveStations, SaveStations.Request, Saved[]>(new([new("bench-1", "Bench 1", StationKind.Bench, "MAIN")]));
        await shop.Routes("product-label", "Zebra");
        await shop.Routes("product-label", "Bench", station: "BENCH-1");

        (await shop.Prints("product-label", "MUG-BL")).Printer.ShouldBe("Zebra");
        (await shop.Prints("product-label", "TEE-M", station: "bench-1")).Printer.ShouldBe("Bench");
        (await shop.Prints("product-label", "NOBODY")).Why.ShouldNotBeNull();

        var wrong = await shop.Does<SaveRoutes, SaveRoutes.Request, Saved[]>(new([new("invoice", "Zebra")]));
        wrong.Error!.Code.ShouldBe("printing.wrong-paper");
        var zpl = System.Text.Encoding.UTF8.GetString((await shop.Claims()).First(j => j.Printer == "Zebra").Content);
        zpl.ShouldStartWith("^XA");
        zpl.ShouldContain("MUG-BL");
    }

    [Fact]
    public async Task Whoever_may_not_see_a_record_may_not_print_it()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Office");
        await shop.Routes("invoice", "Office");
        var (_, _, invoice) = await shop.Shipped();
        var clerk = (await shop.Person("Ines", "warehouse")) with { Permissions = new[] { "printing.print", "sales.read" }.ToFrozenSet() };

        var refused = await shop.Does<PrintPapers, PrintPapers.Request, IReadOnlyList<PrintAnswer>>(new([invoice], "invoice"), shop.By(clerk));
        var elsewhere = await shop.Does<PrintPapers, PrintPapers.Request, IReadOnlyList<PrintAnswer>>(
            new([invoice], "invoice"), shop.By(clerk with { Permissions = new[] { "*" }.ToFrozenSet(), Nodes = new[] { "OVERFLOW" }.ToFrozenSet() }));

        refused.Error!.Code.ShouldBe("printing.not-yours");
        elsewhere.Ok.ShouldBeFalse();
        (await shop.Number("select count(*) from printing.job")).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_does_the_step_prints_its_papers_though_they_may_not_look_the_person_up()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Bench", PaperForm.Label);
        await shop.HasPrinter("Office");
        await shop.Routes("shipping-label", "Bench");
        await shop.Routes("packing-slip", "Office");
        await shop.Routes("invoice", "Office");
        var (_, shipment, invoice) = await shop.Shipped();
        var picker = await shop.Person("Piet", "picker");
        var reader = picker with { Permissions = new[] { "printing.print", "warehouse.read" }.ToFrozenSet() };

        (await shop.Prints("shipping-label", shipment, by: shop.By(picker))).Printer.ShouldBe("Bench");
        (await shop.Prints("packing-slip", shipment, by: shop.By(picker))).Printer.ShouldBe("Office");

        var refused = await shop.Does<PrintPapers, PrintPapers.Request, IReadOnlyList<PrintAnswer>>(new([shipment], "packing-slip"), shop.By(reader));
        refused.Error!.Code.ShouldBe("printing.not-yours");
        (await shop.Does<PrintPapers, PrintPapers.Request, IReadOnlyList<PrintAnswer>>(new([invoice], "invoice"), shop.By(picker))).Error!.Code.ShouldBe("printing.not-yours");
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Work>().Actor = picker;
        (await scope.ServiceProvider.GetRequiredService<PaperDesk>().Show("packing-slip", shipment, zpl: false)).Error!.Code.ShouldBe("printing.not-yours", "to print it is not to look it up");
        bool Offered(Act act, Actor who) => act.IsFor(new Viewer(who.May));
        Offered(PaperActs.Print("Print label", ShippingLabel.Paper, Guid.Empty), picker).ShouldBeTrue();
        Offered(PaperActs.Print("Print label", ShippingLabel.Paper, Guid.Empty), reader).ShouldBeFalse();
        Offered(PaperActs.Open("Label", ShippingLabel.Paper, ""), picker).ShouldBeFalse();
    }

    [Fact]
    public async Task A_simulated_printer_needs_no_agent_and_keeps_what_it_printed()
    {
        await using var shop = await Shop.Open();
        var saved = await shop.Must<SavePrinters, SavePrinters.Request, Saved[]>(new(
        [
            new("Bench", PaperForm.Label, "MAIN", null, PrinterConnection.Simulated, null), new("Office", PaperForm.Document, "MAIN", null, PrinterConnection.Simulated, null),
            new("Dock", PaperForm.Label, "MAIN", null, PrinterConnection.Raw, null),
        ]));
        await shop.Routes("product-label", "Bench");
        await shop.Routes("packing-slip", "Office");
        var (_, shipment, _) = await shop.Shipped();
        var label = await shop.Prints("product-label", "TEE-M");
        var slip = await shop.Prints("packing-slip", shipment);

        await shop.Runs<PrintSimulatedJob>();

        saved.Select(s => s.As).ShouldBe([SavedAs.Created, SavedAs.Created, SavedAs.Refused]);
        saved[2].Refusal.ShouldBe(SavePrinters.NotReached);
        (await shop.Text("select string_agg(name || ' ' || width_mm || 'x' || height_mm, ', ' order by name) from printing.printer")).ShouldBe("Bench 102x150, Office 210x297");
        (await shop.PrintStatusOf(label.Job!)).ShouldBe("Printed");
        (await shop.PrintStatusOf(slip.Job!)).ShouldBe("Printed");
        (await shop.Number("select count(*) from printing.job where digest is not null and taken_by = 'Keel'")).ShouldBe(2);
        (await shop.Text("select string_agg(words, '; ' order by words) from printing.job_step where status = 'Printed'")).ShouldBe(
            "Printed on Bench, which is simulated: the paper is kept here; Printed on Office, which is simulated: the paper is kept here");
    }

    [Fact]
    public async Task Two_agents_of_one_name_never_get_the_same_job()
    {
        await using var shop = await Shop.Open();
        await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.Routes("product-label", "Zebra");
        foreach (var sku in new[] { "TEE-M", "MUG-BL", "BOWL", "THROW" }) await shop.Prints("product-label", sku);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.Claims()));

        claimed.SelectMany(c => c).Select(j => j.Number).ShouldBeUnique();
        claimed.Sum(c => c.Count).ShouldBe(4);
    }

    [Fact]
    public async Task A_switched_off_printer_is_passed_over_and_a_test_label_goes_where_it_is_meant()
    {
        await using var shop = await Shop.Open();
        var zebra = await shop.HasPrinter("Zebra", PaperForm.Label);
        await shop.HasPrinter("Spare", PaperForm.Label);
        await shop.Routes("product-label", "Zebra", "Spare");
        await shop.Must<SavePrinters, SavePrinters.Request, Saved[]>(new([new("Zebra", PaperForm.Label, "MAIN", "dock", PrinterConnection.Raw, "127.0.0.1:9100", 102, 150, 203, IsOn: false)]));

        (await shop.Prints("product-label", "TEE-M")).Printer.ShouldBe("Spare");
        (await shop.Must<TestPrinters, TestPrinters.Request, IReadOnlyList<PrintAnswer>>(new([zebra])))[0].Why.ShouldBe(RerouteJobs.Off.Message);
        (await shop.Claims()).Select(j => j.Printer).ShouldBe(["Spare"]);
    }

    private static async Task<ClaimedJob> Finish(Shop shop)
    {
        var job = (await shop.Claims()).Single();
        (await shop.Begins(job)).ShouldBeTrue();
        (await shop.Reports(job, SendingEnd.Printed)).ShouldBe(PrintStatus.Printed);
        return job;
    }
}
