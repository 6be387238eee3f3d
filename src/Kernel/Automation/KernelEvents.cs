namespace Keel.Kernel;

/// A case was opened: something needs a person. Written with the case itself, in one statement.
internal sealed record CaseOpened(DocumentRef Case, string Kind, Severity Severity, string Sentence, string Team, DocumentRef About, DateTimeOffset Due) : IEvent
{
    public const string Trigger = "kernel.case-opened";
}

/// A case was passed up, by somebody or because its time was over.
internal sealed record CaseEscalated(DocumentRef Case, string Kind, Severity Severity, string Team, DocumentRef About, int Times, DateTimeOffset Due) : IEvent
{
    public static CaseEscalated Of(Case up) => new(new DocumentRef("case", up.Id.Value, up.Subject), up.Kind, up.Severity, up.Owner, up.About, up.Escalated, up.DueAt);
}

/// An operation waits for somebody's yes.
internal sealed record ApprovalAsked(DocumentRef Approval, string Operation, string Requester, string Sentence, string Permission, Money? Amount, DateTimeOffset Until) : IEvent;
