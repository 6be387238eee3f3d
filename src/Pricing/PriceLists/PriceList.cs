namespace Keel.Pricing.PriceLists;

/// The prices for a channel, a customer, a class of customers, or everybody, in one currency; the list says whether tax is in them. Where several lists have
/// a price, the more special one counts, then the one with the higher priority.
[Rows("pricing.price_list", "company_id", "code")]
internal sealed record PriceList(
    Id<Company> CompanyId, string Code, string Name, ChannelCode? Channel, string? Customer, Currency Currency, bool IncludesTax,
    int Priority, DateOnly ValidFrom, DateOnly? ValidTo, int Version, string? CustomerClass = null);

/// What one stock unit costs from a quantity and a day on.
[Rows("pricing.price", "company_id", "sku", "list", "min_quantity", "from_day")]
internal sealed record Price(
    Id<Company> CompanyId, Sku Sku, string List, Quantity MinQuantity, DateOnly FromDay, DateOnly? ToDay, long Micros,
    DateTimeOffset ChangedAt);
