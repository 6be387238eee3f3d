using System.ComponentModel.DataAnnotations;
using Keel.Partners.Contract;

namespace Keel.Partners.Customers;

/// Puts customers under another one (a store under its chain, a firm under its group) and into a class. What is left out stays as it is; an
/// empty text takes it away.
[Operation("partners.classify-customers", PartnersPermissions.EditCustomers, Domain = PartnerMasters.Customers, Said = "classified {customers|the customer}", Icon = "person")]
internal sealed class ClassifyCustomers(KeelDb db, MasterDesk masters)
    : IOperation<ClassifyCustomers.Request, Saved[]>, IAssess<ClassifyCustomers.Request, Saved[]>
{
    private const int Deepest = 6;

    public sealed record Request(
        [MinLength(1), MaxLength(2000)] IReadOnlyList<string> Customers, [MaxLength(40)] string? Parent = null,
        [RegularExpression("^([a-z0-9-]{1,30})?$", ErrorMessage = "is 1 to 30 small letters, digits and hyphens, such as chain or b2b.")] string? Class = null);

    public static readonly Error NoParent = Error.NotFound("customer.parent-unknown", "There is no customer with this number that others could belong to. Check the number.");
    public static readonly Error Circle = new("customer.parent-circle", "A customer cannot belong to one that belongs to it. Choose another.");
    public static readonly Error TooDeep = new("customer.parent-too-deep", "Customers stand at most six deep under each other. Choose one further up.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        // Two who put customers under each other at once would close a circle that neither sees.
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('partners.hierarchy ' || {db.Company}::text, 0))) l", _ => { });
        var above = request.Parent is { Length: > 0 }
            ? await db.Query<Above>(
                $"""
                with recursive up as (
                  select id, parent_id, number, merged_into, is_customer, 1 as depth from partners.partner where company_id = {db.Company} and number = {request.Parent}
                  union all select p.id, p.parent_id, p.number, p.merged_into, p.is_customer, u.depth + 1 from partners.partner p join up u on p.id = u.parent_id where u.depth < 20)
                select id, number, merged_into is not null as is_merged, is_customer, depth from up order by depth
                """, ct)
            : [];
        if (request.Parent is { Length: > 0 } && above is not [{ IsMerged: false, IsCustomer: true }, ..]) return NoParent;
        var rows = (await db.Partners.Locked(db.Company, request.Customers.Distinct(), [], ct)).Where(p => p.IsCustomer).ToDictionary(p => p.Number);
        var numbers = above.ToDictionary(a => a.Id, a => a.Number);
        foreach (var id in rows.Values.Where(r => r.ParentId is not null && !numbers.ContainsKey(r.ParentId.Value)).Select(r => r.ParentId!.Value).Distinct().ToArray())
            numbers[id] = (await db.Query<string>($"select number from partners.partner where id = {id}", ct))[0];
        var below = request.Parent is { Length: > 0 } ? await Below(rows.Values, ct) : 0;

        List<PartnerRow> changed = [];
        var answers = request.Customers.Distinct().Select(One).ToArray();
        db.Partners.Update(changed, nameof(PartnerRow.ParentId), nameof(PartnerRow.Class), nameof(PartnerRow.ChangedAt), nameof(PartnerRow.Version));
        return Saved.Answer(answers);

        Saved One(string number)
        {
            if (!rows.TryGetValue(number, out var old)) return Saved.Refused(number, PartnerBook.NoPartner);
            if (old.ErasedAt is not null) return Saved.Refused(number, PartnerBook.Erased);
            if (old.MergedInto is not null) return Saved.Refused(number, PartnerBook.IsMerged);
            if (above.Any(a => a.Id == old.Id)) return Saved.Refused(number, Circle);
            if (above.Count + below > Deepest) return Saved.Refused(number, TooDeep);
            var next = old with
            {
                ParentId = request.Parent is null ? old.ParentId : above is [var parent, ..] ? parent.Id : null,
                Class = request.Class is null ? old.Class : request.Class.Length == 0 ? null : request.Class,
                ChangedAt = db.Now, Version = old.Version + 1,
            };
            if (next.ParentId == old.ParentId && next.Class == old.Class) return new Saved(number, SavedAs.Unchanged);
            changed.Add(next);
            masters.Changed(PartnerMasters.Customers, new DocumentRef("partner", old.Id.Value, number), FieldEdit.Between(number, old, next).Select(c => c.Field != "parentId" ? c
                : c with { Field = "parent", Before = NumberOf(old.ParentId), After = NumberOf(next.ParentId) }));
            db.Work.Concerns(number);
            return new Saved(number, SavedAs.Changed);
        }

        string? NumberOf(Id<Partner>? id) => id is { } known ? numbers[known] : null;
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());

    private async Task<int> Below(IEnumerable<PartnerRow> rows, CancellationToken ct) => (await db.Query<int>(
        $"""
        with recursive down as (
          select id, 1 as depth from partners.partner where id = any({rows.Select(r => r.Id.Value).ToArray()})
          union all select p.id, d.depth + 1 from partners.partner p join down d on p.parent_id = d.id where d.depth < 20)
        select coalesce(max(depth), 1)::integer from down
        """, ct))[0];

    private sealed record Above(Id<Partner> Id, string Number, bool IsMerged, bool IsCustomer, int Depth);
}
