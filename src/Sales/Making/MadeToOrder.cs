using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// What is made only when an order wants it. The site is one that the channels of such orders send from.
public sealed record MadeToOrder([property: MaxLength(100)] IReadOnlyList<MadeGoods> Made) : IPolicy<MadeToOrder>
{
    public static string Kind => "made-to-order";
    public static MadeToOrder AsDelivered => new([]);
    public static string Says => "Which goods are made only when they are ordered, at which site and in how many working days. What such an order lacks is asked to be made at once, and the order waits for it.";
    public static IReadOnlyList<string> UsedBy => ["sales.capture-orders", "sales.place-order", "sales.reserve-orders"];

    /// How a product is made; nothing where it is not made to order.
    internal MadeGoods? Of(Sku sku, string? category) => Made.FirstOrDefault(m => m.Goods.Any(g => string.Equals(g, sku.Text, StringComparison.OrdinalIgnoreCase) || (category is not null && string.Equals(g, category, StringComparison.OrdinalIgnoreCase))));
}

/// Goods that are made for a line of an order; how far they are the supply says. Never changed.
[Rows("sales.making", "supply_id")]
internal sealed record Making(Guid SupplyId, Id<Company> CompanyId, string SupplyNumber, Guid OrderId, int OrderLine, Sku Sku, NodeCode Node, Quantity Quantity, DateTimeOffset AskedAt, Guid Operation);

/// Has goods made for orders that lack them, in the step in which they came out short.
internal sealed class MakingDesk(KeelDb db, StockDesk stock, CatalogDesk catalog, Settings settings, Policies policies)
{
    private sealed record Asked(Guid OrderId, int OrderLine, Quantity Open);

    /// The orders of which all that is lacking is being made.
    public async Task<IReadOnlySet<Id<Order>>> For(IReadOnlyList<(Order Order, Hold Hold)> shorted, CancellationToken ct)
    {
        var choice = (await policies.Of<MadeToOrder>(ct)).Choice;
        if (choice.Made.Count == 0 || shorted.Count == 0) return new HashSet<Id<Order>>();
        var products = catalog.Ask([.. shorted.SelectMany(s => s.Hold.Short).Select(l => l.Sku).Distinct()]);
        var ids = shorted.Select(s => s.Order.Id.Value).ToArray();
        var asked = db.Ask<Asked>($"select m.order_id, m.order_line, sum(s.open)::bigint as open from sales.making m join stock.pub_supply s on s.id = m.supply_id where m.company_id = {db.Company} and m.order_id = any({ids}) group by 1, 2");
        await db.Flush(ct);
        var network = await Network.Of(settings, ct);
        var open = asked.Value.ToDictionary(a => (a.OrderId, a.OrderLine), a => a.Open);
        var lines = shorted.SelectMany(s => s.Hold.Short.Where(l => l.Kit is null).Select(l => (s.Order, Line: l, How: choice.Of(l.Sku, products.Value.GetValueOrDefault(l.Sku)?.Category)))).ToArray();
        var lacking = lines.Where(l => l.How is not null && network.Sites.ContainsKey(l.How.Site)).Select(l => (l.Order, l.Line, How: l.How!, Units: l.Line.Quantity - open.GetValueOrDefault((l.Order.Id.Value, l.Line.Line)))).Where(l => l.Units.IsPositive).ToArray();
        if (lacking.Length > 0)
        {
            var announced = await stock.Announce([.. lacking.Select(l => new NewSupply(l.Line.Sku, l.How.Site, l.Units, Day(network, l.How)) { Kind = SupplyKind.Production, Document = l.Order.Ref, Reference = l.Order.Number })], ct);
            if (!announced.Ok) return new HashSet<Id<Order>>();
            db.Table<Making>().Insert([.. lacking.Zip(announced.Value).Select(p => new Making(p.Second.Id, db.Company, p.Second.Number, p.First.Order.Id.Value, p.First.Line.Line, p.First.Line.Sku, p.First.How.Site, p.First.Units, db.Now, db.Work.Operation))]);
        }

        return lines.GroupBy(l => l.Order.Id).Where(g => g.All(l => l.How is not null && network.Sites.ContainsKey(l.How.Site)) && shorted.First(s => s.Order.Id == g.Key).Hold.Kits.Count == 0).Select(g => g.Key).ToHashSet();
    }

    /// So many working days of the site from today.
    private DateOnly Day(Network network, MadeGoods how)
    {
        var (site, day) = (network.Sites[how.Site], network.DayAt(how.Site, db.Now));
        for (var left = how.Days; left > 0;)
        {
            day = day.AddDays(1);
            if (site.Calendar.Works(day)) left--;
        }

        return day;
    }
}

/// Has less made where orders want less: what was asked to be made for lines that were cancelled, changed or served otherwise is not promised to them any more, and somebody looks.
[Operation("sales.tend-making", KernelPermissions.Jobs, Said = "looked after what is made to order", Icon = "clock")]
internal sealed class TendMaking(KeelDb db, StockDesk stock, CaseDesk cases) : IOperation<TendMaking.Request, int>
{
    internal const int Most = 100;

    public static readonly CaseKind ForNothing = new("made-for-nothing", "operations", TimeSpan.FromHours(8), Severity.Normal)
    {
        Next = "Stop making it, or put it to stock",
        Supervisor = "administrator",
        Resolutions = ["stopped", "put-to-stock", CaseKind.CalledOff, "duplicate"],
        Ways = [CaseWay.Go("See what is made", "/orders/making", SalesPermissions.Read)],
    };

    public sealed record Request;

    private sealed record Row(Guid SupplyId, string SupplyNumber, Guid OrderId, string OrderNumber, Sku Sku, Quantity Open, Quantity Lacks);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var rows = await db.Query<Row>($"{Spare(db)}", ct);
        if (rows.Count == 0) return 0;
        foreach (var row in rows) db.Work.Concerns(row.OrderNumber);
        foreach (var row in rows)
        {
            var done = row.Lacks.IsPositive ? await stock.Change([new SupplyChange(row.SupplyId, Open: row.Lacks)], $"{row.OrderNumber} wants less", ct) : await stock.Withdraw([row.SupplyId], $"{row.OrderNumber} wants none", ct);
            if (!done.Ok) continue;
            cases.Open([(ForNothing, new DocumentRef("order", row.OrderId, row.OrderNumber), $"{row.Open - row.Lacks} × {row.Sku} were being made for {row.OrderNumber} ({row.SupplyNumber}), which does not want them any more: stop making them, or put them to stock.")]);
        }

        return rows.Count;
    }

    /// What is still to be made beyond what its line lacks; of several for one line the latest goes first.
    internal static FormattableString Spare(KeelDb db) =>
        $"""
        with made as (
          select m.supply_id, m.supply_number, m.order_id, m.order_line, m.sku, s.open, m.asked_at from sales.making m join stock.pub_supply s on s.id = m.supply_id where m.company_id = {db.Company} and s.open > 0),
        lack as (
          select l.order_id, l.line, o.number, greatest(0, case when o.status in ('Cancelled', 'Shipped') then 0 else l.quantity - l.shipped - l.cancelled
            - coalesce((select sum(r.open) from stock.pub_reservation r where r.document_id = l.order_id and r.line = l.line), 0) end) as lacks
          from sales.order_line l join sales.orders o on o.id = l.order_id where l.order_id in (select order_id from made)),
        ranked as (
          select m.*, k.number as order_number, k.lacks - coalesce(sum(m.open) over (partition by m.order_id, m.order_line order by m.asked_at, m.supply_id rows between unbounded preceding and 1 preceding), 0) as for_it
          from made m join lack k on k.order_id = m.order_id and k.line = m.order_line)
        select supply_id, supply_number, order_id, order_number, sku, open, greatest(0, for_it)::bigint as lacks from ranked where open > greatest(0, for_it) order by supply_id limit {Most}
        """;
}

/// Looks after what is made to order, in every company that has some of it; nothing is logged where there is nothing to do.
internal sealed class TendMakingJob(KeelDb db, Gate gate, Microsoft.Extensions.DependencyInjection.IServiceScopeFactory scopes) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct m.company_id from sales.making m join stock.pub_supply s on s.id = m.supply_id where s.open > 0", ct))
        {
            await using var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateAsyncScope(scopes);
            var own = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<KeelDb>(scope.ServiceProvider);
            (own.Work.Company, own.Work.Actor, own.Work.Door, own.Work.Now) = (company, Actor.Keel, Door.Job, db.Now);
            if ((await own.Query<Guid>($"select supply_id from ({new SqlText(TendMaking.Spare(own))}) x", ct)).Count > 0) await gate.Run<TendMaking, TendMaking.Request, int>(new(), new Caller(Actor.Keel, Door.Job, company) { At = db.Now }, ct);
        }
    }
}
