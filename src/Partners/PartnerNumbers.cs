using Keel.Partners.Contract;

namespace Keel.Partners;

/// Finds the record of a partner by the number that people know, for pages.
internal sealed class PartnerNumbers(KeelDb db)
{
    public async Task<Guid?> Find(string number, CancellationToken ct = default) =>
        (await db.Query<Guid>($"select id from partners.partner where company_id = {db.Company} and number = {number}", ct)) is [var id] ? id : null;
}
