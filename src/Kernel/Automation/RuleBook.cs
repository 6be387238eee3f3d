using System.Text.Json;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// One rule for its page: how it stands, its versions, what it did lately.
internal sealed class RuleBook(KeelDb db, ModuleCatalog catalog, RuleSources sources)
{
    private const int MostRuns = 20;

    public sealed record File(Rule Rule, IReadOnlyList<RuleVersion> Versions, IReadOnlyList<RuleRun> Runs, IReadOnlyDictionary<RunState, long> Counts);

    public sealed record Counted(RunState State, long Runs);

    public sealed record Heard(string Kind, long Events, DateTimeOffset LastAt);

    public async Task<File?> Find(Guid id, CancellationToken ct = default)
    {
        var versions = db.Ask<RuleVersion>($"select {new SqlText.Verbatim(RowMap<RuleVersion>.Instance.Names)} from kernel.rule_version where company_id = {db.Company} and rule_id = {id} order by version desc limit 50");
        var runs = db.Ask<RuleRun>($"select {new SqlText.Verbatim(RowMap<RuleRun>.Instance.Names)} from kernel.rule_run where company_id = {db.Company} and rule_id = {id} order by id desc limit {MostRuns}");
        var counts = db.Ask<Counted>($"select state, count(*) as runs from kernel.rule_run where company_id = {db.Company} and rule_id = {id} and (id >= {RuleList.First(db.Now)} or state in ('Held', 'Refused')) group by state");
        return await db.Table<Rule>().Find($"company_id = {db.Company} and id = {id}", ct) is { } rule
            ? new File(rule, versions.Value, runs.Value, counts.Value.ToDictionary(c => c.State, c => c.Runs)) : null;
    }

    /// How often each kind of event happened in the last thirty days.
    public async Task<IReadOnlyDictionary<string, Heard>> Heards(CancellationToken ct = default) =>
        (await db.Query<Heard>($"select kind, count(*) as events, max(at) as last_at from kernel.event where company_id = {db.Company} and at >= {db.Now.AddDays(-RuleList.Days)} group by kind", ct)).ToDictionary(h => h.Kind);

    /// How many rules that are not over follow each kind of event.
    public async Task<IReadOnlyDictionary<string, int>> Followers(CancellationToken ct = default) =>
        (await db.Query<Follower>($"select trigger, count(*)::integer as rules from kernel.rule where company_id = {db.Company} and mode <> 'Retired' group by trigger", ct)).ToDictionary(f => f.Trigger, f => f.Rules);

    /// A rule in three sentences: when, where, and what it does.
    public (string When, string Where, string Does) Say(RuleDefinition rule)
    {
        var source = sources.Find(rule.On);
        var when = source is null ? $"{rule.On} (no module tells of it any more)" : source.Event is { } known ? known.Title : source.List is not null ? $"{Often(rule.Schedule)}, for each row of {rule.On[RuleDefinition.OnEach.Length..]}" : Often(rule.Schedule);
        var groups = rule.Groups.Select(g => string.Join(" and ", g.Conditions.Select(c => Said(c, source)))).ToArray();
        var where = groups.Length == 0 ? "always" : string.Join(", or ", groups);
        return (when, where, catalog.Find(rule.Operation)?.Title ?? $"{rule.Operation} (there is no such operation any more)");
    }

    /// What the operation is asked for, field by field.
    public static IEnumerable<(string Field, string Value)> Fields(JsonElement request) => request.ValueKind is JsonValueKind.Object ? request.EnumerateObject().SelectMany(p => Fields(p.Name, p.Value)) : [];

    private static IEnumerable<(string, string)> Fields(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when !value.TryGetProperty("currency", out _) => value.EnumerateObject().SelectMany(p => Fields($"{path} {p.Name}", p.Value)),
        JsonValueKind.Array when value.EnumerateArray().Any(v => v.ValueKind is JsonValueKind.Object) => value.EnumerateArray().SelectMany((v, i) => Fields($"{path} {i + 1}", v)),
        _ => [(ViewInfo.Spoken(path.Replace(" ", "_", StringComparison.Ordinal)), value.ValueKind is JsonValueKind.Object && value.TryGetProperty("amount", out var amount) && amount.ValueKind is JsonValueKind.String ? amount.GetString()! : RequestTemplate.Text(value))],
    };

    private static string Often(RuleSchedule? schedule) => schedule switch
    {
        null => "on a schedule",
        { EveryMinutes: { } minutes } => $"Every {minutes} minutes{OnDays(schedule)}",
        _ => $"At {schedule.At}{OnDays(schedule)}",
    };

    private static string OnDays(RuleSchedule schedule) => schedule.Days is { Count: > 0 } days ? $" on {string.Join(", ", days)}" : " every day";

    private static string Said(RuleCondition condition, RuleSource? source)
    {
        var field = source?.Shape.Find(condition.Field)?.Label ?? condition.Field;
        return condition.Is switch
        {
            RuleTest.Equal => $"{field} is {condition.Value}",
            RuleTest.Different => $"{field} is not {condition.Value}",
            RuleTest.MoreThan => $"{field} is more than {condition.Value}",
            RuleTest.AtLeast => $"{field} is {condition.Value} or more",
            RuleTest.LessThan => $"{field} is less than {condition.Value}",
            RuleTest.AtMost => $"{field} is {condition.Value} or less",
            RuleTest.OneOf => $"{field} is one of {condition.Value}",
            RuleTest.NoneOf => $"{field} is none of {condition.Value}",
            RuleTest.Contains => $"{field} contains {condition.Value}",
            RuleTest.ContainsNot => $"{field} does not contain {condition.Value}",
            RuleTest.Said => $"{field} is said",
            _ => $"{field} is not said",
        };
    }

    private sealed record Follower(string Trigger, int Rules);
}
