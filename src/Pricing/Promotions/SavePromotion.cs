using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Pricing.Contract;

namespace Keel.Pricing.Promotions;

/// Creates a promotion, or changes what it takes off, for whom and until when. Orders that were given it keep what they were given.
[Operation("pricing.save-promotion", PricingPermissions.EditPromotions, ChangesSettings = true, Said = "saved {code|a promotion}", Icon = "money")]
internal sealed class SavePromotion(KeelDb db, Settings settings, CatalogDesk catalog) : IOperation<SavePromotion.Request, Saved[]>
{
    /// What is left empty does not count: no channels are all of them, no products and categories all goods. `Amount` is what comes off in all (AmountOff), off each
    /// unit (AmountEach), or what a unit (FixedPrice) or one of each product together (Bundle) costs, as the channels state their prices.
    public sealed record Request(
        [Required, RegularExpression("^[a-z0-9-]{1,30}$", ErrorMessage = "is 1 to 30 small letters, digits and hyphens.")] string Code,
        [Required, MaxLength(100)] string Name, PromotionKind Kind, [Required, MaxLength(100)] string Owner, DateOnly FromDay, DateOnly? ToDay = null,
        [Range(typeof(decimal), "0.01", "100", ParseLimitsInInvariantCulture = true, ErrorMessage = "is between 0.01 and 100.")] decimal? Percent = null, Money? Amount = null, [Range(1, 1000)] int? Buy = null, [Range(1, 1000)] int? Get = null,
        [MaxLength(300), Display(Name = "Steps by quantity")] string? Tiers = null, [MaxLength(4000), Display(Name = "SKUs")] string? Skus = null, [MaxLength(2000)] string? Categories = null, [MaxLength(1000)] string? Channels = null,
        Money? MinValue = null, [Positive] Quantity? MinQuantity = null, bool NeedsCoupon = false, bool Combines = true, [Range(0, 1000)] int Priority = 100,
        [Range(1, 100_000_000)] int? MaxUses = null, [Range(1, 100_000)] int? MaxPerCustomer = null, [Positive] Quantity? ExpectedUnits = null, bool Paused = false, int? Version = null,
        [MaxLength(500), RegularExpression("^[a-z0-9, -]*$", ErrorMessage = "are names of small letters, digits and hyphens, with commas between, such as b2b.")] string? CustomerClasses = null);

    public static readonly Error Backwards = Error.Invalid("promotion.ends-before-it-begins", "The promotion ends before it begins. Correct one of the days.");
    public static readonly Error Lacks = Error.Invalid("promotion.lacks", "Say how much the promotion takes off.");
    public static readonly Error BadTiers = Error.Invalid("promotion.tiers", "Steps are a quantity and per cent each, such as 3: 10, 6: 15.");
    public static readonly Error NoSku = Error.NotFound("product.unknown", "There is no product with this SKU. Create the product first.");
    public static readonly Error NoChannel = Error.NotFound("promotion.channel-unknown", "There is no such channel. Create the channel first.");
    public static readonly Error NoCategory = Error.NotFound("promotion.category-unknown", "There is no such category. Create the category first.");
    public static readonly Error ChangedMeanwhile = new("promotion.changed-meanwhile", "Somebody changed this promotion meanwhile. Look at it again, then save.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        if (request.ToDay < request.FromDay) return Backwards;
        var currency = request.Amount?.Currency ?? request.MinValue?.Currency ?? network.Company.Currency;
        if (request.MinValue is { } least && least.Currency != currency) return Lacks.With("Both amounts are in one currency. Correct one of them.");
        if (Tiered(request.Tiers) is not { } tiers) return BadTiers;
        if (Wrong(request, tiers) is { } lacking) return Lacks.With(lacking);
        var channels = new List<ChannelCode>();
        foreach (var said in Words(request.Channels))
        {
            if (!Code.TryParse<ChannelCode>(said, out var channel) || !network.Channels.ContainsKey(channel)) return NoChannel.With($"There is no channel {said}. Choose one of the list.");
            channels.Add(channel);
        }

        // Whoever works on some channels only makes no promotion for all of them.
        foreach (var channel in channels.Count > 0 ? channels : network.Channels.Keys) db.Work.Actor.MustBeOn(channel);

        var named = Words(request.Skus).ToArray();
        if (Array.Find(named, n => !Code.TryParse<Sku>(n, out _)) is { } odd) return NoSku.With($"There is no product {odd}. Create it in the catalogue first.");
        Sku[] skus = [.. named.Select(Code.Parse<Sku>).Distinct()];
        var products = catalog.Ask(skus);
        string[] categories = [.. Words(request.Categories).Distinct()];
        var known = db.Ask<string>($"select distinct category from catalog.pub_product_category where category = any({categories})");
        var old = await db.Table<Promotion>().Find($"company_id = {db.Company} and code = {request.Code} for no key update", ct);
        if (request.Version is { } version && version != (old?.Version ?? 0)) return ChangedMeanwhile;
        if (Array.Find(skus, s => !products.Value.ContainsKey(s)) is { Text: not null } missing && missing != default) return NoSku.With($"There is no product {missing}. Create it in the catalogue first.");
        if (Array.Find(categories, c => !known.Value.Contains(c)) is { } none) return NoCategory.With($"There is no category {none}. Choose one of the list.");

        var promotion = new Promotion(
            db.Company, request.Code, request.Name.Trim(), request.Owner.Trim(), request.Kind, request.FromDay, request.ToDay, request.Paused, request.Priority, request.Combines, request.NeedsCoupon,
            channels, [.. skus.Select(s => products.Value[s].Sku).Distinct()], categories, tiers, request.Percent, request.Amount, request.Buy, request.Get, request.MinValue, request.MinQuantity, currency,
            request.MaxUses, request.MaxPerCustomer, request.ExpectedUnits, db.Now, db.Work.Actor.Name, (old?.Version ?? 0) + 1, db.Work.Operation, [.. Words(request.CustomerClasses).Distinct()]);
        db.Work.Concerns(promotion.Code);
        db.Work.Changed(Promotion.RecordKind, promotion.Code, old, promotion);
        if (old is null) db.Table<Promotion>().Insert(promotion);
        else db.Table<Promotion>().Update(promotion);
        return new[] { new Saved(promotion.Code, old is null ? SavedAs.Created : SavedAs.Changed) };
    }

    /// What a promotion of its kind lacks, in words.
    private static string? Wrong(Request request, IReadOnlyList<PromotionTier> tiers) => request.Kind switch
    {
        PromotionKind.Percent when request.Percent is null => "Say how many per cent come off.",
        PromotionKind.AmountOff or PromotionKind.AmountEach when request.Amount is not { Minor: > 0 } => "Say which amount comes off.",
        PromotionKind.FixedPrice when request.Amount is not { Minor: >= 0 } => "Say what each of them costs.",
        PromotionKind.FixedPrice or PromotionKind.AmountEach when !Words(request.Skus).Any() && !Words(request.Categories).Any() => "Say which products, or which categories, it is about: it would be about everything.",
        PromotionKind.BuyAndGet when request.Buy is null || request.Get is null => "Say how many are bought, and how many are got for it.",
        PromotionKind.ByQuantity when tiers.Count == 0 => BadTiers.Message,
        PromotionKind.Bundle when request.Amount is not { Minor: > 0 } || Words(request.Skus).Distinct().Count() < 2 => "Say which two products or more make the bundle, and what one of each costs together.",
        _ => null,
    };

    /// `3: 10, 6: 15`: from three of it ten per cent, from six fifteen.
    private static IReadOnlyList<PromotionTier>? Tiered(string? said)
    {
        var tiers = new List<PromotionTier>();
        foreach (var step in Words(said))
        {
            var parts = step.Split(':', StringSplitOptions.TrimEntries);
            var style = System.Globalization.CultureInfo.InvariantCulture;
            if (parts.Length != 2 || !decimal.TryParse(parts[0], style, out var from) || !decimal.TryParse(parts[1].TrimEnd('%', ' '), style, out var percent) || from <= 0 || from > 1_000_000 || percent is <= 0 or > 100) return null;
            tiers.Add(new PromotionTier(Quantity.Of(from), percent));
        }

        return tiers.Select(t => t.From).Distinct().Count() == tiers.Count ? [.. tiers.OrderBy(t => t.From)] : null;
    }

    private static IEnumerable<string> Words(string? said) => (said ?? "").Split([',', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// Adds coupons to a promotion: words that customers say to be given it. Each may be good for so many orders.
[Operation("pricing.add-coupons", PricingPermissions.EditPromotions, Said = "added {coupons|a coupon}", Icon = "money")]
internal sealed class AddCoupons(KeelDb db) : IOperation<AddCoupons.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Coupons);

    public sealed record Item(
        [Required, MaxLength(30)] string Promotion, [Required, RegularExpression("^[A-Za-z0-9-]{3,30}$", ErrorMessage = "is 3 to 30 letters, digits and hyphens.")] string Code, [Range(1, 100_000_000)] int? MaxUses = null);

    public static readonly Error NoPromotion = Error.NotFound("promotion.unknown", "There is no such promotion. Create the promotion first.");
    public static readonly Error Taken = new("coupon.taken", "This coupon is there already. Choose another word.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var codes = request.Coupons.Select(c => Coupon.Written(c.Code)).ToArray();
        if (codes.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice) return Taken.With($"{twice.Key} stands here twice. Name it once.");
        var wanted = request.Coupons.Select(c => c.Promotion.Trim()).Distinct().Order(StringComparer.Ordinal).ToArray();
        var known = (await db.Query<string>($"select code from pricing.promotion where company_id = {db.Company} and code = any({wanted}) order by code for key share", ct)).ToHashSet();
        if (Array.Find(wanted, w => !known.Contains(w)) is { } none) return NoPromotion.With($"There is no promotion {none}. Create it first.");
        var there = await db.Query<string>($"insert into pricing.coupon (company_id, code, promotion, max_uses, added_at, operation) select {db.Company}, c.code, c.promotion, nullif(c.uses, 0), {db.Now}, {db.Work.Operation} from unnest({codes}, {request.Coupons.Select(c => c.Promotion.Trim()).ToArray()}, {request.Coupons.Select(c => c.MaxUses ?? 0).ToArray()}) as c (code, promotion, uses) on conflict do nothing returning code", ct);
        if (codes.Except(there).FirstOrDefault() is { } taken) return Taken.With($"The coupon {taken} is there already. Choose another word.");
        foreach (var promotion in wanted) db.Work.Concerns(promotion);
        return codes.Select(c => new Saved(c, SavedAs.Created)).ToArray();
    }
}
