using Keel.Pricing.Contract;

namespace Keel.Pricing.Promotions;

/// What promotions take off a basket. Arithmetic alone: the same basket and the same promotions give the same answer, to the cent, and no line ever costs
/// less than nothing.
internal static class Reckoning
{
    /// Those with the higher priority come first, then the code decides. Each takes its share of what those before it left. One that does not combine is given only
    /// on lines that no other took from, and closes them to all that follow.
    public static IReadOnlyList<Discount> Of(Basket basket, IEnumerable<Promotion> promotions)
    {
        var given = new List<Discount>();
        var lines = basket.Lines.Select(l => new Line(l)).ToArray();
        foreach (var promotion in promotions)
        {
            if (!promotion.Holds(basket.Channel, basket.Currency, basket.Day) || !promotion.IsFor(basket.CustomerClass) || (basket.IsTaxedOtherwise && promotion.HasAmounts)) continue;
            var about = lines.Where(l => l.IsOpen(promotion.Combines) && l.Of.IsGoods && promotion.IsAbout(l.Of.Sku!.Value, l.Of.Category)).ToArray();
            if (about.Length == 0 || !IsReached(promotion, about, basket.Currency)) continue;
            var targets = promotion.Kind is PromotionKind.FreeShipping ? [.. lines.Where(l => l.IsOpen(promotion.Combines) && l.Of.IsShipping)] : about;
            var off = Off(promotion, targets, basket.Currency);
            for (var i = 0; i < targets.Length; i++)
            {
                var amount = Min(off[i], targets[i].Left);
                if (amount.Minor <= 0) continue;
                targets[i].Take(amount, closes: !promotion.Combines);
                given.Add(new Discount(targets[i].Of.Index, promotion.Code, promotion.Name, amount));
            }
        }

        return given;
    }

    private static bool IsReached(Promotion promotion, Line[] about, Currency currency) =>
        !(promotion.MinValue is { } value && Sum(about, currency) < value) && !(promotion.MinQuantity is { } quantity && about.Sum(l => l.Of.Quantity) < quantity);

    private static Money[] Off(Promotion promotion, Line[] lines, Currency currency) => promotion.Kind switch
    {
        PromotionKind.Percent => [.. lines.Select(l => PerCent(l.Left, promotion.Percent!.Value))],
        PromotionKind.FreeShipping => [.. lines.Select(l => PerCent(l.Left, promotion.Percent ?? 100))],
        PromotionKind.AmountOff => Split(Min(promotion.Amount!.Value, Sum(lines, currency)), lines),
        PromotionKind.AmountEach => [.. lines.Select(l => UnitPrice.Of(promotion.Amount!.Value.Amount, currency).Times(l.Of.Quantity))],
        PromotionKind.FixedPrice => [.. lines.Select(l => l.Left - UnitPrice.Of(promotion.Amount!.Value.Amount, currency).Times(l.Of.Quantity))],
        PromotionKind.ByQuantity => Tiered(promotion, lines, currency),
        PromotionKind.BuyAndGet => Cheapest(promotion, lines, currency),
        PromotionKind.Bundle => Bundled(promotion, lines, currency),
        _ => throw new InvariantBroken($"Nobody knows what {promotion.Kind} takes off."),
    };

    private static Money[] Tiered(Promotion promotion, Line[] lines, Currency currency)
    {
        var quantity = lines.Sum(l => l.Of.Quantity);
        var reached = promotion.Tiers.Where(t => t.From <= quantity).Select(t => t.Percent).DefaultIfEmpty(0).Max();
        return [.. lines.Select(l => reached > 0 ? PerCent(l.Left, reached) : Money.Zero(currency))];
    }

    /// Of each group of so many bought and so many got, those that cost least are got: the dearest are paid, as customers expect it to be said.
    private static Money[] Cheapest(Promotion promotion, Line[] lines, Currency currency)
    {
        var off = lines.Select(_ => Money.Zero(currency)).ToArray();
        var whole = lines.Select(l => l.Of.Quantity.Thousandths / 1_000).ToArray();
        var free = whole.Sum() / (promotion.Buy!.Value + promotion.Get!.Value) * promotion.Get.Value;
        foreach (var i in Enumerable.Range(0, lines.Length).OrderBy(i => lines[i].UnitValue).ThenByDescending(i => i))
        {
            var taken = Math.Min(free, whole[i]);
            if (taken == 0) continue;
            off[i] = PerCent(lines[i].Left.Share(new Quantity(taken * 1_000), lines[i].Of.Quantity), promotion.Percent ?? 100);
            free -= taken;
        }

        return off;
    }

    /// So many whole bundles as there are of the product that there is least of; what they cost together goes down to the price, split by what their products cost.
    private static Money[] Bundled(Promotion promotion, Line[] lines, Currency currency)
    {
        var none = lines.Select(_ => Money.Zero(currency)).ToArray();
        var quantities = lines.Where(l => promotion.Skus.Contains(l.Of.Sku!.Value)).GroupBy(l => l.Of.Sku!.Value).ToDictionary(g => g.Key, g => g.Sum(l => l.Of.Quantity));
        if (promotion.Skus.Any(s => !quantities.ContainsKey(s))) return none;
        var sets = promotion.Skus.Min(s => quantities[s].Thousandths / 1_000);
        if (sets == 0) return none;

        // Of each product, its dearest units go into bundles last: the customer is charged least.
        var within = (Money[])none.Clone();
        foreach (var product in Enumerable.Range(0, lines.Length).Where(i => quantities.ContainsKey(lines[i].Of.Sku!.Value)).GroupBy(i => lines[i].Of.Sku!.Value))
        {
            var left = new Quantity(sets * 1_000);
            foreach (var i in product.OrderByDescending(i => lines[i].UnitValue).ThenBy(i => i))
            {
                var taken = Quantity.Min(left, lines[i].Of.Quantity);
                within[i] = lines[i].Left.Share(taken, lines[i].Of.Quantity);
                left -= taken;
            }
        }

        var together = within.Aggregate((a, b) => a + b);
        var off = together - new Money(checked(promotion.Amount!.Value.Minor * sets), currency);
        return off.Minor <= 0 ? none : off.Split([.. within.Select(w => w.Minor)]);
    }

    private static Money[] Split(Money whole, Line[] lines) => whole.Minor == 0 ? [.. lines.Select(_ => whole)] : whole.Split([.. lines.Select(l => l.Left.Minor)]);

    private static Money PerCent(Money of, decimal percent) => of.Times(percent / 100);

    private static Money Sum(Line[] lines, Currency currency) => lines.Aggregate(Money.Zero(currency), (sum, l) => sum + l.Left);

    private static Money Min(Money a, Money b) => a <= b ? a : b;

    /// A line of the basket, with what is left of its amount.
    private sealed class Line(BasketLine of)
    {
        private bool isTouched;
        private bool isClosed = of.Amount.Minor <= 0 || of.IsStated;

        public BasketLine Of => of;
        public Money Left { get; private set; } = of.Amount;

        /// What one unit costs, to order by.
        public decimal UnitValue => Left.Minor / (decimal)of.Quantity.Thousandths;

        public bool IsOpen(bool combines) => !isClosed && (combines || !isTouched) && Left.Minor > 0;

        public void Take(Money amount, bool closes)
        {
            Left -= amount;
            isTouched = true;
            isClosed |= closes;
        }
    }
}
