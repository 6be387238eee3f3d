using Keel.Ui;

namespace Keel.Sales;

/// Orders by our number or the channel's, and invoices by theirs.
internal sealed class FindOrders(KeelDb db, TimeProvider clock) : IFinder
{
    public sealed record Row(Guid Id, string Number, string ChannelNumber, string CustomerName, OrderStatus Status);

    private Later<List<Row>>? rows;

    public string Title => "Orders";
    public string Permission => SalesPermissions.Read;

    public void Ask(Finding text) => rows = db.Ask<Row>(
        $"""
        select id, number, channel_number, customer_name, status from (
          (select id, number, channel_number, customer_name, status from sales.orders where company_id = {db.Company} and number >= {text.Code} and number < {text.CodeEnd} order by number desc limit {Finding.Most})
          union (select id, number, channel_number, customer_name, status from sales.orders where company_id = {db.Company} and number = any({text.NumbersOf("SO", clock.GetUtcNow())}))
          union (select o.id, o.number, o.channel_number, o.customer_name, o.status from kernel.channel c join sales.orders o on o.company_id = c.company_id and o.channel = c.code
            where c.company_id = {db.Company} and o.channel_number >= {text.Text} and o.channel_number < {text.TextEnd} limit {Finding.Most})
        ) f order by number desc limit {Finding.Most}
        """);

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(o =>
        new PaletteFound.Hit("file", o.Number, $"/orders/{o.Id}") { Note = $"{o.CustomerName}, {o.ChannelNumber}", State = Shown.Of(o.Status) })];
}

/// Invoices and credit notes by their number.
internal sealed class FindInvoices(KeelDb db) : IFinder
{
    public sealed record Row(Guid Id, string Series, long Number, string CustomerName, string OrderNumber);

    private Later<List<Row>>? rows;

    public string Title => "Invoices";
    public string Permission => SalesPermissions.Read;

    public void Ask(Finding text)
    {
        var dash = text.Code.LastIndexOf('-');
        var number = dash > 0 && long.TryParse(text.Code[(dash + 1)..], out var read) ? read : -1;
        rows = db.Ask<Row>(
            $"select id, series, number, customer_name, order_number from sales.invoice where company_id = {db.Company} and series = {(dash > 0 ? text.Code[..dash] : "")} and number = {number}");
    }

    public IReadOnlyList<PaletteFound.Hit> Hits => [.. rows!.Value.Select(i =>
        new PaletteFound.Hit("file", $"{i.Series}-{i.Number:D6}", $"/invoices/{i.Id}") { Note = $"{i.CustomerName}, {i.OrderNumber}", Kind = i.Series.StartsWith("CN", StringComparison.Ordinal) ? "credit note" : "invoice" })];
}
