using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The versions of the choices that a company made, the newest first.
[View("kernel.policies", KernelPermissions.Read, Sort = "-effective-from")]
internal sealed class PolicyList(KeelDb db) : IView<PolicyList.Row>
{
    public sealed record Row
    {
        [Key] public required string Name { get; init; }
        [Search] public required string Kind { get; init; }
        public required int Version { get; init; }
        [Title("From")] public required DateTimeOffset EffectiveFrom { get; init; }
        public required string Owner { get; init; }
        public required string Choice { get; init; }
        public required string ChangedBy { get; init; }
        public required DateTimeOffset ChangedAt { get; init; }
        public required string State { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select p.kind || ' ' || p.version as name, p.kind, p.version, p.effective_from, p.owner, p.choice::text as choice, p.changed_by, p.changed_at,
          case when p.effective_from > {db.Now} then 'to come'
            when exists (select from kernel.policy n where n.company_id = p.company_id and n.kind = p.kind and (n.effective_from, n.version) > (p.effective_from, p.version) and n.effective_from <= {db.Now})
            then 'past' else 'in force' end as state
        from kernel.policy p where p.company_id = {db.Company}
        """;
}
