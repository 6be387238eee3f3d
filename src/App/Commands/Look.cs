using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Keel.App.Doors;
using Keel.App.Postgres;
using Keel.Kernel.Views;
using Microsoft.Extensions.Primitives;

namespace Keel.App.Commands;

/// `keel view <name>`: one list, as a table, as JSON or as CSV.
internal static class Look
{
    private const int Widest = 40;

    private static readonly Argument<string?> Name = new("name")
    {
        Description = "The list, such as kernel.cases; without it all are listed", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Filter = new("--filter")
    {
        Description = "A condition or an argument as in an address: status=Open, total.ge=100, record=SO-2026-000001", HelpName = "column=value", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Search = new("--search") { Description = "The beginning of a searched column" };
    private static readonly Option<string?> Sort = new("--sort") { Description = "A column, with - in front for falling", HelpName = "column" };
    private static readonly Option<int> Size = new("--size") { Description = "Rows to show, at most 200", DefaultValueFactory = _ => 50 };
    private static readonly Option<bool> Csv = new("--csv") { Description = "Write all rows as CSV" };
    private static readonly Option<string?> Company = new("--company") { Description = "The company's code, where there are several", HelpName = "code" };

    public static Command Describe()
    {
        var command = new Command("view", "Shows one list") { Name, Filter, Search, Sort, Size, Csv, Company };
        command.SetAction(CommandLine.Action(Run));
        return command;
    }

    private static async Task Run(Invocation call, ParseResult parsed, CancellationToken ct)
    {
        await using var visit = await HouseVisit.Open(call, ct);
        var views = visit.Catalog.Views.ToDictionary(v => ViewInfo.Of(v).Name);
        if (parsed.GetValue(Name) is not { } name)
        {
            foreach (var known in views.Keys.Order(StringComparer.Ordinal)) call.Terminal.Say(known);
            return;
        }

        if (!views.TryGetValue(name, out var view)) throw new CannotRun($"There is no list '{name}'. `keel view` names all.");
        var company = await visit.Company(parsed.GetValue(Company), ct);
        await using var scope = visit.Scope(company.Id, company.Currency, Zones.Of(company.Zone));
        var runner = scope.ServiceProvider.GetRequiredService<ViewRunner>();
        var address = Address(ViewInfo.Of(view), parsed);
        if (parsed.GetValue(Csv))
        {
            await using var to = new MemoryStream();
            if (await runner.Export(view, address, FileKind.Csv, to, ct) is { Ok: false } refused) throw new CannotRun(refused.Error!.Message);
            parsed.InvocationConfiguration.Output.Write(Encoding.UTF8.GetString(to.ToArray()));
            return;
        }

        var page = await runner.Page(view, address, ct);
        if (!page.Ok) throw new CannotRun(page.Error!.Message);
        if (call.Terminal.IsJson) WriteJson(parsed.InvocationConfiguration.Output, page.Value);
        else WriteTable(call.Terminal, page.Value);
    }

    private static KeyValuePair<string, StringValues>[] Address(ViewInfo info, ParseResult parsed)
    {
        var address = new List<KeyValuePair<string, StringValues>>();
        void Add(string key, string? value)
        {
            if (value is { Length: > 0 }) address.Add(new(key, value));
        }

        foreach (var filter in parsed.GetValue(Filter) ?? [])
        {
            var at = filter.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new CannotRun($"'{filter}' is not column=value.");
            var column = filter[..at];
            var isColumn = info.Column(column.Split('.')[0]) is not null;
            Add(isColumn && !column.StartsWith("f.", StringComparison.Ordinal) ? "f." + column : column, filter[(at + 1)..]);
        }

        Add("q", parsed.GetValue(Search));
        Add("sort", parsed.GetValue(Sort));
        Add("size", parsed.GetValue(Size).ToString(CultureInfo.InvariantCulture));
        return [.. address];
    }

    private static void WriteJson(TextWriter output, IViewPage page)
    {
        foreach (var row in page.Items)
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = KeelJson.Options.Encoder })) ViewDoor.Write(writer, page.Info, row);
            output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
        }
    }

    private static void WriteTable(Terminal terminal, IViewPage page)
    {
        var columns = page.Info.Columns.Where(c => !(c.IsKey && c.Kind is ColumnKind.Code)).ToArray();
        var cells = page.Items.Select(row => columns.Select(c => Text(c.Property.GetValue(row))).ToArray()).ToArray();
        var widths = columns.Select((c, i) => Math.Min(Widest, cells.Select(r => r[i].Length).Append(c.Name.Length).Max())).ToArray();
        string Line(IEnumerable<string> texts) => string.Join("  ", texts.Select((t, i) =>
        {
            var cut = t.Length > widths[i] ? t[..(widths[i] - 1)] + "…" : t;
            return columns[i].AlignsRight ? cut.PadLeft(widths[i]) : cut.PadRight(widths[i]);
        })).TrimEnd();
        terminal.Say(Line(columns.Select(c => c.Name)));
        foreach (var row in cells) terminal.Say(Line(row));
        terminal.Say($"{page.Items.Count} of {page.Count}");
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTimeOffset at => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => value.ToString()?.ReplaceLineEndings(" ") ?? "",
    };
}
