using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Simulators.Contract;
using Keel.Stock;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Keel.Simulators;

/// Does what a plan says, day by day. Two days are worked on at once: while one is shipped and credited, the next is captured.
internal sealed class RetailImport
{
    private const int OrdersAtOnce = 250;
    private readonly Clerk clerk;
    private readonly Profile profile;
    private readonly RetailPlan plan;
    private readonly IReadOnlyList<RetailRow> rows;
    private readonly FinishedSteps steps;
    private readonly RetailFounding founding;
    private readonly NpgsqlDataSource source;
    private readonly HashSet<int> waiting = [];
    private readonly Currency currency;

    private RetailImport(IServiceProvider services, Clerk clerk, Profile profile, RetailPlan plan, IReadOnlyList<RetailRow> rows, FinishedSteps steps, RetailFounding founding)
    {
        (this.clerk, this.profile, this.plan, this.rows, this.steps, this.founding) = (clerk, profile, plan, rows, steps, founding);
        source = services.GetRequiredService<NpgsqlDataSource>();
        currency = profile.Company.Currency;
    }

    /// The rows whose order or credit waits for somebody.
    public IReadOnlySet<int> Waiting => waiting;

    public static async Task<RetailImport> Open(IServiceProvider services, Profile profile, RetailPlan plan, IReadOnlyList<RetailRow> rows, string run, CancellationToken ct)
    {
        var founding = new RetailFounding(services, profile);
        var clerk = await founding.Found(Eve(plan), ct);
        return new RetailImport(services, clerk, profile, plan, rows, await FinishedSteps.Read(clerk, run, ct), founding);
    }

    /// Says whether anything was left to do.
    public async Task<bool> Run(IProgress<Progress>? progress, CancellationToken ct)
    {
        var open = plan.Days.Where(d => !steps.Has(d.Name)).ToArray();
        foreach (var done in plan.Days.Except(open)) waiting.UnionWith(steps.WaitingIn(done.Name));
        if (open.Length == 0) return false;

        await founding.Furnish(clerk, rows, Eve(plan), ct);
        var receipts = plan.Receipts().ToDictionary(r => r.Month, r => r.Goods);
        var (done0, all) = (plan.Days.Except(open).Sum(d => (long)d.Lines), plan.Days.Sum(d => (long)d.Lines));
        var behind = Task.CompletedTask;
        for (var i = 0; i < open.Length; i++)
        {
            var day = open[i];
            var month = new DateOnly(day.Day.Year, day.Day.Month, 1);
            if (i == 0 || open[i - 1].Day.Month != day.Day.Month)
            {
                await behind;
                await Receive(month, receipts[month], open[i].Day, ct);
                await NumberAndAnalyze(day.Last, ct);
            }

            var captured = await Capture(day, ct);
            await behind;
            if (i is 1 or 4 or 10) await NumberAndAnalyze(day.Last, ct);
            progress?.Report(new Progress($"{day.Day:d MMMM yyyy}", done0, all, "lines"));
            done0 += day.Lines;
            behind = Task.Run(() => Follow(day, captured, ct), ct);
        }

        await behind;
        await NumberAndAnalyze(open[^1].Last, ct);
        progress?.Report(new Progress("The file is imported", all, all, "lines"));
        return true;
    }

    private static DateTimeOffset Eve(RetailPlan plan) => new(plan.Days.First().Day.AddDays(-1).ToDateTime(new TimeOnly(6, 0)), TimeSpan.Zero);

    private Caller At(DateTimeOffset at) => clerk.At(at) with { Door = Door.Import };

    /// What the month will want arrives on its first day, before anybody orders, at a share of the usual price.
    private async Task Receive(DateOnly month, IReadOnlyList<(string Code, int Units)> goods, DateOnly first, CancellationToken ct)
    {
        var reference = $"{profile.Company.Code} {month:yyyy-MM}";
        if (goods.Count == 0 || (await clerk.Asks<string>($"select reference from stock.pub_document where company_id = {clerk.Company} and kind = 'Receipt' and reference = {reference}", ct)).Count > 0) return;
        var prices = UsualPrices();
        var lines = goods.Select(g => new ReceiveGoods.Line(g.Code, g.Units, UnitPrice.Of(Math.Max(0.01m, Math.Round(prices.GetValueOrDefault(g.Code) * profile.CostShare, 2)), currency))).ToArray();
        var at = new DateTimeOffset(first.ToDateTime(new TimeOnly(5, 0)), TimeSpan.Zero);
        await clerk.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new ReceiveGoods.Receipt(profile.Site.Code, lines, Reference: reference)]), At(at), ct);
        await clerk.Delivers(at, ct);
    }

    private Dictionary<string, decimal> UsualPrices() => rows.Where(r => r.Price > 0 && r.Quantity > 0).GroupBy(r => r.Code)
        .ToDictionary(g => g.Key, g => g.GroupBy(r => r.Price).OrderByDescending(p => p.Count()).ThenBy(p => p.Key).First().Key);

    private async Task<IReadOnlyList<CapturedOrder>> Capture(PlannedDay day, CancellationToken ct)
    {
        var all = new List<CapturedOrder>(day.Orders.Count);
        foreach (var some in day.Orders.Chunk(OrdersAtOnce))
        {
            all.AddRange(await clerk.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([.. some.Select(OrderOf)]), At(day.Last), ct));
        }

        return all;
    }

    private NewOrder OrderOf(PlannedOrder planned)
    {
        var country = profile.Countries.GetValueOrDefault(planned.Country, "XX");
        var address = new PostalAddress("Not in the file", null, "-", planned.Country.Length > 0 ? planned.Country : "-", null, country);
        var lines = planned.Lines.Select(LineOf).ToArray();
        var total = lines.Aggregate(Money.Zero(currency), (sum, l) => sum + l.Price!.Value.Times(l.Quantity));
        return new NewOrder(
            profile.Channel.Code, planned.Number, lines, planned.Customer.Length == 0 ? null : new Contact($"Customer {planned.Customer}", null, null, address, planned.Customer),
            address, planned.At, Total: total, Payments: total.Minor > 0 ? [new NewPayment(PaymentKind.Captured, profile.PaymentMethod, total, planned.Number)] : null);
    }

    private NewLine LineOf(RetailRow row) => profile.IsGoods(row.Code)
        ? new NewLine(row.Code, row.Quantity, UnitPrice.Of(row.Price, currency))
        : new NewLine(null, row.Quantity, UnitPrice.Of(row.Price, currency), Kind: profile.Codes[row.Code].Sold!.Value, Description: row.Description.Length > 0 ? row.Description : row.Code);

    /// What follows the capture of a day: goods leave, credits and payments are booked, stock is put right.
    private async Task Follow(PlannedDay day, IReadOnlyList<CapturedOrder> captured, CancellationToken ct)
    {
        var left = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in captured.Where(o => o.Status is not (OrderStatus.Reserved or OrderStatus.Shipped))) left.Add(order.ChannelNumber);
        foreach (var some in captured.Where(o => o.Status is OrderStatus.Reserved).Chunk(OrdersAtOnce))
        {
            var numbers = some.ToDictionary(o => o.Id!.Value.Value, o => o.ChannelNumber);
            var shipped = await clerk.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new([.. numbers.Keys]), At(day.Last), ct);
            foreach (var order in shipped.Where(s => s.Why is not null)) left.Add(numbers[order.Order]);
        }

        var rest = day.Orders.Where(o => left.Contains(o.Number)).SelectMany(o => o.Lines).Select(l => l.Row).ToList();
        rest.AddRange(await new RetailFollowing(clerk, profile, day, At(day.Last)).Do(ct));
        lock (waiting) waiting.UnionWith(rest);
        await steps.Add(day.Name, ct, rest);
    }

    private async Task NumberAndAnalyze(DateTimeOffset at, CancellationToken ct)
    {
        while (await clerk.Does<NumberInvoices, NumberInvoices.Request, int>(new(), At(at), ct) > 0) { }
        await using var analyze = source.CreateCommand("analyze");
        await analyze.ExecuteNonQueryAsync(ct);
    }
}
