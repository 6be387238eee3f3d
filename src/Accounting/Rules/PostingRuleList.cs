using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Accounting;

/// The posting rules in all their versions.
[View("accounting.posting-rules", AccountingPermissions.Read, Sort = "role")]
internal sealed class PostingRuleList(KeelDb db) : IView<PostingRuleList.Row>
{
    public sealed record Row
    {
        [Key] public required string Id { get; init; }
        [Search] public required string Role { get; init; }
        public ChannelCode? Channel { get; init; }
        public string? Category { get; init; }
        public required AccountCode Account { get; init; }
        public required int Version { get; init; }
        [Title("From")] public required DateOnly EffectiveFrom { get; init; }
        [Title("Set by")] public required string ChangedBy { get; init; }
        [Title("In force")] public required bool InForce { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select r.role || '/' || coalesce(r.channel, '') || '/' || coalesce(r.category, '') || '/' || r.version as id, r.role, r.channel, r.category, r.account, r.version,
          r.effective_from, r.changed_by,
          not exists (select from accounting.posting_rule n where n.company_id = r.company_id and n.role = r.role
            and n.channel is not distinct from r.channel and n.category is not distinct from r.category and n.version > r.version) as in_force
        from accounting.posting_rule r where r.company_id = {db.Company}
        """;
}
