using System.Collections.Concurrent;

namespace Keel.Accounting;

/// A company's posting rules, as one operation sees them. The most specific wins: first the longer role (`invoice.revenue.shipping`
/// before `invoice.revenue`), then channel and category together, then channel, then category, then the rule for all.
internal sealed class RuleBook(IReadOnlyList<PostingRule> rules, bool isPeriodic = false)
{
    /// Where goods stand until the inventory of a period is stated.
    public static readonly AccountCode Purchases = "purchases";

    private readonly ILookup<string, PostingRule> byRole = rules.ToLookup(r => r.Role);
    private readonly ConcurrentDictionary<(string, ChannelCode?, string?, DateOnly), AccountCode?> found = new();

    public static Task<RuleBook> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    /// Whether inventory is stated at the end of a period, and not as goods move.
    public bool IsPeriodic => isPeriodic;

    /// The account of a role on a day, or nothing where no rule speaks.
    public AccountCode? AccountFor(string role, ChannelCode? channel, string? category, DateOnly day) => isPeriodic && Roles.IsGoods(role) ? Purchases : AccountOf(role, channel, category, day);

    /// The account that a rule names for a role, however goods are accounted for.
    public AccountCode? AccountOf(string role, ChannelCode? channel, string? category, DateOnly day) =>
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

    private static async Task<RuleBook> Load(KeelDb db, CancellationToken ct)
    {
        var periodic = db.Ask<bool>($"select is_periodic from accounting.inventory_method where company_id = {db.Company}");
        return new(await db.Table<PostingRule>().Where($"company_id = {db.Company} order by role, version", ct), periodic.Value is [true]);
    }
}
