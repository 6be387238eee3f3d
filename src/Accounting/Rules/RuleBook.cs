using System.Collections.Concurrent;

namespace Keel.Accounting;

/// A company's posting rules, as one operation sees them. The most specific wins: first the longer role (`invoice.revenue.shipping`
/// before `invoice.revenue`), then channel and category together, then channel, then category, then the rule for all.
internal sealed class RuleBook(IReadOnlyList<PostingRule> rules)
{
    private readonly ILookup<string, PostingRule> byRole = rules.ToLookup(r => r.Role);
    private readonly ConcurrentDictionary<(string, ChannelCode?, string?, DateOnly), AccountCode?> found = new();

    public static Task<RuleBook> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// The account of a role on a day, or nothing where no rule speaks.
    public AccountCode? AccountFor(string role, ChannelCode? channel, string? category, DateOnly day) =>
        found.GetOrAdd((role, channel, category, day), key => Find(key.Item1, key.Item2, key.Item3, key.Item4));

    private AccountCode? Find(string role, ChannelCode? channel, string? category, DateOnly day)
    {
        for (var name = role; ; name = name[..name.LastIndexOf('.')])
        {
            var best = byRole[name]
                .Where(r => r.EffectiveFrom <= day && (r.Channel is null || r.Channel == channel) && (r.Category is null || r.Category == category))
                .OrderByDescending(r => (r.Channel is null ? 0 : 2) + (r.Category is null ? 0 : 1))
                .ThenByDescending(r => r.EffectiveFrom).ThenByDescending(r => r.Version)
                .FirstOrDefault();
            if (best is not null) return best.Account;
            if (!name.Contains('.', StringComparison.Ordinal)) return null;
        }
    }

    private static async Task<RuleBook> Load(KeelDb db, CancellationToken ct) =>
        new(await db.Table<PostingRule>().Where($"company_id = {db.Company} order by role, version", ct));
}
