using System.Security.Cryptography;
using System.Text.Json;

namespace Keel.Kernel;

/// The same key asks twice: the first answer is said again. Refusals are not kept, so the same key may decide anew.
internal static class Idempotency
{
    /// Of a request with secrets nothing is kept, not even its digest.
    public static byte[] DigestOf(OperationRun run, object request) =>
        DigestOf(run.Info, request);

    public static byte[] DigestOf(OperationInfo info, object request) =>
        info.Secret ? [] : SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, request.GetType(), KeelJson.Options));

    public static void QueueClaim(KeelDb db, OperationRun run, string key, byte[] digest) => db.QueueQuery<bool>(
        $"""
        insert into kernel.idempotency (company_id, actor_id, operation, key, digest, at)
        values ({db.Company}, {run.Caller.Actor.Id}, {run.Info.Name}, {key}, {digest}, {db.Now})
        on conflict do nothing returning true
        """,
        rows => { if (rows.Count == 0) throw new AlreadyAsked(); });

    public static void QueueAnswer(KeelDb db, OperationRun run, string key, object? answer) => db.Queue(
        $"""
        update kernel.idempotency set answer = {JsonSerializer.Serialize(answer, KeelJson.Options)}::jsonb, operation_id = {run.Id}
        where company_id = {db.Company} and actor_id = {run.Caller.Actor.Id} and operation = {run.Info.Name} and key = {key}
        """);

    public static void QueueWaiting(KeelDb db, OperationRun run, string key, Pending pending) => db.Queue(
        $"""
        update kernel.idempotency set answer = {JsonSerializer.Serialize(pending, KeelJson.Options)}::jsonb, approval_id = {pending.Approval}, operation_id = {run.Id}
        where company_id = {db.Company} and actor_id = {run.Caller.Actor.Id} and operation = {run.Info.Name} and key = {key}
        """);

    /// Claims the keys of a group; what comes back are the requests that are new.
    public static async Task<IReadOnlyList<GroupItem<T>>> ClaimAll<T>(KeelDb db, IReadOnlyList<GroupItem<T>> items, CancellationToken ct) where T : notnull
    {
        var keyed = items.Where(i => i.Run.Caller.IdempotencyKey is not null).ToArray();
        // The first one keeps the key that the rows of the transaction name.
        foreach (var item in items.Skip(1)) item.Run.Id = Guid.CreateVersion7(db.Now);
        if (keyed.Length == 0) return items;
        var claimed = new HashSet<GroupItem<T>>();
        foreach (var item in keyed.DistinctBy(i => (i.Run.Caller.Actor.Id, i.Run.Caller.IdempotencyKey)))
        {
            db.QueueQuery<bool>(
                $"""
                insert into kernel.idempotency (company_id, actor_id, operation, key, digest, at)
                values ({db.Company}, {item.Run.Caller.Actor.Id}, {item.Run.Info.Name}, {item.Run.Caller.IdempotencyKey}, {DigestOf(item.Run, item.Request)}, {db.Now})
                on conflict do nothing returning true
                """,
                rows => { if (rows.Count > 0) claimed.Add(item); });
        }

        await db.Flush(ct);
        return [.. items.Where(i => i.Run.Caller.IdempotencyKey is null || claimed.Contains(i))];
    }

    public static async Task<Result<TAnswer>> Stored<TAnswer>(KeelDb db, OperationRun run, byte[] digest, CancellationToken ct)
    {
        var stored = await db.First<StoredAnswer>(
            $"""
            select digest, answer, operation_id, approval_id from kernel.idempotency
            where company_id = {db.Company} and actor_id = {run.Caller.Actor.Id} and operation = {run.Info.Name} and key = {run.Caller.IdempotencyKey}
            """, ct);
        if (stored?.Answer is null) return Gate.Busy;
        if (run.Info.Secret) return Gate.SaidOnce;
        if (!stored.Digest.AsSpan().SequenceEqual(digest)) return Gate.OtherPayload;
        run.Id = stored.OperationId ?? run.Id;
        if (stored.ApprovalId is not null) return JsonSerializer.Deserialize<Pending>(stored.Answer, KeelJson.Options)!;
        return JsonSerializer.Deserialize<TAnswer>(stored.Answer, KeelJson.Options)!;
    }

    private sealed record StoredAnswer(byte[] Digest, string? Answer, Guid? OperationId, Guid? ApprovalId);
}

/// Unwinds an operation whose idempotency key was answered before; only the gate catches it.
internal sealed class AlreadyAsked : Exception;
