using System.ComponentModel.DataAnnotations;

namespace Keel.Printing;

/// Says which printer gets which paper: at a station, at a site, or everywhere. One word per paper and place; the narrower one counts.
[Operation("printing.save-routes", PrintingPermissions.Manage, Said = "saved {routes|the route}")]
internal sealed class SaveRoutes(KeelDb db, PaperBook book) : IOperation<SaveRoutes.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Routes);

    public sealed record Item(
        [Required, MaxLength(40)] string Paper,
        [Required, MaxLength(60)] string Printer,
        [Display(Name = "Fallback", Description = "Takes over where the printer does not answer.")] [MaxLength(60)] string? Fallback = null,
        NodeCode? Site = null,
        [MaxLength(30)] string? Station = null,
        [Range(1, 20)] int Copies = 1);

    public static readonly Error NoStation = Error.NotFound("printing.no-such-station", "There is no such station in this company.");
    public static readonly Error SamePrinter = Error.Invalid("printing.fallback-is-printer", "The fallback is another printer than the first.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var printers = (await db.AllPrinters(ct)).Values.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var stations = (await db.Stations.Where($"company_id = {db.Company}", ct)).ToDictionary(s => s.Code, StringComparer.Ordinal);
        var known = (await db.Routes.Where($"company_id = {db.Company} order by id for update", ct)).ToDictionary(r => (r.Paper, r.Node, r.Station));
        var (answers, made, changed) = (new List<Saved>(), new List<Route>(), new List<Route>());
        foreach (var item in request.Routes)
        {
            var (site, station) = (item.Site?.Text ?? "", (item.Station ?? "").ToUpperInvariant());
            var name = string.Join(", ", new[] { item.Paper, site, station }.Where(t => t.Length > 0));
            if (Wrong(item, station, printers, stations) is { } why)
            {
                answers.Add(Saved.Refused(name, why));
                continue;
            }

            db.Work.Concerns(item.Paper);
            var before = known.GetValueOrDefault((item.Paper, site, station));
            var route = new Route(
                before?.Id ?? db.NewId<Route>(), db.Company, item.Paper, site, station, printers[item.Printer].Id, item.Fallback is { Length: > 0 } fallback ? printers[fallback].Id : null, item.Copies);
            answers.Add(new Saved(name, before is null ? SavedAs.Created : before == route ? SavedAs.Unchanged : SavedAs.Changed));
            if (before is null) made.Add(known[(item.Paper, site, station)] = route);
            else if (before != route) changed.Add(route);
        }

        db.Routes.Insert(made);
        db.Routes.Update(changed);
        return Saved.Answer(answers);
    }

    private Error? Wrong(Item item, string station, Dictionary<string, Printer> printers, Dictionary<string, Station> stations)
    {
        if (book.Find(item.Paper) is not { } paper) return PaperBook.NoPaper;
        if (station.Length > 0 && !stations.ContainsKey(station)) return NoStation;
        if (item.Fallback == item.Printer) return SamePrinter;
        foreach (var name in new[] { item.Printer, item.Fallback }.Where(n => n is { Length: > 0 }))
        {
            if (!printers.TryGetValue(name!, out var printer)) return RerouteJobs.NoPrinter;
            if (!printer.Takes(paper.Kind.Form)) return RerouteJobs.WrongPaper;
        }

        return null;
    }
}

/// Takes routes away: their papers follow the next wider one.
[Operation("printing.delete-routes", PrintingPermissions.Manage, Said = "deleted {routes|the route}", Icon = "x")]
internal sealed class DeleteRoutes(KeelDb db) : IOperation<DeleteRoutes.Request, int>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Id<Route>> Routes);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var rows = await db.Routes.Where($"company_id = {db.Company} and id = any({request.Routes.Select(r => r.Value)}) order by id for update", ct);
        foreach (var route in rows) db.Work.Concerns(route.Paper);
        db.Routes.Delete(rows);
        return rows.Count;
    }
}
