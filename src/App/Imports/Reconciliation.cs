using System.Globalization;

namespace Keel.App.Imports;

/// Compares what a file brought with what is in Keel: how many rows, the sums of its figures, and every row whose figures are others by now.
internal sealed class Reconciliation(KeelDb db, ModuleCatalog catalog)
{
    private const int MostDifferences = 200;

    /// One figure: what the file says in all its rows, in those that were accepted, and what is in Keel for them.
    public sealed record Figure(string Field, decimal InFile, decimal Accepted, decimal InKeel)
    {
        [NotAColumn] public decimal Difference => InKeel - Accepted;
    }

    /// A row whose record is not there, or has another figure.
    public sealed record Difference(int Row, string Key, string Field, decimal? InFile, decimal? InKeel);

    public sealed record Sheet(long Read, long Accepted, long Refused, long Waiting, long Keys, long Found, IReadOnlyList<Figure> Figures, IReadOnlyList<Difference> Differences)
    {
        /// The file is in Keel as a whole and nothing differs.
        public bool Ties => Refused + Waiting == 0 && Found == Keys && Differences.Count == 0;
    }

    /// The check that a module declared for an operation, or nothing.
    public static ImportCheck? CheckOf(ModuleCatalog catalog, string operation) => catalog.Modules.SelectMany(m => m.AllImportChecks).FirstOrDefault(c => c.Operation == operation);

    /// The key of a row, where all its parts are given, and its figures, as the ledger of the import keeps them.
    public static (string? Key, Dictionary<string, decimal>? Figures) Of(ImportCheck? check, IReadOnlyDictionary<string, string>? values)
    {
        if (check is null || values is null) return (null, null);
        var parts = check.KeyFields.Select(f => values.GetValueOrDefault(f)?.Trim()).ToArray();
        var figures = new Dictionary<string, decimal>();
        foreach (var field in check.Figures)
        {
            if (values.GetValueOrDefault(field)?.Trim() is { Length: > 0 } text && decimal.TryParse(text.Replace(',', '.'), NumberStyles.Number, CultureInfo.InvariantCulture, out var figure)) figures[field] = figure;
        }

        return (parts.All(p => p is { Length: > 0 }) ? string.Join(" @ ", parts) : null, figures);
    }

    public async Task<Sheet?> Load(ImportJob job, CancellationToken ct = default)
    {
        if (CheckOf(catalog, job.Operation) is not { } check) return null;
        var totals = db.Ask<Total>(
            $"""
            select f.key as field, sum(f.value::numeric) as in_file, coalesce(sum(f.value::numeric) filter (where r.state = 'Accepted'), 0) as accepted
            from kernel.import_row r cross join lateral jsonb_each_text(r.figures) f where r.job_id = {job.Id} group by f.key
            """);
        // The last row of a key is what holds.
        var sql = new SqlText();
        sql.Add(SqlText.Parameter(db.Company));
        var keys = await db.Query<string>($"select distinct key from kernel.import_row where job_id = {job.Id} and state = 'Accepted' and key is not null", ct);
        sql.Add(SqlText.Parameter(keys));
        sql.Words("with here as materialized (").Words(check.Sql).Words("), last as (select distinct on (key) row, key, figures from kernel.import_row where job_id = ").Append($"{job.Id}")
            .Words(" and state = 'Accepted' and key is not null order by key, row desc)");
        var kept = new SqlText().Append(sql).Words(" select h.field, sum(h.value) as value, count(distinct h.key) as keys from here h group by h.field");
        var sums = await db.Query<Sum>(kept, ct);
        var odd = new SqlText().Append(sql).Words(
            """
             select l.row, l.key, f.key as field, f.value::numeric as in_file, h.value as in_keel from last l cross join lateral jsonb_each_text(l.figures) f
            left join here h on h.key = l.key and h.field = f.key where h.value is distinct from f.value::numeric order by l.row, f.key limit 
            """).Append($"{MostDifferences}");
        var differences = await db.Query<Difference>(odd, ct);
        return new Sheet(
            job.Read, job.Accepted, job.Refused, job.Waiting, keys.Count, sums.Count == 0 ? 0 : sums.Max(s => s.Keys),
            [.. check.Figures.Where(f => totals.Value.Any(t => t.Field == f)).Select(f =>
                totals.Value.First(t => t.Field == f) is var total ? new Figure(f, total.InFile, total.Accepted, sums.FirstOrDefault(s => s.Field == f)?.Value ?? 0) : null!)],
            differences);
    }

    private sealed record Total(string Field, decimal InFile, decimal Accepted);

    private sealed record Sum(string Field, decimal? Value, long Keys);
}
