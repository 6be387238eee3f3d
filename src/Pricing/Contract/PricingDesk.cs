using Keel.Pricing.Taxes;

namespace Keel.Pricing.Contract;

/// The desk for prices and taxes. Questions about prices are asked for sets and travel with the next round trip; tax rates are in memory.
public sealed class PricingDesk(KeelDb db, Settings settings, Policies policies)
{
    /// The prices that hold on a day (today for the company, where none is named) for some products in some channels, and on the lists of the
    /// customers that are named. Asked for by another name, a product's prices stand under its own.
    public Later<PriceBook> Ask(IEnumerable<ChannelCode> channels, IEnumerable<Sku> skus, DateOnly? day = null,
        IEnumerable<string>? customers = null)
    {
        var on = day is { } known ? new SqlText($"{known}") : db.Today;
        var codes = channels.Select(c => c.Text).Distinct().ToArray();
        var asked = skus.Distinct().ToArray();
        var named = (customers ?? []).Distinct().ToArray();
        return db.Ask<PriceBook.Entry, PriceBook>(
            $"""
            select p.sku as asked, p.list, l.channel, l.customer, l.currency, l.includes_tax, l.priority, p.min_quantity, p.from_day,
              p.micros
            from pricing.price p join pricing.price_list l on l.company_id = p.company_id and l.code = p.list
            where p.company_id = {db.Company} and p.sku = any({asked}::text[] || array(select a.sku from catalog.pub_sku_alias a where a.alias = any({asked}))) and p.from_day <= {on} and (p.to_day is null or p.to_day >= {on})
              and l.valid_from <= {on} and (l.valid_to is null or l.valid_to >= {on})
              and (l.channel is null or l.channel = any({codes})) and (l.customer is null or l.customer = any({named}))
            """,
            rows => new PriceBook(rows));
    }

    /// The tax rates and registrations of the company, as they are in force. The first call of an operation sends what is queued, so ask
    /// the desks before it.
    public async Task<TaxTable> Taxes(CancellationToken ct = default)
    {
        var rates = await settings.Get(TaxRates.Load, ct);
        var registration = await policies.Of<TaxRegistration>(ct);
        return new TaxTable(rates, registration.Choice);
    }
}
