using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Stock;

/// Fills places of a site from their overflow, and gives back what is too much, as the rules say. Only what is free moves, and no bin takes more than it holds.
[Operation("stock.use-overflow", StockPermissions.Move, Said = "filled {rules|places} from overflow", Icon = "swap")]
internal sealed class UseOverflow(Overflowing overflow, PutGoodsAway putAway) : IOperation<UseOverflow.Request, PutGoodsAway.Answer>
{
    /// Without rules all of the site.
    public sealed record Request(NodeCode Node, [MaxLength(500)] IReadOnlyList<Guid>? Rules = null);

    public static readonly Error Nothing = new("stock.overflow-nothing", "There is nothing to bring and nothing too much, or nothing is free where it should come from. Load the page again.");

    public async Task<Result<PutGoodsAway.Answer>> Run(Request request, CancellationToken ct)
    {
        var wanted = request.Rules?.ToHashSet();
        var some = (await overflow.Look(ct, hold: true)).Where(p => p.Rule.IsOfPlace && p.Rule.Node == request.Node && p.Quantity.IsPositive && wanted?.Contains(p.Rule.Id.Value) != false).ToArray();
        IReadOnlyList<PutGoodsAway.Item> items = [.. overflow.Items(some).Take(Putaway.Most)];
        return items.Count == 0 ? Nothing : await putAway.Carry(new PutGoodsAway.Request(request.Node, items), "overflow", ct);
    }
}

/// Asks for a transfer of what a site lacks from the site that has its overflow, or of what it has too much back to there. What a transfer brings already is not asked for twice.
[Operation("stock.ask-overflow", StockPermissions.Transfer, Said = "asked another site for {rules|goods of its overflow}", Icon = "truck")]
internal sealed class AskOverflow(Overflowing overflow, RequestTransfer transfer) : IOperation<AskOverflow.Request, DocumentRef>
{
    /// Without rules all that goes from the one site to the other.
    public sealed record Request(NodeCode From, NodeCode To, [MaxLength(500)] IReadOnlyList<Guid>? Rules = null);

    public async Task<Result<DocumentRef>> Run(Request request, CancellationToken ct)
    {
        var wanted = request.Rules?.ToHashSet();
        var some = (await overflow.Look(ct, hold: true)).Where(p => !p.Rule.IsOfPlace && p.FromNode == request.From && p.ToNode == request.To && p.Quantity.IsPositive && wanted?.Contains(p.Rule.Id.Value) != false);
        RequestTransfer.Line[] lines = [.. some.GroupBy(p => p.Rule.Sku).Select(g => new RequestTransfer.Line(g.Key, g.Sum(p => p.Quantity))).Take(500)];
        return lines.Length == 0 ? UseOverflow.Nothing : await transfer.Run(new RequestTransfer.Request(request.From, request.To, lines, Reason: "overflow"), ct);
    }
}

/// Carries out what the rules of overflow propose, where the policy says that nobody has to ask.
internal sealed class OverflowJob(KeelDb db, Gate gate, IServiceScopeFactory scopes) : IJob
{
    public async Task Run(CancellationToken ct)
    {
        foreach (var company in await db.Query<Id<Company>>($"select distinct company_id from stock.overflow_rule", ct)) await Run(company, ct);
    }

    /// Each company has settings of its own, and so a scope of its own.
    private async Task Run(Id<Company> company, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var work = services.GetRequiredService<Work>();
        (work.Company, work.Actor, work.Door, work.Now) = (company, Actor.Keel, Door.Job, db.Now);
        var ways = (await services.GetRequiredService<Policies>().Of<OverflowWays>(ct)).Choice;
        if (ways == OverflowWays.AsDelivered) return;
        var caller = new Caller(Actor.Keel, Door.Job, company) { At = db.Now };
        var overflow = services.GetRequiredService<Overflowing>();
        var open = (await overflow.Look(ct)).Where(p => p.Quantity.IsPositive).ToArray();
        foreach (var site in open.Where(p => p.Rule.IsOfPlace && ways.MovesByThemselves).GroupBy(p => p.Rule.Node))
        {
            // Where the bins are full nothing is asked of the gate: it would be refused each time.
            var plan = await services.GetRequiredService<Putaway>().Look(site.Key, [.. overflow.Items(site).Take(Putaway.Most)], ct);
            if (plan.Any(s => s.Plan.Steps.Count > 0)) await gate.Run<UseOverflow, UseOverflow.Request, PutGoodsAway.Answer>(new(site.Key), caller, ct);
        }

        foreach (var (from, to) in open.Where(p => !p.Rule.IsOfPlace && ways.TransfersByThemselves).Select(p => (p.FromNode, p.ToNode)).Distinct())
            await gate.Run<AskOverflow, AskOverflow.Request, DocumentRef>(new(from, to), caller, ct);
    }
}
