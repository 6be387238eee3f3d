using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Takes what those who run an external site say lies there, as of an instant. It is held against our book of that instant, so that what came and went since is no
/// difference. What is missing is promised to nobody from now on; whether the book is put right somebody decides, or the policy where it is little.
[Operation("stock.external-snapshot", StockPermissions.External, Said = "took what {node|a site} told of its stock", Icon = "warehouse")]
internal sealed class TellSnapshot(KeelDb db, Settings settings, Policies policies, ProductGuard products, Drift drift, StockFacts facts, CaseDesk cases) : IOperation<TellSnapshot.Request, IReadOnlyList<DocumentRef>>
{
    /// With `Whole` everything is named: what is not is not there. `AsOf` is now where nothing is said.
    public sealed record Request([Required, MinLength(1), MaxLength(20_000)] IReadOnlyList<Line> Lines, DateTimeOffset? AsOf = null, bool Whole = false, [MaxLength(60)] string? Reference = null);

    public sealed record Line(NodeCode Node, Sku Sku, [NotNegative] Quantity Quantity, GoodsCondition Condition = GoodsCondition.Good);

    public static readonly Error NotExternal = new("stock.site-not-external", "This site is under our own authority: its book is ours. Count it instead.");
    public static readonly Error Older = new("stock.snapshot-older", "A later snapshot of this site is known already. Send one that is newer.");
    public static readonly Error Twice = Error.Invalid("stock.snapshot-twice", "The same SKU is told twice in one condition. Send it once.");
    public static readonly Error InFuture = Error.Invalid("stock.snapshot-future", "Nobody knows what will lie there. Leave the instant out, or give the one of the snapshot.");

    public async Task<Result<IReadOnlyList<DocumentRef>>> Run(Request request, CancellationToken ct)
    {
        var (places, network) = (await Places.Of(settings, ct), await Network.Of(settings, ct));
        var asOf = request.AsOf ?? db.Now;
        if (asOf > db.Now) return InFuture;
        foreach (var node in request.Lines.Select(l => l.Node).Distinct())
        {
            if (!network.Sites.TryGetValue(node, out var site)) return Receiving.NoNode.With($"There is no site {node}. Create the site first.");
            if (site.Authority is not SiteAuthority.External) return NotExternal.With($"{site.Name} is under our own authority: its book is ours. Count it instead.");
        }

        if (request.Lines.GroupBy(l => (l.Node, l.Sku, l.Condition)).Any(g => g.Count() > 1)) return Twice;
        if (await products.Check(request.Lines.Select(l => (l.Sku, l.Quantity)), ct, "lines") is { } wrong) return wrong;
        var rules = (await policies.Of<DriftRules>(ct)).Choice;
        if ((await Reasons.Of(settings, ct)).Wrong(rules.Reason) is { } closed) return closed;
        var nodes = request.Lines.Select(l => l.Node).Distinct().Order().ToArray();
        var numbers = await db.Numbers.Take(db.Company, "XS", db.Now.Year, nodes.Length, ct);
        var papers = await db.Numbers.Take(db.Company, "AD", db.Now.Year, nodes.Length, ct);
        var before = await drift.Lock(nodes, ct);
        if (before.Sites.FirstOrDefault(s => s.AsOf >= asOf) is { } known) return Older.With($"A snapshot of {known.Node} as of {network.Told(known.AsOf!.Value)} is known already. Send one that is newer.");
        foreach (var number in numbers) db.Work.Concerns(number);

        var named = request.Lines.ToLookup(l => l.Node);
        var there = request.Whole ? await drift.There(nodes, ct) : [];
        var keys = request.Lines.Select(l => new PositionKey(db.Company, l.Sku, l.Node, PositionKey.Own))
            .Concat(there.Select(t => new PositionKey(db.Company, t.Sku, t.Node, PositionKey.Own))).Concat(before.Doubts.Select(d => new PositionKey(db.Company, d.Sku, d.Node, PositionKey.Own))).Distinct().ToArray();
        Later<List<Drift.Since>>? since = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, keys, create: true, ct, () => since = drift.AskSince(keys, asOf));
        var moved = since!.Value.ToDictionary(s => (s.Node, s.Sku, s.Condition), s => s.Quantity);
        var documents = new List<DocumentRef>();
        var free = new HashSet<(NodeCode Node, Sku Sku)>();
        drift.Forget(before, shelf, network, "a later snapshot tells more", free);
        foreach (var (node, i) in nodes.Select((n, i) => (n, i)))
        {
            var snapshot = new ExternalSnapshot(Guid.CreateVersion7(db.Now), db.Company, numbers[i], node, asOf, request.Whole, request.Reference, 0, 0, db.Now, db.Work.Actor.Name, db.Work.Operation);
            var told = named[node].ToDictionary(l => (l.Sku, l.Condition), l => l.Quantity);
            // Of what is told, good or not, only the conditions that are named are compared; a whole snapshot names all of them.
            var all = keys.Where(k => k.Node == node).SelectMany(k => Enum.GetValues<GoodsCondition>().Select(c => (k.Sku, Condition: c)))
                .Where(k => told.ContainsKey(k) || (request.Whole && Drift.OnHand(shelf, new PositionKey(db.Company, k.Sku, node, PositionKey.Own), k.Condition).IsPositive)).Distinct().Order().ToArray();
            var lines = all.Select(k =>
            {
                var book = Drift.OnHand(shelf, new PositionKey(db.Company, k.Sku, node, PositionKey.Own), k.Condition) - moved.GetValueOrDefault((node, k.Sku, k.Condition));
                var said = told.GetValueOrDefault(k);
                return new ExternalLine(snapshot.Id, db.Company, node, k.Sku, k.Condition, said, book, said == book ? DriftState.Agrees : DriftState.Open);
            }).ToArray();
            var desk = new DriftBooking(db, shelf, places, network, snapshot.Node, snapshot.Ref, papers[i], rules.Reason, db.Now);
            var done = lines.Select(l => l.State is not DriftState.Open ? l : Math.Abs(l.Drift.Thousandths) <= rules.AcceptUpToUnits * 1000L && desk.Accept(l, [], "the policy") is { } accepted ? accepted : desk.Doubt(l)).ToArray();
            db.Table<ExternalSnapshot>().Insert(snapshot with { Lines = done.Length, Differing = done.Count(l => l.State is not DriftState.Agrees) });
            db.Table<ExternalLine>().Insert(done);
            db.Table<ExternalDoubt>().Insert(desk.Doubts);
            db.Queue($"update stock.external_site set snapshot_id = {snapshot.Id}, as_of = {asOf} where company_id = {db.Company} and node = {node}", 1);
            await desk.Write(settings, ct);
            var open = done.Where(l => l.State is DriftState.Open).ToArray();
            if (open.Length > 0) cases.Open(StockCases.ExternalDrift, snapshot.Ref, $"{network.Sites[node].Name} tells other stock than our book: {string.Join(", ", open.Take(5).Select(l => $"{l.Sku} {l.Told} instead of {l.Book}"))}{(open.Length > 5 ? $" and {open.Length - 5} more" : "")}.");
            foreach (var sku in desk.More) free.Add((node, sku));
            documents.Add(snapshot.Ref);
        }

        facts.Tell(await shelf.GiveWay("the site tells that less is there", ct), "external");
        shelf.Write();
        foreach (var site in free.GroupBy(f => f.Node)) db.Raise(new StockArrived(site.Key, [.. site.Select(f => f.Sku).Distinct().Order()]));
        return documents;
    }
}
