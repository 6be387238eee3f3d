using System.ComponentModel.DataAnnotations;

namespace Keel.Ledger;

/// Takes an entry back by its mirror image. Entries on accounts that follow documents or the stock book are corrected by their document.
[Operation("ledger.reverse-entry", LedgerPermissions.PostManually, Said = "reversed the entry", Icon = "undo")]
internal sealed class ReverseEntry(KeelDb db, Settings settings, Journal journal) : IOperation<ReverseEntry.Request, Id<Entry>>, IAssess<ReverseEntry.Request, Id<Entry>>
{
    public sealed record Request(
        Id<Entry> Entry, [Required, MinLength(3, ErrorMessage = "says in a few words why."), MaxLength(200)] string Reason, DateOnly? Day = null);

    public static readonly Error Unknown = Error.NotFound("entry.unknown", "There is no entry with this id.");
    public static readonly Error Already = new("entry.reversed", "The entry was reversed already.");
    public static readonly Error Reversal = new("entry.is-reversal", "A reversal is not reversed. Post the entry anew.");

    public async Task<Result<Id<Entry>>> Run(Request request, CancellationToken ct)
    {
        var found = await Found(request, ct);
        if (!found.Ok) return found.Error;

        var network = await Network.Of(settings, ct);
        var day = request.Day ?? network.Day(db.Now);
        var chart = await Chart.Of(settings, ct);
        if (chart.IsLocked(day)) return PostManualEntry.PeriodLocked;
        db.Work.Concerns(found.Value.Document.Number);
        return await journal.Reverse(found.Value, day, request.Reason, ct);
    }

    public async Task<Effect> Assess(Request request, Id<Entry> answer, CancellationToken ct)
    {
        var chart = await Chart.Of(settings, ct);
        var amount = await db.First<long>($"select sum(company_amount)::bigint from ledger.posting where entry_id = {request.Entry} and company_amount > 0", ct);
        var entry = (await db.Table<Entry>().Find($"id = {request.Entry} and company_id = {db.Company}", ct))!;
        return new Effect(new Money(amount, chart.Currency), [new DocumentVersion(entry.Document, 1)], $"Reverse {entry.Document} of {entry.Day:yyyy-MM-dd}: {request.Reason}");
    }

    private async Task<Result<Entry>> Found(Request request, CancellationToken ct)
    {
        var controlled = db.Ask<string>(
            $"""
            select a.code from ledger.posting p join ledger.account a on a.company_id = p.company_id and a.code = p.account
            where p.entry_id = {request.Entry} and a.control <> 'None' limit 1
            """);
        var reversed = db.Ask<Guid>($"select id from ledger.entry where reverses = {request.Entry}");
        var entry = await db.Table<Entry>().Find($"id = {request.Entry} and company_id = {db.Company}", ct);
        if (entry is null) return Unknown;
        if (entry.Reverses is not null) return Reversal;
        if (reversed.Value.Count > 0) return Already;
        return controlled.Value.Count > 0
            ? PostManualEntry.Controlled.With($"The account {controlled.Value[0]} follows documents or the stock book. Correct {entry.Document} by its own document.")
            : entry;
    }
}
