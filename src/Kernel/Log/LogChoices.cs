namespace Keel.Kernel;

/// What the log can be asked for: who ever acted, and which operations ever ran. Found by stepping along the indexes, however long the log is.
public sealed class LogChoices(KeelDb db, LogSentence sentence)
{
    private const int Most = 500;

    /// Everybody who acted in this company, by name.
    public async Task<IReadOnlyList<string>> People(CancellationToken ct = default) => await Steps("actor_name", ct);

    /// The operations that ran here, with what they do in words.
    public async Task<IReadOnlyList<(string Name, string Words)>> Operations(CancellationToken ct = default) =>
        [.. (await Steps("operation", ct)).Select(o => (o, sentence.ToDo(o))).OrderBy(o => o.Item2, StringComparer.Ordinal)];

    /// The names of those who acted in this company and have a text in them, found as all names are.
    internal static SqlText Names(KeelDb db, string part)
    {
        var sought = "%" + part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return new SqlText($"select s.word from ({Stepping(db, "actor_name")}) s where s.word ilike {sought}");
    }

    private Task<List<string>> Steps(string column, CancellationToken ct)
    {
        return db.Query<string>($"{Stepping(db, column)}", ct);
    }

    private static SqlText Stepping(KeelDb db, string column)
    {
        var name = new SqlText.Verbatim(column);
        return new SqlText(
            $"""
            with recursive found (word, n) as (
              (select {name}, 1 from kernel.operation_log where company_id = {db.Company} order by {name} limit 1)
              union all
              select (select l.{name} from kernel.operation_log l where l.company_id = {db.Company} and l.{name} > f.word order by l.{name} limit 1), f.n + 1
              from found f where f.word is not null and f.n < {Most})
            select word from found where word is not null
            """);
    }
}
