using Microsoft.Extensions.DependencyInjection;

namespace Keel.Simulators.Contract;

/// Replays a file of a shop's invoice lines in a company of its own: orders, receipts, shipments, invoices, payments, credit notes, each
/// through its operation at its own instant. Run again it changes nothing; killed half-way it goes on where it stood.
public static class OnlineRetailImport
{
    private const string RunName = "online-retail";

    public static async Task<ImportResult> Run(IServiceProvider services, string path, IProgress<Progress>? progress = null, CancellationToken ct = default)
    {
        var profile = Profile.OnlineRetail();
        progress?.Report(new Progress("The file is read", 0, 1, "lines"));
        var rows = await RetailFile.Read(path, profile, ct);
        var plan = new RetailPlan(rows, profile);
        var import = await RetailImport.Open(services, profile, plan, rows, RunName, ct);
        var changed = await import.Run(progress, ct);
        return Result(rows, plan, import.Waiting, changed);
    }

    private static ImportResult Result(IReadOnlyList<RetailRow> rows, RetailPlan plan, IReadOnlySet<int> waiting, bool changed)
    {
        var cells = rows.GroupBy(r => (r.Month, r.Country)).OrderBy(g => g.Key.Month, StringComparer.Ordinal).ThenBy(g => g.Key.Country, StringComparer.Ordinal)
            .Select(g => Cell(g.Key.Month, g.Key.Country, g)).ToArray();
        var all = Cell("", "", rows);
        return new ImportResult(
            all.Read, all.Accepted, all.Refused, all.Waiting, [.. plan.Rules.Select(r => new ImportRule(r.Key, r.Value.Lines, r.Value.Money))], cells,
            [.. plan.Refused.OrderBy(r => r.Key).Select(r => $"line {r.Key + 1}: {r.Value}")], !changed);

        ImportCell Cell(string month, string country, IEnumerable<RetailRow> some)
        {
            Tally refused = Tally.None, waits = Tally.None, accepted = Tally.None;
            foreach (var row in some)
            {
                var one = new Tally(1, row.Amount);
                if (plan.Refused.ContainsKey(row.Row)) refused += one;
                else if (waiting.Contains(row.Row)) waits += one;
                else accepted += one;
            }

            return new ImportCell(month, country, accepted + refused + waits, accepted, refused, waits);
        }
    }
}
