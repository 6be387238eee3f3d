using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Looks for records of a domain that may be one: those that have something in common that modules declared. One statement per domain; what
/// more than a few records have in common, such as the phone of a switchboard, says nothing.
[Operation("kernel.find-duplicates", KernelPermissions.Masters, Said = "looked for duplicates", Icon = "search")]
internal sealed class FindDuplicates(KeelDb db, DataDomains domains) : IOperation<FindDuplicates.Request, int>
{
    private const int MostAlike = 12;
    private const int Least = 60;

    public sealed record Request([Required, MaxLength(60)] string Domain);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var signs = domains.SignsOf(request.Domain).ToArray();
        if (signs.Length == 0) return SetDataOwner.Unknown;
        db.Patience = TimeSpan.FromMinutes(20);
        var sql = new SqlText();
        sql.Add(SqlText.Parameter(db.Company));
        sql.Words("with tokens as (");
        foreach (var (sign, i) in signs.Select((s, i) => (s, i)))
        {
            sql.Words(i == 0 ? "select " : " union all select ").Append($"{sign.Name}::text as sign, {sign.Weight} as weight").Words(", t.key collate \"C\" as key, t.token from (").Words(sign.Sql).Words(") t");
        }

        sql.Words("), shared as (select sign, token from tokens where token <> '' group by sign, token having count(*) between 2 and ").Append($"{MostAlike}")
            .Words("), hits as (select a.key as one, b.key as other, a.sign, max(a.weight) as weight from shared s join tokens a on a.sign = s.sign and a.token = s.token ")
            .Words("join tokens b on b.sign = s.sign and b.token = s.token and b.key > a.key group by 1, 2, 3), ")
            .Words("pairs as (select one, other, array_agg(sign order by weight desc, sign) as evidence, round(100 * (1 - exp(sum(ln(1 - weight / 100.0)))))::integer as score from hits group by 1, 2), ")
            .Words("good as (select * from pairs where score >= ").Append($"{Least}").Words("), gone as (delete from kernel.duplicate_pair d where d.company_id = $1 and d.domain = ")
            .Append($"{request.Domain}").Words(" and d.state = 'Open' and not exists (select from good g where g.one = d.one and g.other = d.other)), ")
            .Words("fresh as (insert into kernel.duplicate_pair (company_id, domain, one, other, evidence, score, state, found_at) select $1, ")
            .Append($"{request.Domain}, one, other, evidence, score, 'Open', {db.Now}").Words(
                """
                 from good on conflict (company_id, domain, one, other) do update set evidence = excluded.evidence, score = excluded.score
                where duplicate_pair.state = 'Open' and (duplicate_pair.evidence, duplicate_pair.score) is distinct from (excluded.evidence, excluded.score) returning 1)
                select count(*)::integer from good
                """);
        return (await db.Query<int>(sql, ct))[0];
    }
}

/// Says that two records are not one: they are not shown again.
[Operation("kernel.dismiss-duplicates", KernelPermissions.Ask, Said = "said that {pairs|two records} are no duplicates", Icon = "x")]
internal sealed class DismissDuplicates(KeelDb db, Settings settings) : IOperation<DismissDuplicates.Request, IReadOnlyList<DismissDuplicates.Answer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<Guid> Pairs, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason);

    public sealed record Answer(Guid Pair, string Number, string? Why);

    public async Task<Result<IReadOnlyList<Answer>>> Run(Request request, CancellationToken ct)
    {
        var owners = await DataOwners.Of(settings, ct);
        var found = (await db.Query<Row>($"select id, domain, one, other, state from kernel.duplicate_pair where company_id = {db.Company} and id = any({request.Pairs.ToArray()}) order by id for update", ct))
            .ToDictionary(p => p.Id);
        var mine = found.Values.Where(p => WhyNot(p, owners) is null).ToArray();
        foreach (var pair in mine) db.Work.Concerns(pair.One);
        db.Queue(
            $"""
            update kernel.duplicate_pair set state = 'Dismissed', decided_at = {db.Now}, decided_by = {db.Work.Actor.Name}, reason = {request.Reason}
            where company_id = {db.Company} and id = any({mine.Select(p => p.Id).ToArray()})
            """);
        return request.Pairs.Distinct().Select(id => found.TryGetValue(id, out var one) ? new Answer(id, $"{one.One} and {one.Other}", WhyNot(one, owners)) : new Answer(id, "", "There is no such pair any more.")).ToArray();
    }

    private string? WhyNot(Row pair, DataOwners owners) => pair.State != "Open" ? $"It is {pair.State.ToLowerInvariant()} already."
        : db.Work.Actor.May(KernelPermissions.Masters) || owners.For(pair.Domain)?.Is(db.Work.Actor) == true ? null : $"Who answers for {pair.Domain} decides this.";

    private sealed record Row(Guid Id, string Domain, string One, string Other, string State);
}

/// Records that may be one, the likeliest first.
[View("kernel.duplicates", KernelPermissions.Read, Sort = "-score")]
internal sealed class DuplicateList(KeelDb db, DataDomains domains) : IView<DuplicateList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        [Title("Master data")] public required string Domain { get; init; }
        [Search] public required string One { get; init; }
        [Search] public required string Other { get; init; }
        [Title("What speaks for it")] public required string Evidence { get; init; }
        public required int Score { get; init; }
        public required string State { get; init; }
        [Title("Since")] public required DateTimeOffset FoundAt { get; init; }
        [Title("Decided by")] public string? DecidedBy { get; init; }
        public string? Reason { get; init; }
    }

    public FormattableString Rows()
    {
        var signs = domains.All.SelectMany(d => domains.SignsOf(d.Name)).ToArray();
        return
            $"""
            select d.id, d.domain, d.one, d.other, d.score, d.state, d.found_at, d.decided_by, d.reason,
              (select string_agg(s.says, ', ' order by e.n) from unnest(d.evidence) with ordinality e (sign, n)
               join unnest({signs.Select(s => s.Domain).ToArray()}::text[], {signs.Select(s => s.Name).ToArray()}::text[], {signs.Select(s => s.Says).ToArray()}::text[]) s (domain, name, says)
                 on s.domain = d.domain and s.name = e.sign) as evidence
            from kernel.duplicate_pair d where d.company_id = {db.Company}
            """;
    }
}

/// Two records side by side, and the word of a merge that they are one.
public sealed class DuplicateDesk(KeelDb db, DataDomains domains, Viewer viewer, GuardedFields guarded)
{
    public sealed record Pair(Guid Id, string Domain, string One, string Other, int Score, string State, DateTimeOffset FoundAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Reason);

    /// A field of both records.
    public sealed record Field(string Name, string? One, string? Other)
    {
        public bool IsSame => One == Other;
    }

    public sealed record Sheet(Pair Pair, DataDomain Domain, IReadOnlyList<string> Evidence, IReadOnlyList<Field> Fields);

    private sealed record Kept(string Key, string Record);

    /// The pair with its fields, or nothing.
    public async Task<Sheet?> Load(Guid id, CancellationToken ct = default)
    {
        var signs = db.Ask<string>($"select unnest(evidence) from kernel.duplicate_pair where company_id = {db.Company} and id = {id}");
        var pair = await db.First<Pair>($"select id, domain, one, other, score, state, found_at, decided_by, decided_at, reason from kernel.duplicate_pair where company_id = {db.Company} and id = {id}", ct);
        if (pair is null || domains.Find(pair.Domain) is not { Fields: { } sql } domain) return null;
        var text = new SqlText();
        text.Add(SqlText.Parameter(db.Company));
        text.Add(SqlText.Parameter(new[] { pair.One, pair.Other }));
        var kept = (await db.Query<Kept>(text.Words("select r.key, r.record::text as record from (").Words(sql).Words(") r"), ct)).ToDictionary(k => k.Key, k => Read(k.Record));
        var (one, other) = (kept.GetValueOrDefault(pair.One) ?? [], kept.GetValueOrDefault(pair.Other) ?? []);
        var seen = one.Keys.Concat(other.Keys).Distinct().Where(f => f is not "number" and not "sku" and not "version").Where(f => (viewer.May(Viewer.SeePersonal) || !domain.Personal.Contains(f)) && !guarded.Hides(f, viewer.May));
        return new Sheet(
            pair, domain, [.. signs.Value.Select(s => domains.SignsOf(pair.Domain).FirstOrDefault(d => d.Name == s)?.Says ?? s)],
            [.. seen.Select(f => new Field(f, one.GetValueOrDefault(f), other.GetValueOrDefault(f))).Where(f => f.One is not null || f.Other is not null)]);
    }

    /// A merge made them one.
    public void Merged(string domain, string keep, string give, string reason) => db.Queue(
        $"""
        update kernel.duplicate_pair set state = 'Merged', decided_at = {db.Now}, decided_by = {db.Work.Actor.Name}, reason = {reason}
        where company_id = {db.Company} and domain = {domain} and one = {(string.CompareOrdinal(keep, give) < 0 ? keep : give)} and other = {(string.CompareOrdinal(keep, give) < 0 ? give : keep)}
        """);

    /// They are two again, and may be looked at again.
    public void Parted(string domain, string keep, string give) => db.Queue(
        $"""
        update kernel.duplicate_pair set state = 'Open', decided_at = null, decided_by = null, reason = null
        where company_id = {db.Company} and domain = {domain} and one = {(string.CompareOrdinal(keep, give) < 0 ? keep : give)} and other = {(string.CompareOrdinal(keep, give) < 0 ? give : keep)}
        """);

    private static Dictionary<string, string?> Read(string json) => System.Text.Json.JsonDocument.Parse(json).RootElement.EnumerateObject()
        .ToDictionary(p => p.Name, p => p.Value.ValueKind switch
        {
            System.Text.Json.JsonValueKind.Null => null, System.Text.Json.JsonValueKind.True => "yes", System.Text.Json.JsonValueKind.False => "no", _ => p.Value.ToString(),
        });
}
