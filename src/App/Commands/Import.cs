using System.CommandLine;
using Keel.App.Imports;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel import <operation> <file>`: the rows of a file through one operation, with a row ledger that adds up.
internal static class Import
{
    private static readonly Argument<string?> Operation = new("operation") { Description = "The operation, such as catalog.save-products; without it all that take a file are listed", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<FileInfo?> File = new("file") { Description = "The CSV file; gzip is unpacked", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Try every row and change nothing" };
    private static readonly Option<string[]> Map = new("--map") { Description = "Which column fills which field: Article:sku", HelpName = "column:field" };
    private static readonly Option<string[]> Set = new("--set") { Description = "A field that is the same for all rows: list:retail", HelpName = "field:value" };
    private static readonly Option<string?> Encoding = new("--encoding") { Description = "The file's encoding where it is not UTF-8" };
    private static readonly Option<string?> Company = new("--company") { Description = "The company's code, where there are several", HelpName = "code" };

    public static Command Describe()
    {
        var command = new Command("import", "Imports the rows of a file") { Operation, File, DryRun, Map, Set, Encoding, Company, ImportRetail.Describe() };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        await using var visit = await HouseVisit.Open(call, ct);
        var desk = visit.Services.GetRequiredService<ImportDesk>();
        if (parsed.GetValue(Operation) is not { } name)
        {
            foreach (var known in desk.Targets) call.Terminal.Say($"{known.Operation.Name,-32} {string.Join(' ', known.Fields.Select(f => known.Address(f) + (f.IsRequired ? "*" : "")))}");
            return;
        }

        var given = parsed.GetValue(File) ?? throw new CannotRun("Name the file: keel import " + name + " <file.csv>");
        if (!given.Exists) throw new CannotRun($"The file {given.FullName} does not exist.");
        var target = desk.Target(name, HouseVisit.Operator);
        if (!target.Ok) throw new CannotRun(target.Error!.Message);
        var company = await visit.Company(parsed.GetValue(Company), ct);

        var path = "";
        try
        {
            await using (var content = given.OpenRead()) path = await ImportDesk.Receive(content, ct);
            var file = await ImportDesk.Open(path, parsed.GetValue(Encoding), ct);
            if (!file.Ok) throw new CannotRun(file.Error!.Message);
            var mapping = new ImportMapping(Pairs(parsed.GetValue(Map), last: true), Pairs(parsed.GetValue(Set), last: false), parsed.GetValue(Encoding));
            var caller = new Caller(HouseVisit.Operator, Door.Import, company.Id) { DryRun = parsed.GetValue(DryRun) };
            var job = await desk.Begin(target.Value, file.Value, given.Name, given.Length, mapping, caller, ct);
            var ran = await desk.Run(job, target.Value, file.Value, caller, company.Currency, null, ct);
            if (!ran.Ok) throw new CannotRun(ran.Error!.Message);
            Answer(call, ran.Value, caller.DryRun);
        }
        finally
        {
            if (path.Length > 0) System.IO.File.Delete(path);
        }
    }

    private static void Answer(Invocation call, ImportJob job, bool dry) => call.Terminal.Answer(
        new { import = job.Operation, job = job.Id, dryRun = dry, read = job.Read, accepted = job.Accepted, refused = job.Refused, waiting = job.Waiting },
        $"{(dry ? "Tried" : "Imported")} {job.FileName}: {job.Read} rows = {job.Accepted} accepted + {job.Refused} refused + {job.Waiting} waiting." +
        (job.Refused > 0 ? $" Why: keel view kernel.import-rows --filter job={job.Id} state=Refused" : ""));

    private static Dictionary<string, string> Pairs(string[]? texts, bool last)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in texts ?? [])
        {
            var at = last ? text.LastIndexOf(':') : text.IndexOf(':', StringComparison.Ordinal);
            if (at <= 0) throw new CannotRun($"'{text}' does not read name:name.");
            pairs[text[..at]] = text[(at + 1)..];
        }

        return pairs;
    }
}
