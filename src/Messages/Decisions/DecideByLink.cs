using System.ComponentModel.DataAnnotations;

namespace Keel.Messages;

/// Decides about a request that was opened by the link of a mail. The link says only what is looked at: who decides is signed in as
/// themselves, the link is theirs, it was not used, and the request is still what it was when the mail was written.
[Operation("messages.decide-by-link", MessagesPermissions.Write, Secret = true, Said = "decided from a mail", Icon = "check")]
internal sealed class DecideByLink(KeelDb db, DecideApproval decide) : IOperation<DecideByLink.Request, ApprovalState>
{
    public sealed record Request([Required, MinLength(64), MaxLength(64)] string Token, bool Approve,
        [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(400)] string Reason);

    public static readonly Error Unknown = Error.NotFound("link.unknown", "This link opens nothing. Open the request under Approvals.");
    public static readonly Error NotYours = new("link.not-yours",
        "This link was written to somebody else. Sign in as yourself, or open the request under Approvals.", Refusal.Forbidden);
    public static readonly Error Used = new("link.used", "This link was used already. Open the request under Approvals.");
    public static readonly Error Expired = new("link.expired", "This link is too old. Open the request under Approvals.");

    public async Task<Result<ApprovalState>> Run(Request request, CancellationToken ct)
    {
        var found = await Find(db, request.Token, db.Work.Actor, ct, forUpdate: true);
        if (!found.Ok) return found.Error!;
        var decided = await decide.Run(new DecideApproval.Request(found.Value.ApprovalId, found.Value.Version, request.Approve, request.Reason), ct);
        if (decided.Ok) db.Table<DecisionLink>().Update(found.Value with { UsedAt = db.Now }, nameof(DecisionLink.UsedAt));
        return decided;
    }

    /// The link of a token, where it still opens something for this person.
    public static async Task<Result<DecisionLink>> Find(KeelDb db, string token, Actor person, CancellationToken ct, bool forUpdate = false)
    {
        var digest = DecisionLink.DigestOf(token);
        var link = await db.Table<DecisionLink>().Find($"company_id = {db.Company} and digest = {digest} {new SqlText.Verbatim(forUpdate ? "for update" : "")}", ct);
        return link is null ? Unknown : link.PersonId != person.Id ? NotYours : link.UsedAt is not null ? Used : link.ExpiresAt <= db.Now ? Expired : link;
    }
}
