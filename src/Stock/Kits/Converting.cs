using Keel.Catalog.Contract;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Turns goods of a site into others, on one paper: kits out of components, components out of kits, one product out of another. What goes in brings its
/// cost along, to the cent; what is promised to somebody stays.
internal sealed class Converting(KeelDb db, Places places, Network network, Lots lots)
{
    /// Goods that go in: from a place, or from where they would be picked.
    public sealed record Input(Sku Sku, Quantity Quantity, LocationCode? From = null, LotCode? Lot = null);

    /// Goods that come out, into a place, or into the site's stock.
    public sealed record Output(Sku Sku, Quantity Quantity, LocationCode? To = null, string? Lots = null, DateOnly? ExpiresOn = null, DateOnly? MadeOn = null);

    public sealed record Job(NodeCode Node, StockDocumentKind Kind, string Series, string Reason, IReadOnlyList<Input> In, IReadOnlyList<Output> Out, string? Note);

    public static readonly Error TooFew = new("stock.convert-short", "Too few are there that could be taken. Move goods there, or take fewer.");
    public static readonly Error Promised = new("stock.convert-promised", "What is left is promised to somebody. Take fewer, or give promises free first.");

    public async Task<Result<DocumentRef>> Run(Job job, RemovalRules removal, CancellationToken ct)
    {
        if (!network.Sites.ContainsKey(job.Node)) return Receiving.NoNode.With($"There is no site {job.Node}. Choose one of the list.");
        foreach (var place in job.In.Select(i => i.From).OfType<LocationCode>().Concat(job.Out.Select(To)).Distinct())
        {
            if (Wrong(job.Node, place) is { } wrong) return wrong;
        }

        foreach (var output in job.Out)
        {
            if (places.IsFrozen(job.Node, To(output), output.Sku)) return Places.Frozen.With($"{To(output)} is frozen: nothing is put there until somebody thaws it.");
        }

        var today = network.DayAt(job.Node, db.Now);
        var units = await lots.Intake([.. job.Out.Select(o => new Lots.Said(o.Sku, o.Quantity, o.Lots, o.ExpiresOn, o.MadeOn, null, places.ByCode[To(o)].Rule.Promisable, today))], ct);
        if (!units.Ok) return units.Error!;
        var number = await db.Numbers.Take(db.Company, job.Series, today.Year, ct);
        db.Work.Concerns(number);
        var document = new StockDocument(
            db.NewId<StockDocument>().Value, db.Company, job.Kind, number, job.Node, null, job.Note, job.Reason, job.In.Count + job.Out.Count, Money.Zero(network.Company.Currency), network.Company.Currency,
            db.Now, db.Now, today, db.Work.Operation);
        db.StockDocuments.Insert(document);
        Emptying? emptying = null;
        var shelf = await Shelf.ToMove(db, places, network.Company.Currency, job.In.Select(i => Key(job.Node, i.Sku)).Concat(job.Out.Select(o => Key(job.Node, o.Sku))), create: true, ct,
            () => emptying = Emptying.Ask(db, removal, job.In.Select(i => i.Sku)));

        var paper = new Paper(document.Ref, job.Reason, db.Now, today);
        // What comes out of several things is worth what each of them is worth now, as far as anybody knows.
        var weights = job.Out.Select(o => Math.Max(0, shelf.PoolOf(o.Sku, job.Node).AverageOf(o.Quantity).Minor)).ToArray();
        var cost = Money.Zero(network.Company.Currency);
        var lines = new List<ValuedLine>();
        for (var i = 0; i < job.In.Count; i++)
        {
            var taken = TakeIn(shelf, emptying!, job.Node, job.In[i], paper, i + 1);
            if (!taken.Ok) return taken.Error!;
            cost += taken.Value;
            lines.Add(new ValuedLine(job.In[i].Sku, -job.In[i].Quantity, -taken.Value));
        }

        if (weights.All(w => w == 0)) weights = [.. job.Out.Select(o => o.Quantity.Thousandths)];
        var shares = cost.Split(weights);
        for (var i = 0; i < job.Out.Count; i++) PutOut(shelf, job.Out[i], To(job.Out[i]), units.Value[i], paper, job.In.Count + i + 1, shares[i]);

        lines.AddRange(job.Out.Select((o, i) => new ValuedLine(o.Sku, o.Quantity, shares[i])));
        db.Raise(new GoodsConverted(document.Ref, job.Node, today, db.Now, job.Reason, lines));
        shelf.Write();
        var sold = job.Out.Where(o => places.ByCode[To(o)].Rule.Promisable).Select(o => o.Sku).Distinct().ToArray();
        if (sold.Length > 0) db.Raise(new StockArrived(job.Node, sold));
        return document.Ref;

        LocationCode To(Output output) => output.To ?? Place.In(job.Node, "STOCK");
    }

    private Result<Money> TakeIn(Shelf shelf, Emptying emptying, NodeCode node, Input input, Paper paper, int line)
    {
        var key = Key(node, input.Sku);
        (Level Level, Quantity May)[] levels;
        if (input.From is { } from)
        {
            var lot = Lots.Only(shelf, key, from, input.Lot);
            if (!lot.Ok) return lot.Error!;
            if (places.IsFrozen(node, from, input.Sku, lot.Value)) return Places.Frozen.With($"{input.Sku} in {from} is frozen: it stays where it is until somebody thaws it.");
            levels = [.. shelf.LevelsIn(key, from).Where(l => l.Key.Lot == lot.Value).Select(l => (l, l.Free))];
        }
        else
        {
            levels = [.. emptying.From(shelf, key, input.Quantity, input.Lot?.Text ?? "")];
        }

        var there = levels.Sum(l => l.May);
        if (there < input.Quantity) return TooFew.With($"{input.Quantity} of {input.Sku} are wanted; {(input.From is { } place ? place.Text : node.Text)} has {there} that could be taken. Move goods there, or take fewer.");
        var (left, cost) = (input.Quantity, Money.Zero(network.Company.Currency));
        foreach (var (level, may) in levels)
        {
            var quantity = Quantity.Min(left, may);
            if (!quantity.IsPositive) continue;
            if (places.IsSellable(places.ByCode[level.Key.Location], input.Sku, level.Key.Lot, level.Key.Condition) && shelf.At(key).Available is var free && free < quantity)
                return Promised.With($"{input.Quantity} of {input.Sku} are wanted at {node}; {input.Quantity - left + free} are promised to nobody. Take fewer, or give promises free first.");
            var move = shelf.Move(new Goods(input.Sku, quantity, level.Key.Lot, level.Key.Package) { Condition = level.Key.Condition }, level.Key.Location, Place.Production, paper, line);
            cost -= move.Value!.Value;
            left -= quantity;
        }

        return cost;
    }

    private static void PutOut(Shelf shelf, Output output, LocationCode to, IReadOnlyList<LotUnits> units, Paper paper, int line, Money value)
    {
        var before = Quantity.Zero;
        foreach (var unit in units)
        {
            shelf.Move(unit.Of(output.Sku), Place.Production, to, paper, line, value.Share(before + unit.Quantity, output.Quantity) - value.Share(before, output.Quantity));
            before += unit.Quantity;
        }
    }

    private Error? Wrong(NodeCode node, LocationCode code)
    {
        if (!places.ByCode.TryGetValue(code, out var place) || (place.Rule.Counted && place.Node != node)) return Receiving.NoPlace.With($"There is no place {code} at {node}. Name one of that site, or leave it out.");
        return place.Rule.Counted ? places.ClosedAt(code) : Receiving.NotAPlaceForGoods;
    }

    private PositionKey Key(NodeCode node, Sku sku) => new(db.Company, sku, node, PositionKey.Own);
}

/// What the operations that turn goods into others share: the product guard, and the way to the shelf.
internal sealed class Workbench(KeelDb db, Settings settings, Policies policies, ProductGuard products, Lots lots)
{
    public async Task<Result<DocumentRef>> Run(Converting.Job job, CancellationToken ct)
    {
        if (await products.Check(job.In.Select(i => (i.Sku, i.Quantity)).Concat(job.Out.Select(o => (o.Sku, o.Quantity))), ct) is { } wrong) return wrong;
        var removal = (await policies.Of<RemovalRules>(ct)).Choice;
        return await new Converting(db, await Places.Of(settings, ct), await Network.Of(settings, ct), lots).Run(job, removal, ct);
    }

    /// A kit that is assembled, by its SKU.
    public async Task<Result<Kit>> Built(Sku sku, CancellationToken ct)
    {
        var kits = await KitBook.Of(settings, ct);
        if (kits.Find(sku) is not { } kit) return AssembleKits.NoKit.With($"{sku} is no kit. Say first what it is made of.");
        return kit.Kind is KitKind.PreBuilt ? kit : AssembleKits.NotBuilt.With($"{sku} is put together as it is picked: nothing is assembled before. Make it a pre-built kit if it should be.");
    }

    public async Task<IReadOnlyList<KitPart>> PartsOf(Kit kit, CancellationToken ct) => (await KitBook.Of(settings, ct)).PartsOf(kit);
}
