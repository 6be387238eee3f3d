using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// What new orders leave to their customers: prices below those of the lists, and discounts. It is what somebody's yes is asked about, where a policy
/// wants one. What a marketplace agreed with its customer is a fact already, and is not asked about.
internal sealed class Conceding(KeelDb db, PricingDesk pricing, PartnersDesk partners, Settings settings)
{
    /// Out of the ordinary are `below-list`, a price under the list's, and `discount`, a line that takes off. The amount is what is left in all, in the
    /// order's currency and as its prices are stated, with or without tax; it says nothing of goods that no list knows.
    public async Task<Effect> Of(NewOrder asked, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (!network.Channels.TryGetValue(asked.Channel, out var channel) || channel.IsMarketplace) return Effect.Nothing;

        // The same number may stand on two channels; what was there before this operation was taken then.
        var taken = await db.Orders.Find($"company_id = {db.Company} and channel = {asked.Channel} and channel_number = {asked.Number} and operation = {db.Work.Operation}", ct);
        if (taken is null) return Effect.Nothing;
        var lines = await db.OrderLines.Where($"order_id = {taken.Id} order by line", ct);
        var skus = lines.Select(l => l.Sku).OfType<Sku>().ToArray();
        var customers = partners.AskById([new Id<Partner>(taken.CustomerId)]);
        await db.Flush(ct);
        var customer = customers.Value.Values.FirstOrDefault()?.AsBuyer();
        var lists = pricing.Ask([asked.Channel], skus, network.Day(db.Now), customer is null ? null : [customer]);
        await db.Flush(ct);

        var (below, off) = (Money.Zero(channel.Currency), Money.Zero(channel.Currency));
        foreach (var line in lines.Where(l => l.IsCustomers))
        {
            if (line.Kind is LineKind.Discount) off += Abs(line.UnitPrice.Times(line.Quantity));
            if (line.Sku is not { } sku || lists.Value.Find(asked.Channel, sku, line.Quantity, channel.Currency, customer) is not { } list) continue;
            var listed = list.As(asked.PricesIncludeTax ?? channel.PricesIncludeTax, line.TaxRate).Times(line.Quantity);
            if (line.UnitPrice.Times(line.Quantity) is var agreed && agreed < listed) below += listed - agreed;
        }

        var left = below + off;
        if (left.Minor == 0) return Effect.Nothing;
        return new Effect(left, [], $"Takes order {asked.Number} of {channel.Code} over {taken.Gross}, {left} less than the lists say{(off.Minor > 0 ? $" (of it discounts: {off})" : "")}.")
        {
            Channel = asked.Channel, Exceptions = [.. below.Minor > 0 ? ["below-list"] : Array.Empty<string>(), .. off.Minor > 0 ? ["discount"] : Array.Empty<string>()],
        };
    }

    private static Money Abs(Money money) => money.Minor < 0 ? -money : money;
}
