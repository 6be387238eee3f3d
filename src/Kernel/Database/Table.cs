using System.Collections.Concurrent;
using System.Reflection;
using Npgsql;

namespace Keel.Kernel;

/// A row that may name a site or channel and does nothing there, so that whoever is limited to others may write it.
public interface IOfNoPlace
{
    /// True where nothing happens at the place that the row names.
    bool IsOfNoPlace { get; }
}

/// A table that is read and written as sets of one record. Writes are queued: they travel with the next read or the commit.
public sealed class Table<T>(KeelDb db)
{
    private static readonly RowMap<T> Map = RowMap<T>.Instance;
    private static readonly string Name = Map.Table ?? throw new InvariantBroken($"{typeof(T).Name} has no [Rows].");
    // One row travels as plain values: opening an array for each of thirty columns would cost more than the row.
    private static readonly string InsertSql = $"insert into {Name} ({Map.Names}) select {Selected(Map.Columns)} from {Unnest(Map.Columns)}";
    private static readonly string InsertOneSql = $"insert into {Name} ({Map.Names}) values ({string.Join(", ", Map.Columns.Select(Value))})";
    private static readonly PropertyInfo[] Places =
        [.. typeof(T).GetProperties().Where(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) is var type && (type == typeof(NodeCode) || type == typeof(ChannelCode)))];
    private static readonly string DeleteSql = MakeDelete();
    private static readonly ConcurrentDictionary<string, (string Sql, string OneSql, RowColumn<T>[] Columns)> UpdateSql = new();

    /// Rows that satisfy a condition: `where` is what follows WHERE, and may end in ORDER BY, LIMIT and FOR UPDATE.
    public Task<List<T>> Where(FormattableString where, CancellationToken ct = default) =>
        db.Query<T>(new SqlText().Words($"select {Map.Names} from {Name} where ").Append(where), ct);

    /// The only row that satisfies a condition, or nothing.
    public async Task<T?> Find(FormattableString where, CancellationToken ct = default)
    {
        var rows = await Where(where, ct);
        return rows.Count == 0 ? default : rows[0];
    }

    /// The rows go out with the next read that is sent, into the listener's hands.
    public void Queue(FormattableString where, Action<List<T>> then) =>
        db.QueueQuery($"{new SqlText.Verbatim($"select {Map.Names} from {Name} where ")}{where}", then);

    public void Insert(T row) => Insert([row]);

    public void Insert(IReadOnlyList<T> rows)
    {
        if (rows.Count == 0) return;
        db.Work.Made?.Add(rows);
        Stay(rows);
        db.Queue(With(rows.Count == 1 ? InsertOneSql : InsertSql, Map.Columns, rows), rows.Count);
    }

    /// Keeps a row until the commit, when all rows gathered for the table are written as one set: for what many documents of one
    /// operation add to, such as the journal.
    public void Gather(T row) => db.GatheredRows<T>().Add(row);

    /// Inserts the rows whose key is not there yet; those that are there stay as they are.
    public void InsertMissing(IReadOnlyList<T> rows)
    {
        if (rows.Count > 0) db.Queue(With((rows.Count == 1 ? InsertOneSql : InsertSql) + " on conflict do nothing", Map.Columns, rows));
    }

    /// Writes the named properties, or all, of rows that exist; a row that is gone is a bug, for the caller holds its lock.
    public void Update(IReadOnlyList<T> rows, params string[] properties)
    {
        if (rows.Count == 0) return;
        Stay(rows);
        var (sql, oneSql, columns) = UpdateSql.GetOrAdd(string.Join(',', properties), _ => MakeUpdate(properties));
        db.Queue(With(rows.Count == 1 ? oneSql : sql, columns, rows), rows.Count);
    }

    public void Update(T row, params string[] properties) => Update([row], properties);

    public void Delete(IReadOnlyList<T> rows)
    {
        Stay(rows);
        if (rows.Count > 0) db.Queue(Sets(DeleteSql, Map.Columns.Where(IsKey).ToArray(), rows), rows.Count);
    }

    /// The last net: whatever an operation does, who is limited writes no row of a site or channel that is not theirs.
    private void Stay(IReadOnlyList<T> rows)
    {
        var reach = db.Work.Actor.Reach;
        if (!reach.IsLimited || Places.Length == 0) return;
        foreach (var row in rows)
        {
            if (row is IOfNoPlace { IsOfNoPlace: true }) continue;
            foreach (var place in Places)
            {
                if (place.GetValue(row) is NodeCode node && !reach.Covers(node)) throw new OutOfReach(node.Text);
                if (place.GetValue(row) is ChannelCode channel && !reach.Covers(channel)) throw new OutOfReach(channel.Text);
            }
        }
    }

    private static SqlText With(string sql, IReadOnlyList<RowColumn<T>> columns, IReadOnlyList<T> rows)
    {
        if (rows.Count > 1) return Sets(sql, columns, rows);
        var text = new SqlText().Words(sql);
        foreach (var column in columns) text.Add(new NpgsqlParameter { Value = column.Values(rows).GetValue(0) ?? DBNull.Value, NpgsqlDbType = column.Scalar.Type });
        return text;
    }

    private static SqlText Sets(string sql, IReadOnlyList<RowColumn<T>> columns, IReadOnlyList<T> rows)
    {
        var text = new SqlText().Words(sql);
        foreach (var column in columns) text.Add(new NpgsqlParameter { Value = column.Values(rows), NpgsqlDbType = column.ArrayType });
        return text;
    }

    private static bool IsKey(RowColumn<T> column) => Map.Key.Contains(column.Name);

    private static (string, string, RowColumn<T>[]) MakeUpdate(string[] properties)
    {
        var set = Map.Columns.Where(c => !IsKey(c) && (properties.Length == 0 || properties.Contains(c.Property))).ToArray();
        if (properties.Length > 0 && set.Length < properties.Length) throw new InvariantBroken($"{typeof(T).Name} lacks one of: {string.Join(", ", properties)}.");
        RowColumn<T>[] columns = [.. Map.Columns.Where(IsKey), .. set];
        var keys = columns.Length - set.Length;
        return (
            $"update {Name} t set {string.Join(", ", set.Select(c => $"{c.Name} = {Cast(c)}"))} from {Unnest(columns)} where {Keys()}",
            $"update {Name} t set {string.Join(", ", set.Select((c, i) => $"{c.Name} = {Value(c, keys + i)}"))} where {string.Join(" and ", columns.Take(keys).Select((c, i) => $"t.{c.Name} = {Value(c, i)}"))}",
            columns);
    }

    private static string MakeDelete() => $"delete from {Name} t using {Unnest(Map.Columns.Where(IsKey).ToArray())} where {Keys()}";

    private static string Keys() => Map.Key.Count == 0
        ? throw new InvariantBroken($"{typeof(T).Name} names no key.")
        : string.Join(" and ", Map.Key.Select(k => $"t.{k} = u.{k}"));

    private static string Selected(IEnumerable<RowColumn<T>> columns) => string.Join(", ", columns.Select(Cast));

    private static string Cast(RowColumn<T> column) => column.Scalar.IsJson ? $"u.{column.Name}::jsonb" : $"u.{column.Name}";

    private static string Value(RowColumn<T> column, int at) => $"${at + 1}::{column.Scalar.Sql}" + (column.Scalar.IsJson ? "::jsonb" : "");

    private static string Unnest(IReadOnlyList<RowColumn<T>> columns) =>
        $"unnest({string.Join(", ", columns.Select((c, i) => $"${i + 1}::{c.Scalar.Sql}[]"))}) as u({string.Join(", ", columns.Select(c => c.Name))})";
}
