namespace Keel.Pricing.Contract;

/// Whose prices are asked for: a customer by its number, and the class of customers that it is in, if any.
public sealed record Buyer(string Number, string? Class = null);

/// The price of one stock unit as a list states it, and whether tax is in it.
public sealed record ListPrice(UnitPrice Price, bool IncludesTax, string List)
{
    /// The price with or without tax of so many per cent, to the sixth decimal, half away from zero.
    public UnitPrice As(bool withTax, decimal rate)
    {
        if (IncludesTax == withTax || rate == 0) return Price;
        var factor = 1 + (rate / 100m);
        return Price with { Micros = (long)decimal.Round(withTax ? Price.Micros * factor : Price.Micros / factor, MidpointRounding.AwayFromZero) };
    }
}

/// The prices that hold on one day for some channels and products.
public sealed class PriceBook
{
    private readonly ILookup<Sku, Entry> entries;

    internal PriceBook(IEnumerable<Entry> entries) => this.entries = entries.ToLookup(e => e.Asked);

    /// What a quantity of a product costs in a channel, for a customer where one has lists of its own; nothing where no list knows the
    /// product. A customer's list goes before one of its class, that before a channel's, a channel's before the general one, then priority
    /// and code decide; in a list the largest quantity that is reached counts, and of its prices the one that began last.
    public ListPrice? Find(ChannelCode channel, Sku sku, Quantity quantity, Currency currency, Buyer? buyer = null)
    {
        Entry? best = null;
        foreach (var entry in entries[sku])
        {
            var applies = entry.MinQuantity <= quantity && entry.Currency == currency
                && (entry.Channel is null || entry.Channel == channel) && (entry.Customer is null || entry.Customer == buyer?.Number)
                && (entry.CustomerClass is null || entry.CustomerClass == buyer?.Class);
            if (applies && (best is null || entry.IsBefore(best))) best = entry;
        }

        return best is null ? null : new ListPrice(new UnitPrice(best.Micros, best.Currency), best.IncludesTax, best.List);
    }

    internal sealed record Entry(
        Sku Asked, string List, ChannelCode? Channel, string? Customer, string? CustomerClass, Currency Currency, bool IncludesTax, int Priority,
        Quantity MinQuantity, DateOnly FromDay, long Micros)
    {
        public bool IsBefore(Entry other)
        {
            if (Customer is null != other.Customer is null) return Customer is not null;
            if (CustomerClass is null != other.CustomerClass is null) return CustomerClass is not null;
            if (Channel is null != other.Channel is null) return Channel is not null;
            if (Priority != other.Priority) return Priority > other.Priority;
            if (List != other.List) return string.CompareOrdinal(List, other.List) < 0;
            if (MinQuantity != other.MinQuantity) return MinQuantity > other.MinQuantity;
            return FromDay > other.FromDay;
        }
    }
}
