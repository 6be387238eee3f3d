using Keel.App.Access;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.App.Doors;

/// What stands around a page: the menu of whoever looks, the companies to switch to, what waits, and whether the books were proved.
internal sealed class Around(ModuleCatalog catalog, Viewer viewer, KeelDb db, Companies companies, Scopes scopes, ToDecide toDecide)
{
    public async Task<Surroundings> See(CancellationToken ct)
    {
        var mine = await companies.Of(db.Work.Actor, ct);
        var actor = db.Work.Actor;
        var cases = db.Ask<WaitingRow, WaitingRow>(
            $"""
            select count(*) as open, count(*) filter (where is_late) as late from (
              select {CaseInbox.Late(db.Now)} as is_late from kernel.work_case c where c.company_id = {db.Company} and c.state = 'Open' and {CaseInbox.For(actor)}{scopes.And("c.subject_id")} limit 1000) w
            """, rows => rows[0]);
        var news = db.Ask<long>($"select count(*) from (select from messages.notice where company_id = {db.Company} and person_id = {actor.Id} and read_at is null and in_app limit 100) n");
        if (actor.May(KernelPermissions.Ask)) await toDecide.Prepare(ct);
        var decisions = actor.May(KernelPermissions.Ask)
            ? db.Ask<long>($"select count(*) from (select from kernel.approval a where a.company_id = {db.Company} and {toDecide.Mine()} limit 1000) d") : null;
        var proofs = await db.Query<Proved>($"select at, differences from kernel.proof order by at desc limit 1", ct);

        // What is mine or my teams', and whether some of it is late.
        var (open, late) = cases.Value;
        var waiting = new Dictionary<string, (string, StateRole)>();
        if (open > 0) waiting["Exceptions"] = (open >= 1000 ? "1000+" : $"{open}", late > 0 ? StateRole.Late : StateRole.Waiting);
        if (decisions?.Value is [> 0 and var toSay]) waiting["/approvals"] = (toSay >= 1000 ? "1000+" : $"{toSay}", StateRole.Waiting);
        return new Surroundings
        {
            Menu = Menu.Of(catalog.Pages, viewer, waiting),
            Places = mine.Count < 2 ? [] : [.. mine.Where(c => c.Id != db.Company).Select(c => new MenuLink(c.Name, $"/company/{c.Code}"))],
            Notices = (int)news.Value[0],
            Proof = proofs is [var last] ? Line(last) : null,
        };
    }

    private ProofLine Line(Proved last)
    {
        var told = new Told(db.Now, viewer.Zone);
        return last.Differences == 0
            ? new ProofLine("Books tie", "proved " + told.Far(last.At, isDeadline: false))
            : new ProofLine($"{last.Differences} differences", "found " + told.Far(last.At, isDeadline: false), StateRole.Late);
    }

    private sealed record WaitingRow(long Open, long Late);

    private sealed record Proved(DateTimeOffset At, long Differences);
}
