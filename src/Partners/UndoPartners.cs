using Keel.Partners.Contract;

namespace Keel.Partners;

/// Takes customers and suppliers of a file back that nothing was done with. Those that were there before stay as they are.
internal sealed class UndoPartners(KeelDb db, ModuleCatalog catalog, MasterDesk masters) : IUndoRows
{
    public sealed record Trace(Id<Partner> Id, string Number, int Version, bool IsNew);

    public static string Says => "New customers and suppliers go while nothing was done with them. Those that were there before stay as the file made them: their history says what they were.";

    public async Task<IReadOnlyList<string?>> Undo(IReadOnlyList<RowTrace> rows, CancellationToken ct)
    {
        var traces = rows.Select(r => r.As<Trace>()).ToArray();
        var ids = traces.Where(t => t.IsNew).Select(t => t.Id.Value).ToArray();
        // An order that is being taken has read its customer and names it nowhere yet.
        if (ids.Length > 0) await Dependence.Alone(db, "partners.partner", ct);
        var now = (await db.Partners.Where($"company_id = {db.Company} and id = any({ids}) order by number for update", ct)).ToDictionary(p => p.Id);
        var held = await Dependence.Of(db, catalog, PartnerBook.Kind, [.. traces.Where(t => t.IsNew).SelectMany(t => new[] { t.Id.ToString(), t.Number })], rows.Min(r => r.At), ct);
        var answers = traces.Select(WhyNot).ToArray();
        var gone = traces.Where((_, i) => answers[i] is null).ToArray();
        foreach (var trace in gone)
        {
            db.Work.Concerns(trace.Number);
            foreach (var domain in new[] { PartnerMasters.Customers, PartnerMasters.Suppliers }) masters.CallOff(domain, trace.Number, "the import that created it was undone");
            db.Work.Changed(PartnerBook.Kind, trace.Number, field: "Number", before: trace.Number, after: null);
        }

        var keys = gone.Select(g => g.Id.Value).ToArray();
        db.Queue($"delete from partners.address where partner_id = any({keys})");
        db.Queue($"delete from partners.partner where company_id = {db.Company} and id = any({keys})", expect: keys.Length);
        // Nobody could be asked to forget who is not there any more: what the log knows of them is closed for good.
        db.Queue($"update kernel.person_key set key = null where id = any({keys})");
        return answers;

        string? WhyNot(Trace trace)
        {
            if (!trace.IsNew) return "It was there before the file; its history says what it was.";
            if (!now.TryGetValue(trace.Id, out var partner)) return "It is gone already.";
            if (partner.Version != trace.Version) return "Somebody changed it since.";
            return (held.GetValueOrDefault(trace.Id.ToString()) ?? held.GetValueOrDefault(trace.Number)) is { } what ? $"It is in use: {what}." : null;
        }
    }
}
