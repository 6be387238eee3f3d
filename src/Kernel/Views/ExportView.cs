using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel.Views;

/// Notes that somebody takes a list out of the house, as a file: which, for which question, how many rows. The door asks it before it answers.
[Operation("kernel.export-view", KernelPermissions.Read, Global = true, Title = "Export a list", Said = "took out the list", Icon = "download")]
internal sealed class ExportView(KeelDb db, ModuleCatalog catalog, Sights sights) : IOperation<ExportView.Request, Done>
{
    public const int MostQuestion = 380;

    /// `Rows` is counted as far as one operation goes: 10,001 means more than 10,000. `Personal` says whether it shows personal data.
    public sealed record Request([Required, MaxLength(80)] string View, FileKind Format, [MaxLength(MostQuestion)] string? Question, [Range(0, int.MaxValue)] int Rows, bool Personal = false);

    public static readonly Error Unknown = Error.NotFound("view.unknown", "There is no such list.");

    public Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (catalog.Views.Select(ViewInfo.Of).FirstOrDefault(v => v.Name == request.View) is not { } view) return Task.FromResult<Result<Done>>(Unknown);
        if (!db.Work.Actor.May(view.Permission)) return Task.FromResult<Result<Done>>(ViewErrors.Forbidden);
        db.Work.Concerns(view.Name);
        if (request.Personal) sights.Note(db.Work, view.Name, SightWay.Export, rows: request.Rows);
        return Task.FromResult<Result<Done>>(Done.It);
    }
}
