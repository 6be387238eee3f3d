namespace Keel.Accounting;

/// One version of a posting rule: from a day on, what a fact calls `role` goes to this account; for one channel or product category, or
/// for all where none is named.
[Rows("accounting.posting_rule", "company_id", "role", "channel", "category", "version")]
internal sealed record PostingRule(
    Id<Company> CompanyId, string Role, ChannelCode? Channel, string? Category, int Version, AccountCode Account, DateOnly EffectiveFrom,
    string ChangedBy, DateTimeOffset ChangedAt);
