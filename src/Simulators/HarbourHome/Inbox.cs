namespace Keel.Simulators;

/// How Harbour Home's people work on their exceptions: each morning they take some, put some off, pass some up and close some; what is
/// late goes up by itself.
internal sealed class Inbox(Clerk clerk, HarbourScale scale)
{
    private static readonly Dictionary<string, string> People = new()
    {
        ["operations"] = "Omar Haddad", ["service"] = "Sven Lund", ["channel-manager"] = "Carla Mendes", ["finance"] = "Fiona Byrne", ["administrator"] = "Ada Visser",
    };

    private static readonly string[] OffFor = ["the supplier answers on Friday", "the customer is away until then", "waits for the next container"];
    private static readonly string[] UpFor = ["a hotel waits for it", "the third time this month", "the marketplace threatens a penalty"];

    /// The clock's part: sleepers come back, late cases go up.
    public Task<TendCases.Tended> Tend(DateTimeOffset at, CancellationToken ct) => clerk.Does<TendCases, TendCases.Request, TendCases.Tended>(new(), clerk.At(at), ct);

    /// The people's part, once a day.
    public async Task Triage(DateOnly day, DateTimeOffset at, CancellationToken ct)
    {
        var open = await clerk.Asks<OpenCase>(
            $"select id, kind, subject, owner, assignee from kernel.work_case where company_id = {clerk.Company} and state = 'Open' and opened_at < {at.AddHours(-2)} order by id limit 200", ct);
        foreach (var team in open.GroupBy(c => c.Owner))
        {
            var drawn = team.ToLookup(c => Draw(c, day));
            var caller = Caller(at, team.Key);
            await Take([.. drawn["take"]], caller, ct);
            await Snooze([.. drawn["snooze"]], at, caller, ct);
            await Escalate([.. drawn["escalate"]], caller, ct);
            await Close([.. drawn["close"]], caller, ct);
        }
    }

    /// The last hour: of what is open, each of the first ones is in other hands.
    public async Task Scene(DateTimeOffset at, CancellationToken ct)
    {
        await Tend(at, ct);
        var open = await clerk.Asks<OpenCase>(
            $"select id, kind, subject, owner, assignee from kernel.work_case where company_id = {clerk.Company} and state = 'Open' and assignee is null order by due_at, id limit 24", ct);
        var closing = open.Where(IsShort).TakeLast(1).ToArray();
        var parts = open.Except(closing).Select((c, i) => (c, i)).ToLookup(p => p.i % 5, p => p.c);
        foreach (var team in parts[0].GroupBy(c => c.Owner)) await Take([.. team], Caller(at, team.Key), ct);
        await Take([.. parts[1].Take(2)], Caller(at, "administrator"), ct);
        await Snooze([.. parts[2].Take(1)], at, Caller(at, "operations"), ct);
        await Escalate([.. parts[3].Where(c => c.Owner != "administrator").Take(1)], Caller(at, "operations"), ct);
        await Close(closing, Caller(at, "operations"), ct);
        if (parts[0].Any()) await clerk.Does<NoteCase, NoteCase.Request, CaseAnswer[]>(new([parts[0].First().Id], "Rang them: they take the rest next week."), Caller(at.AddMinutes(1), "operations"), ct);
    }

    private string Draw(OpenCase one, DateOnly day)
    {
        var chance = scale.Chance("triage", one.Subject, day.DayNumber).Next(100);
        if (one.Assignee is not null) return IsShort(one) && chance < 30 ? "close" : "";
        return chance switch { < 45 => "take", < 57 => "snooze", < 61 => "escalate", < 66 when IsShort(one) => "close", _ => "" };
    }

    private static bool IsShort(OpenCase one) => one.Kind is "backorder" or "stock-conflict" or "promise-displaced";

    private async Task Take(OpenCase[] cases, Caller caller, CancellationToken ct)
    {
        if (cases.Length > 0) await clerk.Tries<TakeCases, TakeCases.Request, CaseAnswer[]>(new([.. cases.Select(c => c.Id)]), caller, ct);
    }

    private async Task Snooze(OpenCase[] cases, DateTimeOffset at, Caller caller, CancellationToken ct)
    {
        foreach (var one in cases)
        {
            var chance = scale.Chance("snooze", one.Subject);
            await clerk.Does<SnoozeCases, SnoozeCases.Request, CaseAnswer[]>(new([one.Id], at.AddDays(1 + chance.Next(3)), OffFor[chance.Next(OffFor.Length)]), caller, ct);
        }
    }

    private async Task Escalate(OpenCase[] cases, Caller caller, CancellationToken ct)
    {
        foreach (var one in cases)
        {
            // What is at the top already stays there.
            await clerk.Tries<EscalateCases, EscalateCases.Request, CaseAnswer[]>(new([one.Id], UpFor[scale.Chance("escalate", one.Subject).Next(UpFor.Length)]), caller, ct);
        }
    }

    private async Task Close(OpenCase[] cases, Caller caller, CancellationToken ct)
    {
        foreach (var same in cases.GroupBy(c => scale.Chance("close", c.Subject).Next(3) == 0 ? "found-goods" : "customer-waits"))
        {
            var words = same.Key == "found-goods" ? "goods were found on another shelf" : "the customer knows, and waits";
            await clerk.Does<CloseCases, CloseCases.Request, CaseAnswer[]>(new([.. same.Select(c => c.Id)], words, same.Key), caller, ct);
        }
    }

    private Caller Caller(DateTimeOffset at, string team) => clerk.At(at) with { Actor = Staff.Of(People.GetValueOrDefault(team, "Ada Visser")), Door = Door.Page };

    private sealed record OpenCase(Id<Case> Id, string Kind, string Subject, string Owner, string? Assignee);
}
