namespace Keel.Ledger;

/// One line of a company's chart: what is kept apart in the money book, and what else must add up to the same.
[Rows("ledger.account", "company_id", "code")]
internal sealed record Account(
    Id<Company> CompanyId, AccountCode Code, string Name, AccountKind Kind, Side Normal, bool Clearing, Control Control);
