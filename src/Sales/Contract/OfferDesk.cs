using System.Globalization;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Stock.Contract;
using static Keel.Kernel.Words;

namespace Keel.Sales.Contract;

/// What a channel would take for a product now, and how many of it its sites could promise. `Price` is empty where no list has the product.
public sealed record Offered(string Sku, string? Price, string Currency, string Note);

/// What whoever enters an order is told while they type: the price that the customer pays by the lists, and what is available. It promises nothing.
public sealed class OfferDesk(KeelDb db, Settings settings, PricingDesk pricing, PartnersDesk partners, StockDesk stock)
{
    /// So many lines are told about at once.
    public const int MostLines = 200;

    /// Each product with its list price for the quantity, on the lists of the customer with this e-mail address where one is known by it, and what the channel's sites have available; nothing for a channel that whoever asks does not work on.
    public async Task<IReadOnlyList<Offered>> Of(ChannelCode code, IReadOnlyList<(Sku Sku, Quantity Quantity)> lines, string? email = null, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        if (lines.Count == 0 || !network.Channels.TryGetValue(code, out var channel) || !db.Work.Actor.MayOn(code)) return [];
        var buyer = email?.Trim() is { Length: > 0 } mailbox && (await Matched(code, mailbox, ct)).Known(0) is { } known ? new Buyer(known.Number, known.Class) : null;
        var asked = pricing.Ask([code], lines.Select(l => l.Sku), network.Day(db.Now), buyer is null ? null : [buyer]);
        var offers = await stock.Offers(code, [.. lines.Select(l => l.Sku).Distinct()], channel.Nodes, ct);
        var available = offers.GroupBy(o => o.Sku).ToDictionary(g => g.Key, g => g.Sum(o => o.Quantity));
        return [.. lines.Select(l => Told(l.Sku, asked.Value.Find(code, l.Sku, l.Quantity, channel.Currency, buyer), available.GetValueOrDefault(l.Sku), l.Quantity, channel.Currency))];
    }

    private async Task<CustomerMatches> Matched(ChannelCode channel, string email, CancellationToken ct)
    {
        var asked = partners.Ask([(channel, new Contact("", Email: email))]);
        await db.Flush(ct);
        return asked.Value;
    }

    private static Offered Told(Sku sku, ListPrice? list, Quantity available, Quantity wanted, Currency currency)
    {
        var stock = available >= wanted ? T($"{available} available") : available.IsPositive ? T($"only {available} available") : T("none available");
        var price = list is null ? T("no list price: state one") : T($"list price {list.Price.Price.ToString("0.00####", CultureInfo.InvariantCulture)}");
        return new Offered(sku.Text, list?.Price.Price.ToString("0.00####", CultureInfo.InvariantCulture), currency.Code, $"{price}, {stock}");
    }
}
