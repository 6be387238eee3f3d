using Microsoft.Extensions.DependencyInjection;

namespace Keel.Simulators.Contract;

/// Demo companies that Keel can show itself with. Nothing in them is inserted: their lives were lived through the gate.
public static class Demo
{
    private const string Run = "harbour-home";

    /// Harbour Home with its last ninety days, up to now. Where it was built before, nothing changes; where that was interrupted, it goes on.
    public static Task<Id<Company>> Build(IServiceProvider services, IProgress<Progress>? progress = null, CancellationToken ct = default) =>
        Build(services, HarbourScale.Usual, progress, ct);

    internal static async Task<Id<Company>> Build(IServiceProvider services, HarbourScale scale, IProgress<Progress>? progress, CancellationToken ct)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var zone = Zones.Of("Europe/Amsterdam");
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var assortment = new Assortment(scale);
        var founding = new Founding(services, assortment);
        var first = new DateTimeOffset(today.AddDays(-scale.Days - 1).ToDateTime(new TimeOnly(6, 0)), TimeSpan.Zero);

        var clerk = new Clerk(services, await founding.Found(first, ct));
        var steps = await FinishedSteps.Read(clerk, Run, ct);
        if (steps.Has("built")) return clerk.Company;
        progress?.Report(new Progress("Harbour Home is founded", 0, scale.Days, "days"));
        var begins = await FirstDay(clerk, today.AddDays(-scale.Days), ct);

        var life = new HarbourLife(services, clerk, scale, assortment, zone);
        if (!steps.Has("furnished"))
        {
            await founding.Furnish(clerk, first, ct);
            await life.Open(begins.AddDays(-1), ct);
            await steps.Add("furnished", ct);
        }

        var days = today.DayNumber - begins.DayNumber;
        for (var i = 0; i <= days; i++)
        {
            var day = begins.AddDays(i);
            progress?.Report(new Progress($"Harbour Home lives {day:d MMMM yyyy}", i, days, "days"));
            if (steps.Has($"{day:yyyy-MM-dd}")) continue;
            await life.Live(day, i + 1, i < days ? DateTimeOffset.MaxValue : now.AddHours(-1), ct);
            if (i < days) await steps.Add($"{day:yyyy-MM-dd}", ct);
        }

        await life.Close(today, days + 1, now, ct);
        await steps.Add("built", ct);
        progress?.Report(new Progress("Harbour Home is open", days, days, "days"));
        return clerk.Company;
    }

    /// The key of somebody who lives in the demo company: who signs in under the name finds their own work.
    public static Guid PersonOf(string name) => Staff.Of(name).Id;

    /// The rules that Harbour Home lived with are saved by somebody who signs in: they answer for them from now on.
    public static async Task HandRulesTo(string name, Gate gate, Npgsql.NpgsqlDataSource source, CancellationToken ct = default)
    {
        await using var command = source.CreateCommand("select r.company_id, r.id, r.name, r.version, r.definition::text from kernel.rule r where r.owner_kind = 'System' and r.mode <> 'Retired' order by r.id");
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var rule = System.Text.Json.JsonSerializer.Deserialize<RuleDefinition>(reader.GetString(4), KeelJson.Options)!;
            var saved = await gate.Run<SaveRule, SaveRule.Request, Id<Rule>>(
                new(reader.GetString(2), rule.On, rule.Operation, rule.Request, rule.Groups, rule.Schedule, new Id<Rule>(reader.GetGuid(1)), reader.GetInt32(3)),
                new Caller(Staff.Of(name), Door.Page, new Id<Company>(reader.GetGuid(0))), ct);
            if (saved.Error is { } refused) throw new InvariantBroken($"{reader.GetString(2)} was not handed over: {refused.Message}");
        }
    }

    /// A life that was interrupted on another day goes on from the day on which it began.
    private static async Task<DateOnly> FirstDay(Clerk clerk, DateOnly usual, CancellationToken ct)
    {
        var lived = await clerk.Asks<string>(
            $"select step from simulators.finished_step where company_id = {clerk.Company} and run = {Run} and step like '____-__-__' order by step limit 1", ct);
        return lived.Count == 0 ? usual : DateOnly.ParseExact(lived[0], "yyyy-MM-dd");
    }
}
