using Keel.Partners.Contract;

namespace Keel.Partners.Merging;

/// Two partners became one: the one that stays, and the one that points at it. `UsedAt` says since when somebody was taken for the one that
/// stays under the other's name.
[Rows("partners.merge", "id")]
internal sealed record Merge(
    Id<Merge> Id, Id<Company> CompanyId, Id<Partner> KeepId, Id<Partner> GiveId, string Keep, string Give, string Reason, string MadeBy, DateTimeOffset MadeAt,
    DateTimeOffset? UsedAt = null, DateTimeOffset? UndoneAt = null, string? UndoneBy = null);
