using System.Text;

namespace Keel.Kernel;

/// What one field of a master was before and is since, as somebody may read it.
public sealed record HistoryLine(DateTimeOffset At, string ActorName, Guid Operation, string Kind, string Subject, string Field, string? Before, string? After)
{
    /// The master came into being; no field is told.
    public bool IsCreation => Field.Length == 0;

    /// Instead of what somebody may not see, and of what is gone with a person's key.
    public const string Hidden = "hidden";
    public const string Erased = "erased";

    /// `Name: from Mug to Large mug`.
    public string Sentence => IsCreation ? "Created"
        : (Before, After) switch
        {
            (null, _) => $"{Field}: {After}",
            (_, null) => $"{Field}: no longer {Before}",
            _ => $"{Field}: from {Before} to {After}",
        };
}

/// Reads what changed: of one master, or by one operation. What is personal is shown to those who may see it, while the person's key exists.
public sealed class ChangeDesk(KeelDb db, GuardedFields guarded)
{
    private const int Most = 200;

    /// The history of a master under its kinds, such as a product and its prices, the newest first.
    public async Task<IReadOnlyList<HistoryLine>> Of(IReadOnlyList<string> kinds, string subject, bool withPersonal, CancellationToken ct = default) => await Read(
        await db.Table<MasterChange>().Where($"kind = any({kinds}) and subject = {subject} and company_id = any({Companies}) order by told desc limit {Most}", ct),
        withPersonal, ct);

    /// What an operation changed, in its order.
    public async Task<IReadOnlyList<HistoryLine>> By(Guid operation, bool withPersonal, CancellationToken ct = default) => await Read(
        await db.Table<MasterChange>().Where($"operation = {operation} and company_id = any({Companies}) order by position limit {Most}", ct), withPersonal, ct);

    /// What belongs to no company is everybody's.
    private Guid[] Companies => [db.Company.Value, Guid.Empty];

    private async Task<IReadOnlyList<HistoryLine>> Read(List<MasterChange> rows, bool withPersonal, CancellationToken ct)
    {
        var persons = rows.Select(r => r.Person).OfType<Guid>().Distinct().ToArray();
        var keys = withPersonal && persons.Length > 0 ? (await db.Table<PersonKey>().Where($"id = any({persons})", ct)).ToDictionary(k => k.Id) : [];
        return [.. rows.Select(r => new HistoryLine(r.At, r.ActorName, r.Operation, r.Kind, r.Subject, r.Field, Text(r, r.Before), Text(r, r.After)))];

        string? Text(MasterChange row, string? kept)
        {
            if (kept is not null && guarded.Hides(row.Field, db.Work.Actor.May)) return HistoryLine.Hidden;
            if (kept is null || row.Person is not { } person) return kept;
            if (!withPersonal) return HistoryLine.Hidden;
            return keys.GetValueOrDefault(person)?.Decrypt(kept) is { } clear ? Encoding.UTF8.GetString(clear) : HistoryLine.Erased;
        }
    }
}
