using System.ComponentModel.DataAnnotations;
using Keel.Printing.Contract;

namespace Keel.Printing;

/// Keeps printers: what they put out, where they stand, how they are reached. Known by their name.
[Operation("printing.save-printers", PrintingPermissions.Manage, Said = "saved {printers|the printer}")]
internal sealed class SavePrinters(KeelDb db, Settings settings) : IOperation<SavePrinters.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Printers);

    public sealed record Item(
        [Required, MaxLength(60)] string Name,
        PaperForm Kind,
        NodeCode Site,
        [Display(Description = "The name that the agent there is started with; a simulated printer has none.")] [MaxLength(60)] string? Agent,
        PrinterConnection Connection,
        [Display(Description = "Raw: host or host:port, 9100 where no port is named. Queue: the queue's name. Folder: where files are put. Simulated: nothing.")] [MaxLength(200)] string? Address,
        [Display(Name = "Width, mm", Description = "Where it is left empty: 102 for labels, 210 for documents.")] [Range(20, 420)] int? WidthMm = null,
        [Display(Name = "Height, mm", Description = "Where it is left empty: 150 for labels, 297 for documents.")] [Range(10, 600)] int? HeightMm = null,
        [Display(Name = "Dots per inch")] [Range(100, 1200)] int Dpi = 203,
        [Display(Name = "Is switched on")] bool IsOn = true);

    public static readonly Error NoSite = Error.NotFound("printing.no-such-site", "There is no such site in this company.");
    public static readonly Error BadAddress = Error.Invalid("printing.bad-address", "The address of a raw printer is a host, or host:port with a port from 1 to 65535.");
    public static readonly Error NotReached = Error.Invalid("printing.not-reached", "Name the agent that brings papers to this printer, and the printer's address. Only a simulated printer needs neither.");
    public static readonly Error LabelsAreRaw = Error.Invalid("printing.labels-need-zpl", "A label printer takes ZPL: it is reached raw or by a folder, not by a queue for documents.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        string[] names = [.. request.Printers.Select(p => p.Name).Distinct(StringComparer.Ordinal)];
        var known = (await db.Printers.Where($"company_id = {db.Company} and name = any({names}) order by id for update", ct)).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var (answers, made, changed) = (new List<Saved>(), new List<Printer>(), new List<Printer>());
        foreach (var item in request.Printers.DistinctBy(p => p.Name))
        {
            if (Wrong(item, network) is { } why)
            {
                answers.Add(Saved.Refused(item.Name, why));
                continue;
            }

            db.Work.Concerns(item.Name);
            var before = known.GetValueOrDefault(item.Name);
            var (wide, high) = before is not null && before.Kind == item.Kind ? (before.WidthMm, before.HeightMm) : Printer.UsualSize(item.Kind);
            var (agent, address) = item.Connection is PrinterConnection.Simulated ? (Simulated, "") : (item.Agent!, item.Address!);
            var after = new Printer(
                before?.Id ?? db.NewId<Printer>(), db.Company, item.Name, item.Kind, item.Site, agent, item.Connection, address, item.WidthMm ?? wide, item.HeightMm ?? high, item.Dpi, item.IsOn,
                before?.Version ?? 1);
            answers.Add(new Saved(item.Name, before is null ? SavedAs.Created : before == after ? SavedAs.Unchanged : SavedAs.Changed));
            if (before is null) made.Add(after);
            else if (before != after) changed.Add(after with { Version = before.Version + 1 });
        }

        db.Printers.Insert(made);
        db.Printers.Update(changed);
        return Saved.Answer(answers);
    }

    /// Who looks after simulated printers: Keel itself.
    internal const string Simulated = "Keel";

    private static Error? Wrong(Item item, Network network) =>
        !network.Sites.ContainsKey(item.Site) ? NoSite
        : item.Connection is PrinterConnection.Simulated ? null
        : string.IsNullOrWhiteSpace(item.Agent) || string.IsNullOrWhiteSpace(item.Address) ? NotReached
        : item.Connection is PrinterConnection.Raw && !IsAddress(item.Address) ? BadAddress
        : item.Kind is PaperForm.Label && item.Connection is PrinterConnection.Queue ? LabelsAreRaw : null;

    /// A host, with or without a port.
    private static bool IsAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        return Uri.CheckHostName(host) is not UriHostNameType.Unknown && (colon < 0 || int.TryParse(text.AsSpan(colon + 1), out var port) && port is > 0 and < 65536);
    }
}

/// Keeps stations: the places where people print.
[Operation("printing.save-stations", PrintingPermissions.Manage, Said = "saved {stations|the station}")]
internal sealed class SaveStations(KeelDb db, Settings settings) : IOperation<SaveStations.Request, Saved[]>
{
    public sealed record Request([Required, MinLength(1), MaxLength(200)] IReadOnlyList<Item> Stations);

    public sealed record Item(
        [Required, MaxLength(30), RegularExpression("^[A-Za-z0-9-]+$", ErrorMessage = "is letters, digits and hyphens.")] string Code, [Required, MaxLength(80)] string Name, StationKind Kind, NodeCode Site);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var network = await Network.Of(settings, ct);
        var answers = new List<Saved>();
        foreach (var item in request.Stations.DistinctBy(s => s.Code.ToUpperInvariant()))
        {
            var code = item.Code.ToUpperInvariant();
            if (!network.Sites.ContainsKey(item.Site))
            {
                answers.Add(Saved.Refused(code, SavePrinters.NoSite));
                continue;
            }

            db.Work.Concerns(code);
            var isNew = await db.Stations.Find($"company_id = {db.Company} and code = {code} for update", ct) is null;
            var station = new Station(db.Company, code, item.Name, item.Kind, item.Site);
            if (isNew) db.Stations.Insert(station);
            else db.Stations.Update(station);
            answers.Add(new Saved(code, isNew ? SavedAs.Created : SavedAs.Changed));
        }

        return Saved.Answer(answers);
    }
}

/// Prints a label that says where it comes from, to see that a printer is reached, is straight and is dark enough.
[Operation("printing.test-label", PrintingPermissions.Print, Said = "printed a test label", Icon = "file")]
internal sealed class TestPrinters(KeelDb db, JobMaker jobs) : IOperation<TestPrinters.Request, IReadOnlyList<PrintAnswer>>
{
    public sealed record Request([Required, MinLength(1), MaxLength(50)] IReadOnlyList<Id<Printer>> Printers);

    public async Task<Result<IReadOnlyList<PrintAnswer>>> Run(Request request, CancellationToken ct)
    {
        var printers = await db.AllPrinters(ct);
        var answers = new List<PrintAnswer>();
        foreach (var id in request.Printers.Distinct())
        {
            if (!printers.TryGetValue(id, out var printer))
            {
                answers.Add(new PrintAnswer(id.ToString(), null, null, null, RerouteJobs.NoPrinter.Message));
                continue;
            }

            db.Work.Actor.MustBeAt(printer.Node);
            db.Work.Concerns(printer.Name);
            var made = await jobs.Make(new Wish(TestLabel.Name, $"test-{db.Work.Operation:N}") { Printer = printer, Sheets = 1 }, [new PaperSubject(printer.Ref, printer.Node)], ct);
            answers.Add(new PrintAnswer(id.ToString(), printer.Name, made[0].Number, printer.Name, printer.IsOn ? null : RerouteJobs.Off.Message));
        }

        return answers;
    }
}
