namespace Keel.Pricing.Promotions;

/// The promotions of a company that have not ended, kept in memory as settings are, in the order in which they are given.
internal sealed class PromotionBook(IReadOnlyList<Promotion> all)
{
    public IReadOnlyList<Promotion> All => all;

    /// Those that may hold on one of these channels; a company's day is theirs to judge.
    public PromotionBook For(IReadOnlyCollection<ChannelCode> channels) => all.Count == 0 ? this : new([.. all.Where(p => p.Channels.Count == 0 || p.Channels.Any(channels.Contains))]);

    public static Task<PromotionBook> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    // An order may come long after it was placed: what held on its day is judged when it comes.
    private static async Task<PromotionBook> Load(KeelDb db, CancellationToken ct) =>
        new(await db.Table<Promotion>().Where($"company_id = {db.Company} and (to_day is null or to_day >= {db.Today} - 60) order by priority desc, code", ct));
}
