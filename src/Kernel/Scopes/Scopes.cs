using System.Text.RegularExpressions;

namespace Keel.Kernel;

/// Documents of a kind and where they stand: the table has them with `company_id` and `id`, and columns with their site, their channel, the
/// number that people know, and the key of what they are about. A place that stands elsewhere is SQL over `{row}`.
public sealed record ScopedDocument(string Kind, string Table, string? Site, string? Channel, string? Number, string? About);

/// Says which documents are within somebody's reach, whatever module they belong to, by where the modules said that they stand. The gate, the
/// lists, the pages and the palette all ask here.
public sealed partial class Scopes(KeelDb db, ModuleCatalog catalog)
{
    private const int MostNamed = 20_000;

    public static readonly Error NotYours = Error.NotFound("scope.not-yours", "There is no such record among the sites and channels that are yours. Ask an administrator for the site or the channel.");

    /// A document that is out of reach, and the site or channel that it belongs to.
    public sealed record Foreign(string Kind, Guid Id, string Place);

    private Reach Reach => db.Work.Actor.Reach;

    /// The condition that a document is within reach, by the column with its key: ` and …`, or nothing for who is not limited. Asked row by row.
    public SqlText And(string key)
    {
        var sql = new SqlText();
        foreach (var one in Conditions(catalog, Reach, key)) sql.Words(" and ").Append(one);
        return sql;
    }

    /// The first document out of reach that a request names, by its key or its number.
    internal async Task<Foreign?> In(object request, CancellationToken ct)
    {
        var ids = new HashSet<Guid>();
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, _, value) in RequestShape.Leaves(request))
        {
            if (ids.Count + numbers.Count > MostNamed) break;
            if (value is Guid id) ids.Add(id);
            else if (value is IId typed) ids.Add(typed.Value);
            else if (value is string text && IsNumber().IsMatch(text)) numbers.Add(text);
            else if (value is string key && Guid.TryParseExact(key, "D", out var written)) ids.Add(written);
        }

        return await Beyond(ids, numbers, 1, ct) is [var first, ..] ? first : null;
    }

    /// Which of these documents are out of reach.
    public async Task<IReadOnlySet<Guid>> Beyond(IReadOnlyCollection<Guid> ids, CancellationToken ct = default) =>
        (await Beyond(ids, [], ids.Count, ct)).Select(f => f.Id).ToHashSet();

    private async Task<IReadOnlyList<Foreign>> Beyond(IReadOnlyCollection<Guid> ids, IReadOnlyCollection<string> numbers, int most, CancellationToken ct)
    {
        if (!Reach.IsLimited || ids.Count + numbers.Count == 0) return [];
        var standing = catalog.Scoped.Where(d => Reach.Limits(d.Site, d.Channel)).ToArray();
        if (standing.Length == 0) return [];
        var sql = new SqlText().Append($"with named as (select i as id, i as document from unnest({ids.ToArray()}) i");
        if (numbers.Count > 0)
            foreach (var d in standing.Where(d => d.Number is not null))
                sql.Words($"\nunion select d.id, d.id from {d.Table} d where d.company_id = ").Append($"{db.Company} and d.{new SqlText.Verbatim(d.Number!)} = any({numbers.ToArray()})");
        sql.Words("),\nabout as (select id, document from named");
        foreach (var d in catalog.Scoped.Where(d => d.About is not null))
            sql.Words($"\nunion select n.id, d.{d.About} from {d.Table} d join named n on d.id = n.document where d.{d.About} is not null");
        sql.Words("),\nfarther as (select id, document from about");
        foreach (var d in catalog.Scoped.Where(d => d.About is not null))
            sql.Words($"\nunion select n.id, d.{d.About} from {d.Table} d join about n on d.id = n.document where d.{d.About} is not null");
        sql.Words(")");
        foreach (var (d, at) in standing.Select((d, i) => (d, i)))
        {
            sql.Words((at == 0 ? "\n" : "\nunion all ") + $"select '{d.Kind}' as kind, n.id, concat_ws(', ', {Said(d)}) as place from farther n join {d.Table} d on d.id = n.document where ")
                .Append(Reach.Beyond(In("d", d.Site), In("d", d.Channel)));
        }

        return await db.Query<Foreign>(sql.Words("\nlimit ").Append($"{Math.Max(1, most) * standing.Length}"), ct);
    }

    private string Said(ScopedDocument d) => string.Join(", ", new[] { Reach.Nodes is null ? null : In("d", d.Site), Reach.Channels is null ? null : In("d", d.Channel) }.OfType<string>());

    private static string? In(string row, string? column) =>
        column is null ? null : column.Contains("{row}", StringComparison.Ordinal) ? column.Replace("{row}", row, StringComparison.Ordinal) : $"{row}.{column}";

    /// Conditions on a column with the key of a document: of one that stands somewhere, and of one that is about such a one. Never joined, so
    /// that only rows that are looked at are asked about.
    internal static IEnumerable<SqlText> Conditions(ModuleCatalog catalog, Reach reach, string key)
    {
        var standing = catalog.Scoped.Where(d => reach.Limits(d.Site, d.Channel)).ToArray();
        foreach (var d in standing) yield return Lacks(d.Table, key, reach.Beyond(In("d", d.Site), In("d", d.Channel)));
        foreach (var about in catalog.Scoped.Where(d => d.About is not null))
        {
            var any = new SqlText().Words("(false");
            foreach (var d in standing) any.Words($" or (select true from {d.Table} o where o.id = d.{about.About} and ").Append(reach.Beyond(In("o", d.Site), In("o", d.Channel))).Words(" limit 1)");
            if (standing.Length > 0) yield return Lacks(about.Table, key, any.Words(")"));
        }
    }

    private static SqlText Lacks(string table, string key, SqlText condition) =>
        new SqlText().Words($"(select true from {table} d where d.id = {key} and ").Append(condition).Words(" limit 1) is null");

    [GeneratedRegex("^[A-Z]{1,6}-[0-9A-Za-z-]{3,30}$")]
    private static partial Regex IsNumber();
}
