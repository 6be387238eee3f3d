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

    /// A life that was interrupted on another day goes on from the day on which it began.
    private static async Task<DateOnly> FirstDay(Clerk clerk, DateOnly usual, CancellationToken ct)
    {
        var lived = await clerk.Asks<string>(
            $"select step from simulators.finished_step where company_id = {clerk.Company} and run = {Run} and step like '____-__-__' order by step limit 1", ct);
        return lived.Count == 0 ? usual : DateOnly.ParseExact(lived[0], "yyyy-MM-dd");
    }
}
