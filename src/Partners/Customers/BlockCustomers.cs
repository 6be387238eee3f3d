using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Partners.Customers;

/// Why new orders of a customer wait, who answers for it, and how long it stood.
[Rows("partners.block", "id")]
internal sealed record Block(
    Id<Block> Id, Id<Company> CompanyId, Id<Partner> PartnerId, string Reason, string Owner, string BlockedBy, DateTimeOffset BlockedAt, string? LiftedBy = null, DateTimeOffset? LiftedAt = null);

/// Has new orders of customers wait, where the order checks look for blocked customers. Orders that are in the house go on.
[Operation("partners.block-customers", PartnersPermissions.BlockCustomers, Said = "blocked {customers|the customer}", Icon = "lock")]
internal sealed class BlockCustomers(KeelDb db) : IOperation<BlockCustomers.Request, Saved[]>
{
    /// Without an owner, whoever blocks them answers for it.
    public sealed record Request([Required, MinLength(1), MaxLength(2000)] IReadOnlyList<string> Customers, [Required, MinLength(3), MaxLength(300)] string Reason, [MaxLength(80)] string? Owner = null);

    public static readonly Error Anonymous = new("customer.block-anonymous", "Nobody in particular stands behind this customer: whoever does not say who they are cannot be blocked. Choose a known customer.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var rows = (await db.Partners.Locked(db.Company, request.Customers.Distinct(), [], ct)).Where(p => p.IsCustomer).ToDictionary(p => p.Number);
        var ids = rows.Values.Select(r => r.Id.Value).ToArray();
        var standing = (await db.Table<Block>().Where($"company_id = {db.Company} and partner_id = any({ids}) and lifted_at is null", ct)).ToDictionary(b => b.PartnerId);
        List<Block> blocks = [];
        var answers = request.Customers.Distinct().Select(number =>
        {
            if (!rows.TryGetValue(number, out var partner)) return Saved.Refused(number, PartnerBook.NoPartner);
            if (partner.ErasedAt is not null) return Saved.Refused(number, PartnerBook.Erased);
            if (partner.MergedInto is not null) return Saved.Refused(number, PartnerBook.IsMerged);
            if (partner.Identity == Identity.Anonymous) return Saved.Refused(number, Anonymous);
            if (standing.ContainsKey(partner.Id)) return new Saved(number, SavedAs.Unchanged);
            db.Work.Concerns(number);
            blocks.Add(new Block(db.NewId<Block>(), db.Company, partner.Id, request.Reason, request.Owner ?? db.Work.Actor.Name, db.Work.Actor.Name, db.Now));
            return new Saved(number, SavedAs.Changed);
        }).ToArray();
        db.Table<Block>().Insert(blocks);
        return Saved.Answer(answers);
    }
}

/// New orders of these customers are taken as everybody's again. What waits already is confirmed by hand.
[Operation("partners.unblock-customers", PartnersPermissions.BlockCustomers, Said = "lifted the block of {customers|the customer}", Icon = "check")]
internal sealed class UnblockCustomers(KeelDb db) : IOperation<UnblockCustomers.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(2000)] IReadOnlyList<string> Customers);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var rows = (await db.Partners.Locked(db.Company, request.Customers.Distinct(), [], ct)).ToDictionary(p => p.Number);
        var ids = rows.Values.Select(r => r.Id.Value).ToArray();
        var standing = (await db.Table<Block>().Where($"company_id = {db.Company} and partner_id = any({ids}) and lifted_at is null", ct)).ToDictionary(b => b.PartnerId);
        var lifted = standing.Values.Select(b => b with { LiftedBy = db.Work.Actor.Name, LiftedAt = db.Now }).ToArray();
        db.Table<Block>().Update(lifted, nameof(Block.LiftedBy), nameof(Block.LiftedAt));
        return Saved.Answer([.. request.Customers.Distinct().Select(number =>
        {
            if (!rows.TryGetValue(number, out var partner)) return Saved.Refused(number, PartnerBook.NoPartner);
            if (!standing.ContainsKey(partner.Id)) return new Saved(number, SavedAs.Unchanged);
            db.Work.Concerns(number);
            return new Saved(number, SavedAs.Changed);
        })]);
    }
}
