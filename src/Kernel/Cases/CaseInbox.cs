namespace Keel.Kernel;

/// Which cases somebody looks at.
internal enum CasesOf
{
    Everybody,
    MyTeams,
    Me,
    Nobody,
}

/// What the pages of cases read: one case, and the board.
internal sealed class CaseInbox(KeelDb db, Scopes scopes)
{
    public const int CardsPerLane = 6;

    /// A card of the board, and what its whole lane counts.
    public sealed record CardRow(
        Guid Id, string Kind, string SubjectKind, Guid SubjectId, string Subject, Severity Severity, string Sentence, string Owner, Guid? AssigneeId, string? Assignee, DateTimeOffset OpenedAt,
        DateTimeOffset DueAt, string Lane, int Place, int Count, int Late);

    /// What came in and what was closed within a day, by people and by themselves.
    public sealed record DayRow(long CameIn, long ByPeople, long ByThemselves);

    /// A case `c` is late while it is open, not put off, and its time is up: on the list, on the board, beside the menu and in the figures.
    internal static SqlText Late(DateTimeOffset now) => new($"(c.state = 'Open' and c.due_at < {now})");

    /// The cases `c` that are somebody's to settle: theirs, and those of their teams.
    internal static SqlText For(Actor actor) =>
        new($"(c.assignee_id is not distinct from {actor.Id}::uuid or c.owner = any({actor.Teams.ToArray()}::text[]))");

    public Task<Case?> Find(Guid id, CancellationToken ct = default) => db.Table<Case>().Find($"company_id = {db.Company} and id = {id}", ct);

    /// The open cases in lanes by kind or by team, each with its most urgent cards.
    public async Task<(IReadOnlyList<CardRow> Cards, DayRow Day)> Board(bool byOwner, CasesOf whose, CancellationToken ct = default)
    {
        var actor = db.Work.Actor;
        var lane = new SqlText.Verbatim(byOwner ? "c.owner" : "c.kind");
        var day = db.Ask<DayRow>(
            $"""
            select (select count(*) from kernel.work_case c where c.company_id = {db.Company} and c.opened_at >= {db.Now.AddDays(-1)}{scopes.And("c.subject_id")}) as came_in,
              count(*) filter (where resolution_code is distinct from {CaseKind.Settled}) as by_people, count(*) filter (where resolution_code = {CaseKind.Settled}) as by_themselves
            from kernel.work_case c where c.company_id = {db.Company} and c.state = 'Closed' and c.closed_at >= {db.Now.AddDays(-1)}{scopes.And("c.subject_id")}
            """);
        var cards = await db.Query<CardRow>(
            $"""
            select id, kind, subject_kind, subject_id, subject, severity, sentence, owner, assignee_id, assignee, opened_at, due_at, lane, place::integer, count::integer, late::integer
            from (
              select c.*, {lane} as lane, row_number() over (partition by {lane} order by c.due_at, c.id) as place, count(*) over (partition by {lane}) as count,
                count(*) filter (where {Late(db.Now)}) over (partition by {lane}) as late
              from kernel.work_case c where c.company_id = {db.Company} and c.state = 'Open' and (
                {whose is CasesOf.Everybody} or ({whose is CasesOf.Me} and c.assignee_id = {actor.Id}) or ({whose is CasesOf.Nobody} and c.assignee_id is null)
                or ({whose is CasesOf.MyTeams} and c.owner = any({actor.Teams.ToArray()}::text[]))){scopes.And("c.subject_id")}) ranked
            where place <= {CardsPerLane} order by lane, place
            """, ct);
        return (cards, day.Value[0]);
    }
}
