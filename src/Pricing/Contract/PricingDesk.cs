using Keel.Pricing.PriceLists;
using Keel.Pricing.Promotions;
using Keel.Pricing.Taxes;

namespace Keel.Pricing.Contract;

/// The desk for prices and taxes. Questions about prices are asked for sets and travel with the next round trip; tax rates are in memory.
public sealed class PricingDesk(KeelDb db, Settings settings, Policies policies)
{
    /// The prices that hold on a day (today for the company, where none is named) for some products in some channels, and on the lists of the
    /// customers that are named and of their classes. Asked for by another name, a product's prices stand under its own.
    public Later<PriceBook> Ask(IEnumerable<ChannelCode> channels, IEnumerable<Sku> skus, DateOnly? day = null,
        IEnumerable<Buyer>? buyers = null)
    {
        var on = day is { } known ? new SqlText($"{known}") : db.Today;
        var codes = channels.Select(c => c.Text).Distinct().ToArray();
        var asked = skus.Distinct().ToArray();
        var named = (buyers ?? []).Select(b => b.Number).Distinct().ToArray();
        var classes = (buyers ?? []).Select(b => b.Class).OfType<string>().Distinct().ToArray();
        return db.Ask<PriceBook.Entry, PriceBook>(
            $"""
            select p.sku as asked, p.list, l.channel, l.customer, l.customer_class, l.currency, l.includes_tax, l.priority, p.min_quantity, p.from_day,
              p.micros
            from pricing.price p join pricing.price_list l on l.company_id = p.company_id and l.code = p.list
            where p.company_id = {db.Company} and p.sku = any({asked}::text[] || array(select a.sku from catalog.pub_sku_alias a where a.alias = any({asked}))) and p.from_day <= {on} and (p.to_day is null or p.to_day >= {on})
              and l.valid_from <= {on} and (l.valid_to is null or l.valid_to >= {on})
              and (l.channel is null or l.channel = any({codes})) and (l.customer is null or l.customer = any({named}))
              and (l.customer_class is null or l.customer_class = any({classes}))
            """,
            rows => new PriceBook(rows));
    }

    /// Of customers those that have price lists of their own, or whose class has some: only their prices need to be asked for beside everybody's. In memory.
    public async Task<IReadOnlyList<Buyer>> WithOwnLists(IEnumerable<Buyer> buyers, CancellationToken ct = default) =>
        await OwnLists.Of(settings, ct) is { Any: true } own ? [.. buyers.Distinct().Where(own.Has)] : [];

    /// The tax rates and registrations of the company, as they are in force. The first call of an operation sends what is queued, so ask
    /// the desks before it.
    public async Task<TaxTable> Taxes(CancellationToken ct = default)
    {
        var rates = await settings.Get(TaxRates.Load, ct);
        var registration = await policies.Of<TaxRegistration>(ct);
        return new TaxTable(rates, registration.Choice);
    }

    /// The promotions that hold, with the coupons that baskets name and what is left of limits, for the customers by their e-mail addresses. Nothing is asked
    /// where there is no promotion; what is limited is locked until the commit. Ask it before goods are locked.
    public async Task<PromotionOffer> Promotions(
        IReadOnlyCollection<ChannelCode> channels, IReadOnlyCollection<string> coupons, IReadOnlyCollection<string> customers, CancellationToken ct = default)
    {
        if (channels.Count == 0) return new PromotionOffer(db.Company, [], [], [], [], []);
        var book = (await PromotionBook.Of(settings, ct)).For(channels);
        var named = coupons.Select(Coupon.Written).Distinct().ToArray();
        if (named.Length == 0 && !book.All.Any(p => p.IsLimited && !p.NeedsCoupon)) return new PromotionOffer(db.Company, [.. book.All.Where(p => !p.NeedsCoupon)], [], [], [], []);

        var said = named.Length == 0 ? [] : (await db.Table<Coupon>().Where($"company_id = {db.Company} and code = any({named})", ct)).ToDictionary(c => c.Code);
        var wanted = said.Values.Select(c => c.Promotion).ToHashSet();
        var limited = book.All.Where(p => p.IsLimited ? !p.NeedsCoupon || wanted.Contains(p.Code) : said.Values.Any(c => c.Promotion == p.Code && c.MaxUses is not null)).Select(p => p.Code).Order(StringComparer.Ordinal).ToArray();
        if (limited.Length == 0) return new PromotionOffer(db.Company, book.All, said, [], [], []);

        db.Climb(Rung.Document);
        var digests = customers.Select(c => PromotionOffer.DigestOf(db.Company, c)).Distinct().ToArray();
        db.QueueQuery<string>($"select code from pricing.promotion where company_id = {db.Company} and code = any({limited}) order by code for no key update", _ => { });
        var counted = book.All.Where(p => p.MaxUses is not null && limited.Contains(p.Code)).Select(p => p.Code).ToArray();
        var uses = db.Ask<Counted>($"select promotion as key, '' as customer, count(*)::int as times from pricing.promotion_use where company_id = {db.Company} and promotion = any({counted}) and given_back_at is null group by promotion");
        var ofCustomer = db.Ask<Counted>($"select promotion as key, customer, count(*)::int as times from pricing.promotion_use where company_id = {db.Company} and promotion = any({limited}) and customer = any({digests}) and given_back_at is null group by promotion, customer");
        var ofCoupon = db.Ask<Counted>($"select coupon as key, '' as customer, count(*)::int as times from pricing.promotion_use where company_id = {db.Company} and promotion = any({limited}) and coupon = any({named}) and given_back_at is null group by coupon");
        await db.Flush(ct);
        return new PromotionOffer(db.Company, book.All, said, uses.Value.ToDictionary(c => c.Key, c => c.Times), ofCustomer.Value.ToDictionary(c => (c.Key, c.Customer), c => c.Times), ofCoupon.Value.ToDictionary(c => c.Key, c => c.Times));
    }

    /// A promotion, whether it runs or not; nothing where there is none of this code.
    public async Task<PromotionFacts?> Promotion(string code, CancellationToken ct = default) =>
        await db.Table<Promotion>().Find($"company_id = {db.Company} and code = {code}", ct) is { } promotion ? new PromotionFacts(promotion) : null;

    /// The promotions that have not ended long ago, those to come among them.
    public async Task<IReadOnlyList<(string Code, string Name)>> AllPromotions(CancellationToken ct = default) => [.. (await PromotionBook.Of(settings, ct)).All.Select(p => (p.Code, p.Name))];

    /// Writes down which documents were given which promotions.
    public void Gave(IReadOnlyList<GivenPromotions> given)
    {
        var rows = given.SelectMany(g => g.Discounts.GroupBy(d => (d.Promotion, d.Coupon)).Select(d => new PromotionUse(
            db.Company, d.Key.Promotion, g.Order.Id, g.Order.Number, g.Basket.Channel, d.Key.Coupon, PromotionOffer.DigestOf(db.Company, g.Basket.Customer), d.Select(x => x.Amount).Aggregate((a, b) => a + b), g.Basket.Currency, db.Now, null,
            db.Work.Operation))).ToArray();
        if (rows.Length > 0) db.Table<PromotionUse>().Insert(rows);
    }

    /// Nobody is known again by what these documents were given; it still counts.
    public void Forget(FormattableString documents) => db.Queue($"update pricing.promotion_use set customer = '' where customer <> '' and document_id in ({documents})");

    /// Documents that are called off as a whole give back what they were given: it counts for no limit any more.
    public void GiveBack(IReadOnlyCollection<Guid> documents) =>
        db.Queue($"update pricing.promotion_use set given_back_at = {db.Now} where document_id = any({documents}) and given_back_at is null");

    private sealed record Counted(string Key, string Customer, int Times);
}
