using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Closes a case by hand, with what was done about it.
[Operation("kernel.close-case", KernelPermissions.Cases)]
internal sealed class CloseCase(KeelDb db) : IOperation<CloseCase.Request, Done>
{
    public sealed record Request(Id<Case> Case, [Required, MinLength(3, ErrorMessage = "says in a few words what was done.")] string Resolution);

    public static readonly Error Gone = Error.NotFound("case.not-open", "There is no open case with this id.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var closed = await db.Query<string>(
            $"""
            update kernel.work_case set state = 'Closed', closed_at = {db.Now}, resolution = {request.Resolution}, closed_by = {db.Work.Actor.Name}
            where company_id = {db.Company} and id = {request.Case} and state = 'Open' returning subject
            """, ct);
        if (closed.Count == 0) return Gone;
        db.Work.Concerns(closed[0]);
        return Done.It;
    }
}
