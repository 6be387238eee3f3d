using System.ComponentModel.DataAnnotations;
using Keel.Ui;

namespace Keel.Messages;

/// Hangs a file that was handed in on a record. The content was looked at when it came in; it is not part of the request.
[Operation("messages.attach-file", MessagesPermissions.Write, Said = "attached a file", Icon = "file")]
internal sealed class AttachFile(KeelDb db, RecordBook records) : IOperation<AttachFile.Request, Id<RecordFile>>
{
    public sealed record Request([Required, MaxLength(40)] string Kind, Guid Id, Guid Upload, [Required, MaxLength(200)] string Name,
        [MaxLength(80)] string? Number = null);

    private sealed record ContentRow(string Type, long Bytes, byte[] Digest);

    public static readonly Error NoUpload = Error.NotFound("file.no-upload", "What you handed in is not there any more. Hand the file in again.");
    public static readonly Error TooMany = new("file.too-many", $"{RecordFile.MostPerRecord} files hang on this record already. Remove one.");

    public async Task<Result<Id<RecordFile>>> Run(Request request, CancellationToken ct)
    {
        var record = await records.Find(db, request.Kind, request.Id, request.Number, ct);
        if (!record.Ok) return record.Error!;
        var count = db.Ask<long>($"select count(*) from messages.file where company_id = {db.Company} and subject_id = {request.Id} and removed_at is null");
        var content = await db.First<ContentRow>(
            $"""
            update messages.file_content set is_attached = true
            where company_id = {db.Company} and id = {request.Upload} and person_id = {db.Work.Actor.Id} and not is_attached returning type, bytes, digest
            """, ct);
        if (content is null) return NoUpload;
        if (count.Value[0] >= RecordFile.MostPerRecord) return TooMany;
        var file = new RecordFile(
            new Id<RecordFile>(request.Upload), db.Company, record.Value, FileKind.CleanName(request.Name), content.Type, content.Bytes, content.Digest,
            db.Now, db.Work.Actor.Id, db.Work.Actor.Name,
            null, null, db.Work.Operation);
        db.Table<RecordFile>().Insert(file);
        db.Work.Concerns(record.Value.Number);
        return file.Id;
    }
}

/// Removes a file: its content is destroyed; that it was there, its name and its digest stay.
[Operation("messages.remove-file", MessagesPermissions.Write, Said = "removed a file", Icon = "x")]
internal sealed class RemoveFile(KeelDb db, RecordBook records) : IOperation<RemoveFile.Request, Done>
{
    public sealed record Request(Id<RecordFile> File);

    public static readonly Error Unknown = Error.NotFound("file.unknown", "There is no such file, or you may not see its record.");
    public static readonly Error Removed = new("file.removed", "This file was removed already.");
    public static readonly Error NotOwn = new("file.not-own",
        "A file is removed by whoever handed it in, or by somebody with the permission messages.files.", Refusal.Forbidden);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<RecordFile>().Find($"company_id = {db.Company} and id = {request.File} for update", ct) is not { } file) return Unknown;
        var actor = db.Work.Actor;
        if (!records.Seen(actor.May).Contains(file.Subject.Kind)) return Unknown;
        if (file.RemovedAt is not null) return Removed;
        if (file.AuthorId != actor.Id && !actor.May(MessagesPermissions.Files)) return NotOwn;
        db.Table<RecordFile>().Update(file with { RemovedAt = db.Now, RemovedBy = actor.Name }, nameof(RecordFile.RemovedAt), nameof(RecordFile.RemovedBy));
        db.Queue($"delete from messages.file_content where company_id = {db.Company} and id = {request.File}");
        db.Work.Concerns(file.Subject.Number);
        return Done.It;
    }
}

/// Clears away what was handed in and never hung on anything.
internal sealed class PurgeUploads(KeelDb db) : IJob
{
    public Task Run(CancellationToken ct) => db.Execute($"delete from messages.file_content where not is_attached and at < {db.Now.AddDays(-1)}", ct);
}
