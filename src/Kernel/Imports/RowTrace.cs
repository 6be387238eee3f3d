using System.Text.Json;

namespace Keel.Kernel;

/// The rows of a file that a request was made of, in the order of its items.
public sealed record FileRows(Guid Import, IReadOnlyList<int> Rows);

/// What one row of a file made, as the operation wrote it down when it ran.
public sealed record RowTrace(int Row, Guid Operation, DateTimeOffset At, string Trace)
{
    /// The trace as the operation wrote it.
    public T As<T>() => JsonSerializer.Deserialize<T>(Trace, KeelJson.Options) ?? throw new InvariantBroken($"The trace of row {Row} is no {typeof(T).Name}.");
}

/// Takes back what the rows of a file made through one operation, while nothing depends on it. A module names it among its contents
/// (`Undoes`). It runs within the undo's own transaction: physical facts and posted money are taken back by a counter entry.
public interface IUndoRows
{
    /// What it does and what it leaves, in one sentence for whoever is about to.
    static abstract string Says { get; }

    /// For each row, the last one first: why it stays, or null where it was taken back.
    Task<IReadOnlyList<string?>> Undo(IReadOnlyList<RowTrace> rows, CancellationToken ct);
}

/// The undo of an operation, as a module declared it.
public sealed record RowUndo(Type Operation, Type Undo, string Says);

/// What a module holds of records of a kind, declared among its contents: SQL with the columns `key` and `what` (`2 orders`), where `$1` is the
/// company, `$2` the keys in question and `$3` the instant from which on it counts. It is asked before a record is taken back.
public sealed record Dependence(string Kind, string Sql)
{
    /// Who stands in the way of each record, in words; those that nothing depends on are left out. One round trip.
    public static async Task<IReadOnlyDictionary<string, string>> Of(KeelDb db, ModuleCatalog catalog, string kind, IReadOnlyCollection<string> keys, DateTimeOffset since, CancellationToken ct)
    {
        var all = catalog.Modules.SelectMany(m => m.AllDependences).Where(d => d.Kind == kind).ToArray();
        if (all.Length == 0 || keys.Count == 0) return new Dictionary<string, string>();
        var sql = new SqlText();
        sql.Add(SqlText.Parameter(db.Company));
        sql.Add(SqlText.Parameter(keys));
        sql.Add(SqlText.Parameter(since));
        sql.Words(string.Join(" union all ", all.Select(d => $"select key, what from ({d.Sql}) of_module")));
        var held = await db.Query<Held>(sql, ct);
        return held.GroupBy(h => h.Key).ToDictionary(g => g.Key, g => string.Join(", ", g.Select(h => h.What).Distinct().Order(StringComparer.Ordinal)));
    }

    /// Has a table to itself until the end of the transaction. Whoever has read it and is still at work is waited for, so that what they made of
    /// it is seen; whoever comes later reads what is left. It stops all readers for as long as it takes, so it is for what is rare and short, and
    /// gives up after a second.
    public static async Task Alone(KeelDb db, string table, CancellationToken ct)
    {
        await db.Execute($"set local lock_timeout = '1s'", ct);
        await db.Execute($"lock table {new SqlText.Verbatim(table)} in access exclusive mode", ct);
        await db.Execute($"set local lock_timeout = default", ct);
    }

    internal sealed record Held(string Key, string What);
}

/// Writes down what rows of a file made.
internal static class RowTraces
{
    public static void Queue(KeelDb db)
    {
        if (db.Work.Rows is not { } file || db.Work.Traces.Count == 0) return;
        var traces = db.Work.Traces.Where(t => t.At < file.Rows.Count).ToArray();
        var texts = traces.Select(t => JsonSerializer.Serialize(t.Trace, t.Trace.GetType(), KeelJson.Options)).ToArray();
        db.Queue(
            $"""
            insert into kernel.import_trace (job_id, row, company_id, operation, at, trace)
            select {file.Import}, t.row, {db.Company}, {db.Work.Operation}, {db.Now}, t.trace::jsonb
            from unnest({traces.Select(t => file.Rows[t.At]).ToArray()}::integer[], {texts}::text[]) as t (row, trace) on conflict (job_id, row) do nothing
            """);
    }
}
