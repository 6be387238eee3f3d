namespace Keel.Messages;

/// What somebody wrote on a record. With an owner it is a task: something that this person does until a day. A note is never deleted: who
/// wrote it may mend it for a while, and take it back.
[Rows("messages.note", "id")]
internal sealed record Note(
    Id<Note> Id, Id<Company> CompanyId, DocumentRef Subject, string Text, DateTimeOffset At, ActorKind AuthorKind, Guid AuthorId, string Author,
    DateTimeOffset? EditedAt,
    DateTimeOffset? WithdrawnAt, Guid? OwnerId, string? Owner, DateOnly? Due, DateTimeOffset? DoneAt, string? DoneBy, Guid Operation, int Version)
{
    public const int MostText = 4_000;

    /// How long who wrote it may mend it.
    public static readonly TimeSpan Mendable = TimeSpan.FromMinutes(15);

    [NotAColumn]
    public bool IsTask => OwnerId is not null;

    public bool MayMend(Actor actor, DateTimeOffset now) => actor.Id == AuthorId && WithdrawnAt is null && now - At <= Mendable;
}
