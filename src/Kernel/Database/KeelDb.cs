using System.Data.Common;
using Npgsql;

namespace Keel.Kernel;

/// The one road to the database. Writes are queued and travel together with the next read or the commit, so that a whole use case
/// takes two or three round trips however many rows it changes. One instance belongs to one operation or one page.
public sealed class KeelDb(NpgsqlDataSource source, Work work, DocumentNumbers numbers) : IAsyncDisposable
{
    private readonly List<Queued> queue = [];

    // The parts of a page ask at the same time; a connection answers one question after the other.
    private readonly OrderedDictionary<Type, Action> gathered = [];
    private readonly Dictionary<Type, object> gatheredRows = [];
    private readonly SemaphoreSlim turn = new(1);
    private NpgsqlConnection? connection;
    private bool opened;
    private Rung rung;

    /// The operation that this belongs to: company, actor, instant.
    public Work Work => work;

    /// The numbers that people know documents by.
    public DocumentNumbers Numbers => numbers;

    /// The company whose rows may be seen and written. Every statement over owned rows names it.
    public Id<Company> Company => work.Company;

    /// The day that it is for the company, as an expression for a statement: near midnight it is another one than elsewhere.
    public SqlText Today => new($"({Now}::timestamptz at time zone (select c.zone from kernel.company c where c.id = {Company}))::date");

    /// The one instant of this operation.
    public DateTimeOffset Now => work.Now;

    /// How many statements were sent so far; the statement budgets of the tests read it.
    public int Statements { get; private set; }

    /// How many times the database was asked so far.
    public int RoundTrips { get; private set; }

    internal bool InTransaction { get; private set; }

    /// Nothing was asked of the database and nothing is waiting to be written.
    internal bool IsUntouched => RoundTrips == 0 && gathered.Count == 0 && queue.Count <= 2;

    /// How long one round trip may take, where that is not as long as usual: proofs read everything, a list must answer soon.
    internal TimeSpan? Patience { get; set; }

    /// Runs once, just before the first contended lock of the transaction is asked for: what is independent of it is written before.
    internal Action? BeforeContention { get; set; }

    public Id<T> NewId<T>() => Id<T>.At(Now);

    /// The set-written table of a record marked with `[Rows]`.
    public Table<T> Table<T>() => new(this);

    /// Tells the house what happened; handlers run in the same transaction.
    public void Raise(IEvent happened) => work.Raised.Enqueue(happened);

    /// Asserts the lock ladder: document → position → level → cost pool → cost layers → partner credit, never climbed back.
    public void Climb(Rung to)
    {
        if (to < rung) throw new InvariantBroken($"The lock ladder was climbed back: from {rung} to {to}.");
        if (to >= Rung.Position && rung < Rung.Position && BeforeContention is { } before)
        {
            BeforeContention = null;
            before();
        }

        rung = to;
    }

    /// Sends a write with the next round trip.
    public void Queue(FormattableString sql, int? expect = null) => Queue(new SqlText(sql), expect);

    public void Queue(SqlText sql, int? expect = null) => queue.Add(new Queued(Command(sql), null, expect));

    /// Sends a read with the next round trip and hands its rows to a listener then.
    public void QueueQuery<T>(FormattableString sql, Action<List<T>> then)
    {
        var text = new SqlText(sql);
        queue.Add(new Queued(Command(text), async (reader, ct) => then(await ReadRows<T>(reader, ct)), null));
    }

    /// Asks for rows now and has them after the next round trip: several questions travel together.
    public Later<List<T>> Ask<T>(FormattableString sql) => Ask<T, List<T>>(sql, rows => rows);

    /// Asks for rows, and for what a listener makes of them.
    public Later<TAnswer> Ask<TRow, TAnswer>(FormattableString sql, Func<List<TRow>, TAnswer> make)
    {
        var later = new Later<TAnswer>();
        QueueQuery<TRow>(sql, rows => later.Set(make(rows)));
        return later;
    }

    /// Reads rows; everything that is queued goes with it in one round trip.
    public Task<List<T>> Query<T>(FormattableString sql, CancellationToken ct = default) => Query<T>(new SqlText(sql), ct);

    public async Task<List<T>> Query<T>(SqlText sql, CancellationToken ct = default)
    {
        List<T> rows = [];
        var asked = new Queued(Command(sql), async (reader, token) => rows = await ReadRows<T>(reader, token), null);
        queue.Add(asked);
        await Flush(ct);
        // Another part of the page may have sent it along, and failed.
        if (asked.Failure is TookTooLong late) throw new TookTooLong(late);
        return asked.Failure is null ? rows : throw new InvariantBroken($"The question failed with those that it travelled with: {asked.Failure.Message}");
    }

    /// The only row, or nothing.
    public async Task<T?> First<T>(FormattableString sql, CancellationToken ct = default)
    {
        var rows = await Query<T>(sql, ct);
        return rows.Count == 0 ? default : rows[0];
    }

    /// Reads rows one at a time, for exports and checks that hold more than memory should.
    public async IAsyncEnumerable<T> Stream<T>(SqlText sql, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct = default)
    {
        await Flush(ct);
        await turn.WaitAsync(ct);
        using var leave = new Leave(turn);
        await Open(ct);
        await using var command = new NpgsqlCommand(sql.Text, connection);
        if (Patience is { } patience) command.CommandTimeout = (int)patience.TotalSeconds;
        foreach (var parameter in sql.Parameters) command.Parameters.Add(parameter);
        Statements++;
        RoundTrips++;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var map = RowMap<T>.Instance;
        var ordinals = map.Find(reader);
        while (await reader.ReadAsync(ct)) yield return map.Read(reader, ordinals);
    }

    /// Writes now and says how many rows it touched.
    public async Task<int> Execute(FormattableString sql, CancellationToken ct = default)
    {
        var command = Command(new SqlText(sql));
        queue.Add(new Queued(command, null, null));
        await Flush(ct);
        return (int)command.RecordsAffected;
    }

    /// Sends everything that is queued, and waits for what others have sent.
    public async Task Flush(CancellationToken ct = default)
    {
        await turn.WaitAsync(ct);
        var sent = queue.ToArray();
        queue.Clear();
        try
        {
            if (sent.Length > 0) await Send(sent, ct);
        }
        catch (NpgsqlException slow) when (Patience is not null && (slow.InnerException is TimeoutException || slow is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }))
        {
            var late = new TookTooLong(slow);
            foreach (var item in sent) item.Failure = late;
            throw late;
        }
        catch (Exception failure)
        {
            foreach (var item in sent) item.Failure = failure;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Send(Queued[] sent, CancellationToken ct)
    {
        await Open(ct);
        await using var batch = connection!.CreateBatch();
        if (Patience is { } patience) batch.Timeout = (int)patience.TotalSeconds;
        foreach (var item in sent) batch.BatchCommands.Add(item.Command);
        Statements += sent.Length;
        RoundTrips++;
        StatementCount.Current?.Add(sent.Length);

        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            foreach (var item in sent)
            {
                if (item.Read is null) continue;
                await item.Read(reader, ct);
                await reader.NextResultAsync(ct);
            }

            while (await reader.NextResultAsync(ct)) { }
        }

        foreach (var item in sent)
        {
            if (item.Expect is { } expected && (int)item.Command.RecordsAffected != expected)
            {
                throw new InvariantBroken($"{item.Command.RecordsAffected} rows changed where {expected} were meant: {item.Command.CommandText[..Math.Min(120, item.Command.CommandText.Length)]}");
            }
        }
    }

    internal void Begin(bool snapshot = false)
    {
        if (InTransaction) throw new InvariantBroken("A transaction is already open.");
        InTransaction = true;
        rung = Rung.Document;
        queue.Add(new Queued(new NpgsqlBatchCommand(snapshot ? "begin isolation level repeatable read read only" : "begin"), null, null));
        // Sets arrive as arrays, which always look cheaper to plan anew: one plan per statement serves them all.
        if (!snapshot) queue.Add(new Queued(new NpgsqlBatchCommand("set local plan_cache_mode = force_generic_plan"), null, null));
    }

    /// Writes the rows that were gathered by `Table<T>.Gather`, one set per table.
    internal void QueueGathered()
    {
        foreach (var write in gathered.Values) write();
        gathered.Clear();
    }

    internal List<T> GatheredRows<T>()
    {
        if (gatheredRows.TryGetValue(typeof(T), out var rows)) return (List<T>)rows;
        var fresh = new List<T>();
        gatheredRows[typeof(T)] = fresh;
        gathered[typeof(T)] = () => { Table<T>().Insert(fresh); gatheredRows.Remove(typeof(T)); };
        return fresh;
    }

    internal async Task Commit(CancellationToken ct)
    {
        QueueGathered();
        queue.Add(new Queued(new NpgsqlBatchCommand("commit"), null, null));
        await Flush(ct);
        InTransaction = false;
    }

    internal async Task Rollback()
    {
        queue.Clear();
        var began = InTransaction && opened;
        InTransaction = false;
        if (!began || connection is not { State: System.Data.ConnectionState.Open }) return;
        await using var command = new NpgsqlCommand("rollback", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// One consistent, read-only snapshot of the books for as long as `work` runs.
    public async Task<T> InSnapshot<T>(Func<Task<T>> work, CancellationToken ct = default)
    {
        Begin(snapshot: true);
        try
        {
            var answer = await work();
            await Commit(ct);
            return answer;
        }
        catch
        {
            await Rollback();
            throw;
        }
    }

    /// One transaction of a job that keeps what is derived from the books: no operation, and so nothing that is logged. Its few statements are
    /// about many rows and are planned for the values that they are given.
    public async Task<T> Atomically<T>(Func<Task<T>> work, CancellationToken ct = default)
    {
        Begin();
        Patience ??= TimeSpan.FromMinutes(10);
        try
        {
            await Execute($"set local plan_cache_mode = force_custom_plan", ct);
            var answer = await work();
            await Commit(ct);
            return answer;
        }
        catch
        {
            await Rollback();
            throw;
        }
    }

    /// The connection of this operation, with what was queued already sent: for a store that brings its own statements, such as sign-in's.
    public async Task<NpgsqlConnection> Connection(CancellationToken ct = default)
    {
        await Flush(ct);
        return await Open(ct);
    }

    internal async Task<NpgsqlConnection> Open(CancellationToken ct)
    {
        if (opened) return connection!;
        connection = await source.OpenConnectionAsync(ct);
        opened = true;
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is null) return;
        if (InTransaction) try { await Rollback(); } catch (NpgsqlException) { NpgsqlConnection.ClearPool(connection); }
        try { await connection.DisposeAsync(); } catch (NpgsqlException) { NpgsqlConnection.ClearPool(connection); }
    }

    private static NpgsqlBatchCommand Command(SqlText sql)
    {
        var command = new NpgsqlBatchCommand(sql.Text);
        foreach (var parameter in sql.Parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static async Task<List<T>> ReadRows<T>(DbDataReader reader, CancellationToken ct)
    {
        var rows = new List<T>();
        var map = RowMap<T>.Instance;
        var ordinals = map.Find(reader);
        while (await reader.ReadAsync(ct)) rows.Add(map.Read(reader, ordinals));
        return rows;
    }

    private sealed record Queued(NpgsqlBatchCommand Command, Func<DbDataReader, CancellationToken, Task>? Read, int? Expect)
    {
        public Exception? Failure { get; set; }
    }

    private readonly struct Leave(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

/// Counts the statements of everything that is awaited from here on, for the budgets of the tests.
internal sealed class StatementCount
{
    private static readonly AsyncLocal<StatementCount?> Ambient = new();
    private int statements;

    public static StatementCount? Current => Ambient.Value;

    public int Statements => statements;

    public static StatementCount Begin() => Ambient.Value = new StatementCount();

    public void Add(int sent) => Interlocked.Add(ref statements, sent);
}

/// A question was given up because its time was over; nothing was changed.
public sealed class TookTooLong(Exception because) : Exception("The database took longer than the question may take.", because);

/// An answer that is there after the next round trip.
public sealed class Later<T>
{
    private T? value;
    private bool known;

    /// The answer; asking for it before the round trip is a bug.
    public T Value => known ? value! : throw new InvariantBroken("The answer is not there yet: flush first.");

    internal bool IsKnown => known;

    internal void Set(T answer) => (value, known) = (answer, true);
}

/// The order in which rows are locked.
public enum Rung
{
    Document,
    Position,
    Level,
    CostPool,
    CostLayer,
    PartnerCredit,
}
