using System.ComponentModel.DataAnnotations;

namespace Keel.App.Imports;

/// Takes a committed file back while nothing depends on what it made: the last rows first, each for itself. What stays says why.
[Operation("kernel.undo-import", KernelPermissions.Import, Said = "undid an import", Icon = "undo")]
internal sealed class UndoImport(KeelDb db, ModuleCatalog catalog, Policies policies, Settings settings, IServiceProvider services) : IOperation<UndoImport.Request, UndoImport.Answer>, IAssess<UndoImport.Request, UndoImport.Answer>
{
    /// How many rows are taken back in one transaction; the answer says where the next one begins.
    public const int Most = 2_000;

    /// Without `Until` it begins at the last row of the file; with it, at that row.
    public sealed record Request(Guid Import, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason, int? Until = null);

    /// Rows taken back and rows that stay add up to the rows that were asked for. `Next` is where more of them wait.
    public sealed record Answer(string File, string Operation, int Undone, int Stay, IReadOnlyList<RowAnswer> Rows, int? Next);

    public sealed record RowAnswer(int Row, string? Stays);

    public static readonly Error NoUndo = new("import.no-undo", "What this file made has no undo. Put it right by hand, row by row.");
    public static readonly Error NotDone = new("import.not-done", "This file is not committed as a whole yet, so there is nothing to take back.");
    public static readonly Error Nothing = new("import.nothing-to-undo", "Nothing of this file is left to take back.");

    public static readonly Error Owned = new("import.owned", "Only who answers for this data takes back what a file made of it.", Refusal.Forbidden);

    public const string Unchanged = "It changed nothing: what it says stood there already.";

    /// The undo that a module declared for an operation, or nothing.
    public static RowUndo? Of(ModuleCatalog catalog, string operation) =>
        catalog.Find(operation) is { } info ? catalog.Modules.SelectMany(m => m.AllUndoes).FirstOrDefault(u => u.Operation == info.Type) : null;

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        // The lock lets two undos queue, and keeps the totals true.
        if (await db.Table<ImportJob>().Find($"company_id = {db.Company} and id = {request.Import} for update", ct) is not { } job) return ImportDesk.NotThere;
        if (catalog.Find(job.Operation) is not { } made || !db.Work.Actor.May(made.Permission)) return Gate.NoPermission.With($"{db.Work.Actor.Name} may not take back what {job.Operation} made.");
        if (job.State is not ImportState.Done) return NotDone;
        if (await IsOthers(made, ct)) return Owned.With($"Only who answers for {made.Domain} takes back what a file made of them.");
        if (Of(catalog, job.Operation) is not { } undo) return NoUndo;

        var rows = await db.Query<Row>(
            $"""
            select r.row as number, t.operation, t.at, t.trace::text as trace from kernel.import_row r left join kernel.import_trace t on t.job_id = r.job_id and t.row = r.row
            where r.job_id = {job.Id} and r.state = 'Accepted' and r.undone_at is null and r.row <= {request.Until ?? int.MaxValue} order by r.row desc limit {Most + 1}
            """, ct);
        if (rows.Count == 0) return Nothing;
        var next = rows.Count > Most ? rows[Most].Number : (int?)null;
        if (next is not null) rows.RemoveAt(Most);

        db.Work.Concerns(job.Id.ToString());
        RowTrace[] traces = [.. rows.Where(r => r.Trace is not null).Select(r => new RowTrace(r.Number, r.Operation!.Value, r.At!.Value, r.Trace!))];
        var why = traces.Length == 0 ? [] : await ((IUndoRows)services.GetRequiredService(undo.Undo)).Undo(traces, ct);
        if (why.Count != traces.Length) throw new InvariantBroken($"{undo.Undo.Name} answered {why.Count} of {traces.Length} rows.");
        var byRow = traces.Zip(why).ToDictionary(p => p.First.Row, p => p.Second);
        RowAnswer[] answers = [.. rows.Select(r => new RowAnswer(r.Number, r.Trace is null ? Unchanged : byRow[r.Number]))];
        Keep(job, answers);
        return new Answer(job.FileName, job.Operation, answers.Count(a => a.Stays is null), answers.Count(a => a.Stays is not null), answers, next);
    }

    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct) => Task.FromResult(answer.Undone == 0 ? Effect.Nothing
        : new Effect(null, [], $"Takes {answer.Undone} rows of {answer.File} back that {answer.Operation} made: {request.Reason}"));

    /// Where changes of others become requests to the owner, nobody else changes the data by undoing either.
    private async Task<bool> IsOthers(OperationInfo made, CancellationToken ct) => db.Work.Actor.Kind is not ActorKind.System && made.Domain is { } domain
        && (await policies.Of<MasterChanges>(ct)).Choice.For(domain) is not null && (await DataOwners.Of(settings, ct)).For(domain)?.Is(db.Work.Actor) != true;

    private void Keep(ImportJob job, RowAnswer[] answers)
    {
        int[] gone = [.. answers.Where(a => a.Stays is null).Select(a => a.Row)];
        RowAnswer[] stay = [.. answers.Where(a => a.Stays is not null)];
        db.Queue($"update kernel.import_row set undone_at = {db.Now}, stays = null where job_id = {job.Id} and row = any({gone})");
        db.Queue($"update kernel.import_trace set undone_at = {db.Now}, undone_by = {db.Work.Operation} where job_id = {job.Id} and row = any({gone})");
        db.Queue(
            $"""
            update kernel.import_row r set stays = s.why from unnest({stay.Select(s => s.Row).ToArray()}::integer[], {stay.Select(s => s.Stays!).ToArray()}::text[]) as s (row, why)
            where r.job_id = {job.Id} and r.row = s.row
            """);
        db.Queue($"update kernel.import_job set undone = undone + {gone.Length} where id = {job.Id}");
    }

    private sealed record Row(int Number, Guid? Operation, DateTimeOffset? At, string? Trace);
}
