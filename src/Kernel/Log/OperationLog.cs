using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Keel.Kernel;

/// One line of the operation log: who asked for what, through which door, and what came of it. Never changed; sealed in batches.
[Rows("kernel.operation_log", "id")]
public sealed record OperationLogRow(
    Guid Id, Id<Company> CompanyId, DateTimeOffset At, Door Door, ActorKind ActorKind, Guid ActorId, string ActorName,
    string Operation, string Outcome, string? Code, string? Sentence, string Subjects, int Micros, Guid? Cause, byte[] Digest,
    Money? Amount = null, Currency? AmountCurrency = null, int? Items = null, byte[]? Changes = null)
{
    /// The line as words, over which its digest runs. What a line did not have when it was written adds no words.
    [NotAColumn]
    internal string Words =>
        $"{Id}|{CompanyId}|{At.UtcTicks / 10}|{Door}|{ActorKind}|{ActorId}|{ActorName}|{Operation}|{Outcome}|{Code}|{Sentence}|{Subjects}|{Micros}|{Cause}|"
        + (Amount is { } amount ? $"{amount.Minor} {amount.Currency}|" : "") + (Items is { } items ? $"{items} items|" : "") + (Changes is null ? "" : Convert.ToHexStringLower(Changes) + "|");
}

/// What was asked for, as JSON, packed; personal data in it is readable only with the person's key.
[Rows("kernel.operation_payload", "operation_id", "at")]
internal sealed record OperationPayloadRow(Guid OperationId, DateTimeOffset At, byte[] Payload);

/// A request on its way into the log; turned into bytes when it is known whose personal data it holds.
internal sealed class Payload(object request, Work work)
{
    public int? Items => OperationItems.CountOf(request);

    public byte[] Bytes() => PersonalJson.Write(request, work);
}

/// Writes the log's lines.
internal static class OperationLog
{
    public static void QueueDone(KeelDb db, OperationRun run, Payload? payload, TimeProvider clock) =>
        Queue(db, run, "done", null, payload, clock);

    public static void QueueRefused(KeelDb db, OperationRun run, Error refusal, Payload? payload, TimeProvider clock) =>
        Queue(db, run, "refused", refusal, payload, clock);

    public static void QueueWaiting(KeelDb db, OperationRun run, Pending pending, Payload payload, TimeProvider clock) =>
        Queue(db, run, "waiting", new Error("approval.waits", pending.Sentence), payload, clock);

    public static void QueueDone(KeelDb db, IReadOnlyList<(OperationRun Run, object Request)> runs, TimeProvider clock)
    {
        var payloads = runs.Select(r => PersonalJson.Write(r.Request, db.Work)).ToArray();
        db.Table<OperationLogRow>().Insert([.. runs.Zip(payloads).Select(p => Row(db, p.First.Run, "done", null, p.Second, null, clock))]);
        db.Table<OperationPayloadRow>().Insert([.. runs.Zip(payloads).Select(p => new OperationPayloadRow(p.First.Run.Id, db.Now, p.Second))]);
    }

    /// The digest that the seal chains: over the header's words and the payload as it is stored, so that a destroyed key breaks nothing.
    public static byte[] DigestOf(OperationLogRow row, byte[]? payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(row.Words));
        if (payload is not null) hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    private static void Queue(KeelDb db, OperationRun run, string outcome, Error? refusal, Payload? request, TimeProvider clock)
    {
        var payload = request?.Bytes();
        var changes = outcome == "done" ? db.Work.Changes.Select((c, i) => c.Row(db, i)).ToArray() : [];
        db.Table<OperationLogRow>().Insert(Row(db, run, outcome, refusal, payload, request?.Items, clock, changes));
        db.Table<MasterChange>().Insert(changes);
        if (payload is not null) db.Table<OperationPayloadRow>().Insert(new OperationPayloadRow(run.Id, db.Now, payload));
    }

    private static OperationLogRow Row(KeelDb db, OperationRun run, string outcome, Error? refusal, byte[]? payload, int? items, TimeProvider clock, MasterChange[]? changes = null)
    {
        var micros = (int)Math.Min(int.MaxValue, clock.GetElapsedTime(run.Started).TotalMicroseconds);
        var at = new DateTimeOffset(db.Now.UtcTicks / 10 * 10, TimeSpan.Zero);
        var row = new OperationLogRow(
            run.Id, db.Company, at, run.Caller.Door, run.Caller.Actor.Kind, run.Caller.Actor.Id, run.Caller.Actor.Name,
            run.Info.Name, outcome, refusal?.Code, refusal?.Message, string.Join(' ', db.Work.Subjects), micros, run.Caller.Cause, [],
            db.Work.Worth, db.Work.Worth?.Currency, items, changes is { Length: > 0 } ? MasterChange.DigestOf(changes) : null);
        return row with { Digest = DigestOf(row, payload) };
    }
}
