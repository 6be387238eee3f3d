using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Writes a note into the story of cases, also of closed ones.
[Operation("kernel.note-case", KernelPermissions.Cases, Said = "wrote in {cases|the case}", Icon = "note")]
internal sealed class NoteCase(CaseWork work) : IOperation<NoteCase.Request, CaseAnswer[]>
{
    public sealed record Request(
        [Required, MinLength(1), MaxLength(CaseWork.Most)] IReadOnlyList<Id<Case>> Cases, [Required, MinLength(2, ErrorMessage = "says something."), MaxLength(2000)] string Note);

    public Task<Result<CaseAnswer[]>> Run(Request request, CancellationToken ct) =>
        work.Each(request.Cases, CaseStepKind.Noted, one => new CaseWork.Step(one, request.Note.Trim()), ct, closedToo: true);
}
