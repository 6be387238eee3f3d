namespace Keel.Messages;

/// A file that hangs on a record, as it was handed in. The digest stays when the file is removed.
[Rows("messages.file", "id")]
internal sealed record RecordFile(
    Id<RecordFile> Id, Id<Company> CompanyId, DocumentRef Subject, string Name, string Type, long Bytes, byte[] Digest, DateTimeOffset At, Guid AuthorId,
    string Author, DateTimeOffset? RemovedAt,
    string? RemovedBy, Guid Operation)
{
    public const long MostBytes = 25L * 1024 * 1024;
    public const int MostPerRecord = 200;
}
