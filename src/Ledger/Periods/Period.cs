using Keel.Ui;

namespace Keel.Ledger;

/// A month of the money book. A month without a row is open.
[Rows("ledger.period", "company_id", "month")]
internal sealed record Period(Id<Company> CompanyId, DateOnly Month, PeriodState State, string ChangedBy, DateTimeOffset ChangedAt);

internal enum PeriodState
{
    [Shown(StateRole.Ready)] Open,
    [Shown(StateRole.Held)] Locked,
}
