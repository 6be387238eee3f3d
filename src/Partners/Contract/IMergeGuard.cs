namespace Keel.Partners.Contract;

/// What a module holds open for a partner: work that is done in the partner's name and would be torn apart by a merge. Asked before two
/// partners become one.
public interface IMergeGuard
{
    /// What is open for each, in words such as `2 open orders`, the partners in question by their keys. Who has nothing open is left out.
    Task<IReadOnlyDictionary<Id<Partner>, string>> Open(IReadOnlyList<Id<Partner>> partners, CancellationToken ct);
}
