using Keel.Pricing.Promotions;

namespace Keel.Pricing.Contract;

/// What is known of a promotion outside of pricing: whom it is for, until when, and how many units its owner expects to be sold with it.
public sealed class PromotionFacts
{
    private readonly Promotion promotion;

    internal PromotionFacts(Promotion promotion) => this.promotion = promotion;

    public string Code => promotion.Code;
    public string Name => promotion.Name;
    public string Owner => promotion.Owner;
    public DateOnly FromDay => promotion.FromDay;
    public DateOnly? ToDay => promotion.ToDay;

    /// Empty is all of them.
    public IReadOnlyList<ChannelCode> Channels => promotion.Channels;
    public Quantity? ExpectedUnits => promotion.ExpectedUnits;

    /// The products and categories that it names; without any it is about everything.
    public IReadOnlyList<Sku> Skus => promotion.Skus;
    public IReadOnlyList<string> Categories => promotion.Categories;

    /// Whether it takes something off this product.
    public bool IsAbout(Sku sku, string? category) => promotion.IsAbout(sku, category);

    /// What it would take off a basket by itself, as if it ran on that day and its coupon was said; limits are not counted.
    public IReadOnlyList<Discount> Try(Basket basket) => Reckoning.Of(basket, [promotion with { FromDay = basket.Day, ToDay = basket.Day, Paused = false }]);
}
