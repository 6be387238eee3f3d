using Keel.Partners.Contract;

namespace Keel.Partners;

/// The partners' tables, and the only place that locks their rows.
internal static class PartnersTables
{
    extension(KeelDb db)
    {
        public Table<PartnerRow> Partners => db.Table<PartnerRow>();
        public Table<AddressRow> Addresses => db.Table<AddressRow>();
        public Table<PersonKey> PersonKeys => db.Table<PersonKey>();
    }

    extension(Table<PartnerRow> partners)
    {
        /// Locks those of a company that bear one of the numbers or identities, in number order.
        public Task<List<PartnerRow>> Locked(Id<Company> company, IEnumerable<string> numbers, IEnumerable<string> identities,
            CancellationToken ct) =>
            partners.Where(
                $"company_id = {company} and (number = any({numbers}) or identity = any({identities})) order by number for update", ct);

        /// Locks them with the partners that they were merged into, in number order.
        public Task<List<PartnerRow>> LockedWithSurvivors(Id<Company> company, IEnumerable<string> numbers, IEnumerable<string> identities,
            CancellationToken ct) =>
            partners.Where(
                $"""
                company_id = {company} and (number = any({numbers}) or identity = any({identities}) or id in (
                  select m.merged_into from partners.partner m where m.company_id = {company} and (m.number = any({numbers}) or m.identity = any({identities}))))
                order by number for update
                """, ct);
    }

    extension(Table<AddressRow> addresses)
    {
        /// The main addresses of partners; asked for after their partners are locked.
        public async Task<Dictionary<Id<Partner>, AddressRow>> Main(IEnumerable<Id<Partner>> of, CancellationToken ct)
        {
            var ids = of.Select(p => p.Value).ToArray();
            return (await addresses.Where($"partner_id = any({ids}) and position = {PartnerRow.MainAddress}", ct))
                .ToDictionary(a => a.PartnerId);
        }
    }
}
