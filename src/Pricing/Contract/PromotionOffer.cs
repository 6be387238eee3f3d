using System.Security.Cryptography;
using System.Text;
using Keel.Pricing.Promotions;

namespace Keel.Pricing.Contract;

/// The promotions that hold for the baskets of one transaction, with what is left of their limits. What is limited is locked until the commit, so that nobody
/// is given the last one twice.
public sealed class PromotionOffer
{
    public static readonly Error NoCoupon = Error.Invalid("coupon.unknown", "Nobody knows this coupon. Correct it, or leave it out.");
    public static readonly Error Void = Error.Invalid("coupon.void", "This coupon gives nothing here. Leave it out.");

    private readonly Id<Company> company;
    private readonly IReadOnlyList<Promotion> promotions;
    private readonly Dictionary<string, Coupon> coupons;
    private readonly Dictionary<string, int> uses;
    private readonly Dictionary<(string Promotion, string Customer), int> ofCustomer;
    private readonly Dictionary<string, int> ofCoupon;

    internal PromotionOffer(
        Id<Company> company, IReadOnlyList<Promotion> promotions, Dictionary<string, Coupon> coupons, Dictionary<string, int> uses, Dictionary<(string, string), int> ofCustomer, Dictionary<string, int> ofCoupon) =>
        (this.company, this.promotions, this.coupons, this.uses, this.ofCustomer, this.ofCoupon) = (company, promotions, coupons, uses, ofCustomer, ofCoupon);

    /// What is taken off a basket.
    public IReadOnlyList<Discount> Give(Basket basket)
    {
        if (promotions.Count == 0) return [];
        var customer = DigestOf(company, basket.Customer);
        var named = basket.Coupons.Select(Coupon.Written).Distinct().Select(c => coupons.GetValueOrDefault(c)).OfType<Coupon>().Where(c => !(c.MaxUses <= ofCoupon.GetValueOrDefault(c.Code)))
            .GroupBy(c => c.Promotion).ToDictionary(g => g.Key, g => g.First().Code);
        var given = Reckoning.Of(basket, promotions.Where(p => (!p.NeedsCoupon || named.ContainsKey(p.Code)) && WhyUsedUp(p, customer) is null));
        return [.. given.Select(g => g with { Coupon = named.GetValueOrDefault(g.Promotion, "") })];
    }

    /// A basket was given this: the next one of the same transaction finds so much less of what is limited.
    public void Count(Basket basket, IReadOnlyList<Discount> given)
    {
        var customer = DigestOf(company, basket.Customer);
        foreach (var (promotion, coupon) in given.Select(g => (g.Promotion, g.Coupon)).Distinct())
        {
            uses[promotion] = uses.GetValueOrDefault(promotion) + 1;
            ofCustomer[(promotion, customer)] = ofCustomer.GetValueOrDefault((promotion, customer)) + 1;
            if (coupon.Length > 0) ofCoupon[coupon] = ofCoupon.GetValueOrDefault(coupon) + 1;
        }
    }

    /// Why a coupon that was named gave nothing, or nothing where each did.
    public Error? Wrong(Basket basket, IReadOnlyList<Discount> given)
    {
        foreach (var said in basket.Coupons)
        {
            if (!coupons.TryGetValue(Coupon.Written(said), out var coupon)) return NoCoupon.With($"Nobody knows the coupon {said.Trim()}. Correct it, or leave it out.");
            if (given.Any(g => g.Coupon == coupon.Code)) continue;
            return Void.With($"The coupon {coupon.Code} gives nothing here: {Why(basket, coupon, given)}. Leave it out.");
        }

        return null;
    }

    private string Why(Basket basket, Coupon coupon, IReadOnlyList<Discount> given)
    {
        if (promotions.FirstOrDefault(p => p.Code == coupon.Promotion) is not { } promotion) return $"it has ended, or is not for {basket.Channel}";
        if (promotion.Paused) return "it is not given at the moment";
        if (promotion.FromDay > basket.Day) return $"it begins on {promotion.FromDay:yyyy-MM-dd}";
        if (promotion.ToDay < basket.Day) return $"it ended on {promotion.ToDay:yyyy-MM-dd}";
        if (!promotion.Holds(basket.Channel, basket.Currency, basket.Day)) return $"it is not for {basket.Channel} in {basket.Currency}";
        if (!promotion.IsFor(basket.CustomerClass)) return $"it is for customers of the class {string.Join(" or ", promotion.CustomerClasses!)} only";
        if (basket.IsTaxedOtherwise && promotion.HasAmounts) return "the order states its prices with tax where the channel states them without, or the other way round";
        if (coupon.MaxUses <= ofCoupon.GetValueOrDefault(coupon.Code)) return "it was used already";
        if (WhyUsedUp(promotion, DigestOf(company, basket.Customer)) is { } used) return used;
        if (given.Any(g => g.Promotion == promotion.Code)) return "another coupon for the same is given";
        if (promotion.MinValue is { } value) return $"it wants {value} or more of what it is for";
        return promotion.MinQuantity is { } quantity ? $"it wants {quantity} or more of what it is for" : "nothing in the order is what it is for, or another promotion closes it";
    }

    private string? WhyUsedUp(Promotion promotion, string customer)
    {
        if (promotion.MaxUses <= uses.GetValueOrDefault(promotion.Code)) return "it was given as often as it may be";
        if (promotion.MaxPerCustomer is not { } most) return null;
        if (customer.Length == 0) return "it is limited for each customer, and nobody knows who this is: name the e-mail address";
        return most <= ofCustomer.GetValueOrDefault((promotion.Code, customer)) ? "this customer was given it as often as each may be" : null;
    }

    /// Who it was, so that they are known again and nobody reads who it is.
    internal static string DigestOf(Id<Company> company, string? email) =>
        email?.Trim() is { Length: > 0 } known ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{company.Value} {known.ToLowerInvariant()}")))[..32] : "";
}
