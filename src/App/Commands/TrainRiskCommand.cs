using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Keel.App.Imports;
using Keel.App.Postgres;

namespace Keel.App.Commands;

/// `keel train-risk <file>`: trains the risk model from a file of labelled payments, and tells what was measured on those that were held back.
internal static class TrainRiskCommand
{
    private static readonly string[] Columns = ["accountAgeDays", "numItems", "localTime", "paymentMethod", "label"];

    private static readonly Argument<FileInfo> File = new("file") { Description = $"The CSV file, with the columns {string.Join(", ", Columns)}; label is 1 for fraud" };
    private static readonly Option<string?> Company = new("--company") { Description = "The company's code, where there are several", HelpName = "code" };

    public static Command Describe()
    {
        var command = new Command("train-risk", "Trains the risk model from labelled payments") { File, Company };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        var file = parsed.GetValue(File)!;
        if (!file.Exists) throw new CannotRun($"The file {file.FullName} does not exist.");
        var request = Read(file);
        await using var visit = await HouseVisit.Open(call, ct);
        var operation = visit.Catalog.Find("sales.train-risk")!;
        var company = await visit.Company(parsed.GetValue(Company), ct);
        var outcome = await visit.Gate.Run(operation, JsonSerializer.Deserialize(request, KeelJson.Options.GetTypeInfo(operation.Request))!, new Caller(HouseVisit.Operator, Door.Cli, company.Id), ct);
        if (outcome.Error is { } error) throw new CannotRun($"{error.Code}: {error.Message}" + string.Concat(error.Fields.Select(f => $"{Environment.NewLine}  {f.Field} {f.Message}")));
        parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(outcome.Answer, operation.Answer, KeelJson.Options));
    }

    /// The request that the file makes, as every door would send it.
    internal static string Read(FileInfo file)
    {
        var opened = CsvFile.Open(file.FullName);
        if (!opened.Ok) throw new CannotRun(opened.Error!.Message);
        var at = Columns.Select(c => opened.Value.Header.ToList().FindIndex(h => h.Equals(c, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (at.Any(a => a < 0)) throw new CannotRun($"The file has no column {Columns[Array.FindIndex(at, a => a < 0)]}.");
        List<int> ages = [], items = [];
        List<decimal> hours = [];
        List<string> methods = [];
        List<bool> frauds = [];
        foreach (var row in opened.Value.Rows())
        {
            string Of(int column) => at[column] < row.Fields.Length ? row.Fields[at[column]].Trim() : "";
            if (!int.TryParse(Of(0), CultureInfo.InvariantCulture, out var age) || !int.TryParse(Of(1), CultureInfo.InvariantCulture, out var many) || !decimal.TryParse(Of(2), CultureInfo.InvariantCulture, out var hour) || Of(4) is not ("0" or "1"))
                throw new CannotRun($"Row {frauds.Count + 2} of {file.Name} is none of a payment: days, items and the hour are numbers, the label is 0 or 1.");
            ages.Add(age);
            items.Add(many);
            hours.Add(Math.Round(hour, 6));
            methods.Add(Of(3));
            frauds.Add(Of(4) == "1");
        }

        return JsonSerializer.Serialize(new { ageDays = ages, items, hours, methods, frauds, source = file.Name }, KeelJson.Options);
    }
}
