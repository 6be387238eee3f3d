using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using Keel.App.Doors;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel op <name> --json '<request>'`: one operation, through the same gate as every other door. It answers in JSON.
internal static class Operate
{
    private static readonly Argument<string?> Name = new("name")
    {
        Description = "The operation, such as stock.adjust; without it all are listed", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Json = new("--json") { Description = "The request as JSON, or - to read it from standard input", HelpName = "request", DefaultValueFactory = _ => "{}" };
    private static readonly Option<string?> Company = new("--company") { Description = "The company's code, where there are several", HelpName = "code" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Run, answer, and undo" };
    private static readonly Option<string?> Key = new("--key") { Description = "The idempotency key: the same request under it is done once" };

    public static Command Describe()
    {
        var command = new Command("op", "Runs one operation") { Name, Json, Company, DryRun, Key };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        await using var visit = await HouseVisit.Open(call, ct);
        if (parsed.GetValue(Name) is not { } name)
        {
            foreach (var known in visit.Catalog.Operations.OrderBy(o => o.Name, StringComparer.Ordinal)) call.Terminal.Say($"{known.Name,-32} {known.Title}");
            return;
        }

        var operation = visit.Catalog.Find(name) ?? throw new CannotRun($"There is no operation '{name}'. `keel op` lists all.");
        var text = parsed.GetValue(Json)!;
        if (text == "-") text = await Console.In.ReadToEndAsync(ct);
        var request = JsonBody.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), KeelJson.Options.GetTypeInfo(operation.Request));
        if (!request.Ok) throw Refused(request.Error!);

        var company = operation.Global && parsed.GetValue(Company) is null ? default : (await visit.Company(parsed.GetValue(Company), ct)).Id;
        var caller = new Caller(HouseVisit.Operator, Door.Cli, company) { DryRun = parsed.GetValue(DryRun), IdempotencyKey = parsed.GetValue(Key) };
        var outcome = await visit.Gate.Run(operation, request.Value, caller, ct);
        if (outcome.Error is { } error) throw Refused(error);
        var answer = outcome.Waiting is { } waiting
            ? JsonSerializer.Serialize(new { waiting = waiting.Sentence, waiting.Approval }, KeelJson.Options)
            : JsonSerializer.Serialize(outcome.Answer, operation.Answer, KeelJson.Options);
        parsed.InvocationConfiguration.Output.WriteLine(answer);
    }

    private static CannotRun Refused(Error error) =>
        new($"{error.Code}: {error.Message}" + string.Concat(error.Fields.Select(f => $"{Environment.NewLine}  {f.Field} {f.Message}")));
}
