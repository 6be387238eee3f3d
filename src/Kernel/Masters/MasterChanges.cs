using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// What happens when somebody changes master data that another answers for.
public enum ChangeWay
{
    /// It is changed at once.
    Direct,

    /// It becomes a request to the owner.
    Request,
}

/// Which domains of master data are changed by their owners only, so that everybody else's changes become requests. As delivered, none is.
public sealed record MasterChanges([MaxLength(60)] IReadOnlyList<MasterChangeRule> Rules) : IPolicy<MasterChanges>
{
    public static string Kind => "master-changes";
    public static MasterChanges AsDelivered => new([]);
    public static string Says => "In which domains of master data a change by somebody other than the owner becomes a request to the owner, and for which fields.";
    public static IReadOnlyList<string> UsedBy => ["kernel.decide-approval"];

    /// The rule that makes changes of a domain wait, or nothing.
    public MasterChangeRule? For(string? domain) => Rules.FirstOrDefault(r => r.Domain == domain && r.How is ChangeWay.Request);
}

/// How a domain is changed: which fields need the owner's yes (all, where none is named), whether new records do too, and how long the owner
/// has before whoever looks after all master data may decide.
public sealed record MasterChangeRule(
    [Required, MaxLength(60)] string Domain, ChangeWay How, [MaxLength(60)] IReadOnlyList<string>? Fields = null, bool NewToo = false, [Range(1, 24 * 60)] int WithinHours = 72)
{
    internal bool Holds(IReadOnlyList<FieldEdit> changes) => changes.Any(c => c.Field.Length == 0 ? NewToo : Fields is not { Count: > 0 } || Fields.Contains(c.Field, StringComparer.OrdinalIgnoreCase));

    internal ApprovalRule AsApproval(string operation) =>
        new(operation, [new ApprovalLevel(KernelPermissions.Masters, WithinHours, KernelPermissions.Masters, Domain)]);
}
