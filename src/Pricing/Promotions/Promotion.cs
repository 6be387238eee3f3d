namespace Keel.Pricing.Promotions;

/// What a promotion takes off.
internal enum PromotionKind
{
    /// So many per cent of each line.
    Percent,

    /// An amount off all of it together, split over the lines by what they cost.
    AmountOff,

    /// An amount off each unit.
    AmountEach,

    /// Each unit costs so much.
    FixedPrice,

    /// Of so many bought, the cheapest so many cost less, or nothing.
    BuyAndGet,

    /// The more of it, the more per cent off.
    ByQuantity,

    /// One of each of these products costs so much together.
    Bundle,

    /// Postage costs less, or nothing.
    FreeShipping,
}

/// From a quantity on, so many per cent off.
internal readonly record struct PromotionTier(Quantity From, decimal Percent);

/// What is taken off the list's prices, for whom and when. Amounts are as the channel states its prices, with or without tax.
[Rows("pricing.promotion", "company_id", "code")]
internal sealed record Promotion(
    Id<Company> CompanyId, string Code, string Name, string Owner, PromotionKind Kind, DateOnly FromDay, DateOnly? ToDay, bool Paused, int Priority, bool Combines, bool NeedsCoupon,
    [property: Json] IReadOnlyList<ChannelCode> Channels, [property: Json] IReadOnlyList<Sku> Skus, [property: Json] IReadOnlyList<string> Categories, [property: Json] IReadOnlyList<PromotionTier> Tiers,
    decimal? Percent, Money? Amount, int? Buy, int? Get, Money? MinValue, Quantity? MinQuantity, Currency Currency, int? MaxUses, int? MaxPerCustomer, Quantity? ExpectedUnits,
    DateTimeOffset ChangedAt, string ChangedBy, int Version, Guid Operation, [property: Json] IReadOnlyList<string>? CustomerClasses = null)
{
    public const string RecordKind = "promotion";

    /// Whether it is counted how often it was given.
    [NotAColumn]
    public bool IsLimited => MaxUses is not null || MaxPerCustomer is not null;

    /// Whether it says anything in money: then it is in one currency, with or without tax as its channels state their prices.
    [NotAColumn]
    public bool HasAmounts => Amount is not null || MinValue is not null;

    /// Whether it is for customers of this class; null is a customer of none.
    public bool IsFor(string? customerClass) => CustomerClasses is not { Count: > 0 } some || (customerClass is not null && some.Contains(customerClass));

    public bool Holds(ChannelCode channel, Currency currency, DateOnly day) =>
        !Paused && FromDay <= day && !(ToDay < day) && (!HasAmounts || Currency == currency) && (Channels.Count == 0 || Channels.Contains(channel));

    public bool IsAbout(Sku sku, string? category) => (Skus.Count == 0 && Categories.Count == 0) || Skus.Contains(sku) || (category is not null && Categories.Contains(category));
}

/// A word that a customer says to be given a promotion.
[Rows("pricing.coupon", "company_id", "code")]
internal sealed record Coupon(Id<Company> CompanyId, string Code, string Promotion, int? MaxUses, DateTimeOffset AddedAt, Guid Operation)
{
    public static string Written(string said) => said.Trim().ToUpperInvariant();
}

/// An order that was given a promotion.
[Rows("pricing.promotion_use", "company_id", "promotion", "document_id")]
internal sealed record PromotionUse(
    Id<Company> CompanyId, string Promotion, Guid DocumentId, string DocumentNumber, ChannelCode Channel, string Coupon, string Customer, Money Amount, Currency Currency, DateTimeOffset UsedAt, DateTimeOffset? GivenBackAt, Guid Operation);
