using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;
using Keel.Ui;

namespace Keel.Messages;

/// Writes a note on a record of any kind that the writer may see. With an owner it is a task; who is named with @ is told.
[Operation("messages.add-note", MessagesPermissions.Write, Said = "wrote a note", Icon = "note")]
internal sealed class AddNote(KeelDb db, RecordBook records, IActors actors, NoticeDesk notices) : IOperation<AddNote.Request, Id<Note>>
{
    /// `Kind` and `Id` say the record; `Number` its name where it is known by that alone, such as a SKU. `Owner` makes it a task.
    public sealed record Request(
        [Required, MaxLength(40)] string Kind, Guid Id, [Required, MinLength(2, ErrorMessage = "says something."), MaxLength(Note.MostText), NoCardNumber] string Text,
        [MaxLength(80)] string? Number = null, Guid? Owner = null, DateOnly? Due = null);

    public static readonly Error NoOwner = Error.Invalid("note.owner-unknown",
        "Nobody who may act in this company has this id. Choose somebody from the list.", new FieldError("owner", "is nobody's id."));
    public static readonly Error DueWithoutOwner = Error.Invalid("note.due-without-owner",
        "A day until which something is done needs somebody who does it. Choose an owner.", new FieldError("owner", "is needed with a day."));

    public async Task<Result<Id<Note>>> Run(Request request, CancellationToken ct)
    {
        var record = await records.Find(db, request.Kind, request.Id, request.Number, ct);
        if (!record.Ok) return record.Error!;
        if (request.Due is not null && request.Owner is null) return DueWithoutOwner;
        var people = await actors.People(db.Company, ct);
        var owner = people.FirstOrDefault(p => p.Id == request.Owner);
        if (request.Owner is not null && owner is null) return NoOwner;

        var (text, actor) = (request.Text.Trim(), db.Work.Actor);
        var note = new Note(
            db.NewId<Note>(), db.Company, record.Value, text, db.Now, actor.Kind, actor.Id, actor.Name, null, null, owner?.Id, owner?.Name, request.Due,
            null, null, db.Work.Operation, 1);
        db.Table<Note>().Insert(note);
        db.Work.Concerns(record.Value.Number);

        var named = Mentions.In(text, people);
        await notices.Tell(NoticeKinds.Mentioned, record.Value, $"{actor.Name} named you: {Mentions.Short(text)}", named, ct);
        if (owner is not null) await notices.Tell(NoticeKinds.TaskGiven, record.Value, $"{actor.Name} gave you a task: {Mentions.Short(text)}", [owner], ct);
        return note.Id;
    }
}
