namespace Keel.Sales;

/// Everything that a quote's page and its form show, asked in one round trip.
internal sealed class QuoteCard(KeelDb db)
{
    public sealed record CustomerRow(string Number, string? Name, int PaymentTermsDays);

    public sealed record NameRow(Sku Sku, string Name);

    public Quote Quote { get; private set; } = null!;
    public CustomerRow? Customer { get; private set; }

    /// The latest first.
    public IReadOnlyList<QuoteVersion> Versions { get; private set; } = [];
    public ILookup<int, QuoteLine> Lines { get; private set; } = Array.Empty<QuoteLine>().ToLookup(l => l.Version);
    public IReadOnlyDictionary<Sku, string> Names { get; private set; } = new Dictionary<Sku, string>();

    public QuoteVersion Latest => Versions[0];

    /// What is offered below the lists in a version, in all.
    public Money Left(int version) => Lines[version].Aggregate(Money.Zero(Quote.Currency), (sum, l) =>
        l.ListPrice is { } list && list.Times(l.Quantity) is var listed && l.UnitPrice.Times(l.Quantity) is var offered && offered < listed ? sum + (listed - offered) : sum);

    public async Task<bool> Load(Id<Quote> id, CancellationToken ct = default)
    {
        var quotes = db.Ask<Quote>($"{QuoteTables.Columns} where company_id = {db.Company} and id = {id}");
        var versions = db.Ask<QuoteVersion>($"{QuoteTables.VersionColumns} where company_id = {db.Company} and quote_id = {id} order by version desc");
        var lines = db.Ask<QuoteLine>($"{QuoteTables.LineColumns} where company_id = {db.Company} and quote_id = {id} order by version, line");
        var names = db.Ask<NameRow>($"select distinct l.sku, coalesce(p.name, l.sku) as name from sales.quote_line l left join catalog.pub_product p on p.sku = l.sku where l.company_id = {db.Company} and l.quote_id = {id}");
        var customers = db.Ask<CustomerRow>($"select p.number, p.name, p.payment_terms_days from partners.pub_partner p join sales.quote q on q.customer_id = p.id where q.company_id = {db.Company} and q.id = {id}");
        await db.Flush(ct);
        if (quotes.Value is not [var only]) return false;
        (Quote, Versions, Lines, Names) = (only, versions.Value, lines.Value.ToLookup(l => l.Version), names.Value.ToDictionary(n => n.Sku, n => n.Name));
        Customer = customers.Value.FirstOrDefault();
        return true;
    }

    /// Lines of an order, to offer them again: what was ordered and what it cost.
    public Task<List<OrderedRow>> OrderLines(Guid order, CancellationToken ct = default) => db.Query<OrderedRow>(
        $"""
        select l.sku, l.quantity, l.unit_price, l.currency, o.channel, p.number as customer from sales.order_line l join sales.orders o on o.id = l.order_id join partners.pub_partner p on p.id = o.customer_id
        where o.company_id = {db.Company} and o.id = {order} and l.kit_line is null and l.sku is not null order by l.line
        """, ct);

    public sealed record OrderedRow(Sku Sku, Quantity Quantity, UnitPrice UnitPrice, Currency Currency, ChannelCode Channel, string Customer);
}
