using Keel.App.Access;
using Keel.Printing;
using Keel.Printing.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;

namespace Keel.Tests.Printing;

/// What clerks and agents do with papers.
internal static class PrintShop
{
    extension(Shop shop)
    {
        /// A printer at MAIN that an agent of this name serves.
        public async Task<Id<Printer>> HasPrinter(string name, PaperForm kind = PaperForm.Document, string address = "127.0.0.1:9100", string agent = "dock", PrinterConnection? how = null)
        {
            var item = new SavePrinters.Item(name, kind, "MAIN", agent, how ?? PrinterConnection.Raw, address, kind is PaperForm.Label ? 102 : 210, kind is PaperForm.Label ? 150 : 297);
            (await shop.Must<SavePrinters, SavePrinters.Request, Saved[]>(new([item])))[0].As.ShouldNotBe(SavedAs.Refused);
            return new Id<Printer>(Guid.Parse(await shop.Text($"select id from printing.printer where name = '{name}'")));
        }

        public async Task Routes(string paper, string printer, string? fallback = null, string? station = null, NodeCode? site = null) => (await shop.Must<SaveRoutes, SaveRoutes.Request, Saved[]>(
            new([new(paper, printer, fallback, site, station)])))[0].As.ShouldNotBe(SavedAs.Refused);

        /// An order that left, its invoice numbered.
        public async Task<(CapturedOrder Order, string Shipment, string Invoice)> Shipped()
        {
            await shop.Stocks("TEE-M", 10, worth: 50_00);
            var order = await shop.Takes(("TEE-M", 2));
            await shop.Ships(order);
            await shop.Must<NumberInvoices, NumberInvoices.Request, int>(new());
            return (order, await shop.Text($"select id from warehouse.shipment where order_id = '{order.Id}'"), await shop.Text($"select id from sales.invoice where order_id = '{order.Id}'"));
        }

        public async Task<PrintAnswer> Prints(string paper, string subject, string? station = null, Caller? by = null) =>
            (await shop.Does<PrintPapers, PrintPapers.Request, IReadOnlyList<PrintAnswer>>(new([subject], paper, station), by)).Value[0];

        public async Task<IReadOnlyList<ClaimedJob>> Claims(string agent = "dock") => await shop.Must<ClaimJobs, ClaimJobs.Request, IReadOnlyList<ClaimedJob>>(new(agent));

        public async Task<bool> Begins(ClaimedJob job) => (await shop.Does<BeginSending, BeginSending.Request, Done>(new(job.Job, job.Claim))).Ok;

        public async Task<PrintStatus?> Reports(ClaimedJob job, SendingEnd end, string? problem = null) =>
            await shop.Does<ReportJob, ReportJob.Request, PrintStatus>(new(job.Job, job.Claim, end, problem)) is { Ok: true } said ? said.Value : null;

        public Task<string> PrintStatusOf(string number) => shop.Text($"select status from printing.job where number = '{number}'");
    }
}
