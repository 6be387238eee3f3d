using System.ComponentModel.DataAnnotations;

namespace Keel.Messages;

/// Mends one's own note within a quarter of an hour.
[Operation("messages.edit-note", MessagesPermissions.Write, Said = "changed a note", Icon = "note")]
internal sealed class EditNote(NoteWork work) : IOperation<EditNote.Request, Done>
{
    public sealed record Request(Id<Note> Note, [Required, MinLength(2, ErrorMessage = "says something."), MaxLength(Note.MostText), NoCardNumber] string Text);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) =>
        work.Change(request.Note, ct, (note, actor, now) => note.MayMend(actor, now) ? note with { Text = request.Text.Trim(), EditedAt = now }
            : NoteWork.TooLate);
}

/// Takes one's own note back. What it said stays in the log of operations.
[Operation("messages.withdraw-note", MessagesPermissions.Write, Said = "took a note back", Icon = "note")]
internal sealed class WithdrawNote(NoteWork work) : IOperation<WithdrawNote.Request, Done>
{
    public sealed record Request(Id<Note> Note);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) =>
        work.Change(request.Note, ct, (note, actor, now) => note.AuthorId == actor.Id ? note with { WithdrawnAt = now } : NoteWork.NotOwn);
}

/// Ends a task: who owns it, or who gave it.
[Operation("messages.finish-task", MessagesPermissions.Write, Said = "finished a task", Icon = "check")]
internal sealed class FinishTask(NoteWork work) : IOperation<FinishTask.Request, Done>
{
    public sealed record Request(Id<Note> Note);

    public static readonly Error NoTask = new("note.no-task", "This note is no task, so there is nothing to finish.");
    public static readonly Error Finished = new("note.finished", "This task is done already.");
    public static readonly Error NotYours = new("note.task-not-yours", "A task is finished by whoever owns it, or by whoever gave it.", Refusal.Forbidden);

    public Task<Result<Done>> Run(Request request, CancellationToken ct) => work.Change(request.Note, ct, (note, actor, now) =>
        !note.IsTask ? NoTask
        : note.DoneAt is not null ? Finished.With($"{note.DoneBy} has done it already.")
        : note.OwnerId != actor.Id && note.AuthorId != actor.Id ? NotYours
        : note with { DoneAt = now, DoneBy = actor.Name });
}

/// What the operations on one note share: it is locked, its record may be seen, it was not taken back.
internal sealed class NoteWork(KeelDb db, Ui.RecordBook records)
{
    public static readonly Error Unknown = Error.NotFound("note.unknown", "There is no such note, or you may not see its record.");
    public static readonly Error Withdrawn = new("note.withdrawn", "This note was taken back already.");
    public static readonly Error NotOwn = new("note.not-own", "A note is changed by whoever wrote it.", Refusal.Forbidden);
    public static readonly Error TooLate = new("note.too-late", "A note is mended by whoever wrote it, within 15 minutes. Write another one, or take it back.");

    public async Task<Result<Done>> Change(Id<Note> id, CancellationToken ct, Func<Note, Actor, DateTimeOffset, Result<Note>> step)
    {
        if (await db.Table<Note>().Find($"company_id = {db.Company} and id = {id} for update", ct) is not { } note) return Unknown;
        if (!records.Seen(db.Work.Actor.May).Contains(note.Subject.Kind)) return Unknown;
        if (note.WithdrawnAt is not null) return Withdrawn;
        var after = step(note, db.Work.Actor, db.Now);
        if (!after.Ok) return after.Error!;
        db.Table<Note>().Update(after.Value with { Version = note.Version + 1 });
        db.Work.Concerns(note.Subject.Number);
        return Done.It;
    }
}
