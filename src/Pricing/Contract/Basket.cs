namespace Keel.Pricing.Contract;

/// One line of what somebody wants to buy: its place in the basket, and what it costs by the list, as the channel states its prices. `IsStated` says that the
/// price was agreed already and no promotion takes from it.
public readonly record struct BasketLine(int Index, Sku? Sku, string? Category, Quantity Quantity, Money Amount, bool IsStated)
{
    public bool IsGoods => Sku is not null;

    /// Postage, which promotions may give for less.
    public bool IsShipping { get; init; }
}

/// What somebody wants to buy, on which channel and day, with the coupons that they name. `Customer` is the e-mail address by which limits per customer
/// know them again, where one is known.
public sealed record Basket(ChannelCode Channel, Currency Currency, DateOnly Day, IReadOnlyList<BasketLine> Lines)
{
    public IReadOnlyList<string> Coupons { get; init; } = [];

    /// Its prices are stated with tax where the channel's are without, or the other way round: amounts of promotions are not meant so, and are not given.
    public bool IsTaxedOtherwise { get; init; }
    public string? Customer { get; init; }

    /// The class of customers that they are in, if any.
    public string? CustomerClass { get; init; }
}

/// What a promotion takes off one line of a basket; always more than nothing.
public readonly record struct Discount(int Index, string Promotion, string Name, Money Amount)
{
    /// The coupon that it was given for; empty where it needs none.
    public string Coupon { get; init; } = "";
}

/// An order that was given promotions, and how much by each in all.
public sealed record GivenPromotions(DocumentRef Order, Basket Basket, IReadOnlyList<Discount> Discounts);
