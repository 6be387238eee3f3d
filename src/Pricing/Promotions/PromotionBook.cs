namespace Keel.Pricing.Promotions;

/// The promotions of a company that have not ended, kept in memory as settings are, in the order in which they are given.
internal sealed class PromotionBook(IReadOnlyList<Promotion> all)
{
    public IReadOnlyList<Promotion> All => all;

    public static Task<PromotionBook> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    // A company's day may be a day ahead of ours or behind it: what ended lately is judged by its day when it is asked for.
    private static async Task<PromotionBook> Load(KeelDb db, CancellationToken ct) =>
        new(await db.Table<Promotion>().Where($"company_id = {db.Company} and (to_day is null or to_day >= {db.Today} - 2) order by priority desc, code", ct));
}
