using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Which operations wait for somebody else's yes, from which effect on, and who may say it at which level. As delivered, none does.
public sealed record ApprovalPolicy([MaxLength(200)] IReadOnlyList<ApprovalRule> Rules) : IPolicy<ApprovalPolicy>
{
    public static string Kind => "approvals";
    public static ApprovalPolicy AsDelivered => new([]);
    public static string Says => "Which operations wait for another person's yes, from which amount on, at which sites and channels, and who may say it, level by level.";

    /// The rule that holds for an effect: of those that match, the one with the highest threshold.
    public ApprovalRule? For(string operation, Effect effect, Actor requester) =>
        Rules.Where(r => r.Operation == operation && r.Holds(effect, requester)).MaxBy(r => r.From?.Minor ?? -1);
}

/// A rule: from `From` on (in either direction; always, where it is missing or the effect is in another currency), at these nodes, in these
/// channels, for requesters with one of these roles, for goods of these categories, and for what is out of the ordinary in one of these ways
/// (all, where none is named), the levels decide one after the other, each another person.
public sealed record ApprovalRule(
    [Required, MaxLength(80)] string Operation, [Required, MinLength(1), MaxLength(5)] IReadOnlyList<ApprovalLevel> Levels, Money? From = null,
    [MaxLength(100)] IReadOnlyList<NodeCode>? Nodes = null, [MaxLength(100)] IReadOnlyList<ChannelCode>? Channels = null,
    [MaxLength(40)] IReadOnlyList<string>? Roles = null, [MaxLength(100)] IReadOnlyList<string>? Categories = null, [MaxLength(40)] IReadOnlyList<string>? Exceptions = null)
{
    internal bool Holds(Effect effect, Actor requester) => Names(Roles, requester.Roles) && Names(Categories, effect.Categories) && Names(Exceptions, effect.Exceptions) && IsLarge(effect.Amount) && (Nodes is not { Count: > 0 } || effect.Nodes.Count == 0 || effect.Nodes.Any(Nodes.Contains))
        && (Channels is not { Count: > 0 } || effect.Channel is not { } channel || Channels.Contains(channel));

    private static bool Names(IReadOnlyList<string>? asked, IEnumerable<string> given) => asked is not { Count: > 0 } || given.Any(g => asked.Contains(g, StringComparer.OrdinalIgnoreCase));

    private bool IsLarge(Money? amount) => From is not { } from || amount is not { } at || at.Currency != from.Currency || Math.Abs(at.Minor) >= from.Minor;
}

/// A level: who has the permission may decide, within so many hours; after that, who has the other permission, or nobody any more. With a
/// domain of master data its owner decides instead, and who has the permission only while nobody owns it.
public sealed record ApprovalLevel([Required, MaxLength(80)] string Permission, [Range(1, 24 * 60)] int WithinHours = 24, [MaxLength(80)] string? ThenPermission = null,
    [MaxLength(60)] string? Domain = null);
