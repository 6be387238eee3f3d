using Keel.Catalog.Contract;

namespace Keel.Stock.Contract;

/// Stock's desk: what other modules may ask of the shelf. Each call locks all its rows at once, in key order: call it once per transaction.
public sealed class StockDesk
{
    private readonly KeelDb db;
    private readonly Settings settings;
    private readonly StockFacts facts;
    private readonly Lots lots;
    private readonly Policies policies;
    private readonly Supplies supplies;
    private readonly Outlooks outlooks;
    private readonly Revaluing revaluing;

    internal StockDesk(KeelDb db, Settings settings, StockFacts facts, Lots lots, Policies policies, Supplies supplies, Outlooks outlooks, Revaluing revaluing) =>
        (this.db, this.settings, this.facts, this.lots, this.policies, this.supplies, this.outlooks, this.revaluing) = (db, settings, facts, lots, policies, supplies, outlooks, revaluing);

    /// Reserves for each demand, in the order given, as much as its nodes can give. Being short is an answer, not an error.
    public Task<IReadOnlyList<Hold>> Reserve(IReadOnlyList<Demand> demands, CancellationToken ct = default) => new Promising(db, settings).Reserve(demands, ct);

    /// Says that demand asks for its goods later: what is promised to others until then takes it into account. Nothing is reserved.
    public void Plan(IReadOnlyList<Demand> demands)
    {
        KitShares.Remember(db, demands);
        WaitingList.Plan(db, demands);
    }

    /// Gives what is left of broken kits free: a kit that lost a component waits as a whole. The documents are locked by whoever asks. Says whether there was something.
    public Task<bool> KeepWhole(IReadOnlyList<DocumentRef> documents, CancellationToken ct = default) => new KeepingWhole(db).Keep(documents, ct);

    /// Gives back everything that is still promised to documents, and ends what they wait for.
    public Task Release(IReadOnlyList<DocumentRef> documents, string reason, CancellationToken ct = default) => new Promising(db, settings).Release(documents, reason, ct);

    /// Gives back what lines of a document want no more of: each keeps so much at most. What was set aside in bins for them, and for lines whose work is called back,
    /// is set aside no more; these keep their promise. Where something was set aside, no goods are promised after it in the same transaction.
    public Task Trim(DocumentRef document, IReadOnlyDictionary<int, Quantity> keep, IReadOnlyCollection<int> calledBack, string reason, CancellationToken ct = default) =>
        new Promising(db, settings).Trim(document, keep, calledBack, reason, ct);

    /// Gives back what lines of a document are promised at one node. What was set aside in bins stays; nobody asks it of lines on the floor.
    public Task GiveBack(DocumentRef document, NodeCode node, IReadOnlyCollection<int> lines, string reason, CancellationToken ct = default) => new Promising(db, settings).GiveBack(document, node, lines, reason, ct);

    /// Sets goods aside in bins for documents whose work begins, but at the nodes named last, which others run. What no bin has is said per line.
    public async Task<IReadOnlyList<Allocated>> Allocate(IReadOnlyList<DocumentRef> documents, CancellationToken ct = default, IReadOnlySet<NodeCode>? without = null) =>
        await new Issuing(db, await Places.Of(settings, ct), await Network.Of(settings, ct), (await policies.Of<RemovalRules>(ct)).Choice, await Owners.Of(settings, ct)).Allocate(documents, without, ct);

    /// Issues reserved goods to customers at scan-out: consumes the promises, empties the bins, takes the cost out of the pools and raises
    /// `GoodsIssued` for each. An issue that cannot be done in full is refused alone; the others go on.
    public async Task<IReadOnlyList<Issued>> Issue(IReadOnlyList<IssueRequest> issues, CancellationToken ct = default) =>
        await new Issuing(db, await Places.Of(settings, ct), await Network.Of(settings, ct), (await policies.Of<RemovalRules>(ct)).Choice, await Owners.Of(settings, ct)).Issue(issues, ct);

    /// Books goods that were bought into a node.
    public async Task<Result<IReadOnlyList<DocumentRef>>> Receive(IReadOnlyList<ReceiptRequest> receipts, CancellationToken ct = default) =>
        await new Receiving(db, await Places.Of(settings, ct), await Network.Of(settings, ct), lots, new Estimating(db, revaluing, new Landing(db, revaluing), (await policies.Of<LandedEstimates>(ct)).Choice)).Receive(receipts, ct);

    /// Says that goods are to come. They can be promised from their day on.
    public Task<Result<IReadOnlyList<DocumentRef>>> Announce(IReadOnlyList<NewSupply> news, CancellationToken ct = default) => supplies.Announce(news, ct);

    /// Says that goods come on another day, or more or fewer of them; whoever has to wait longer has a case.
    public Task<Result<Done>> Change(IReadOnlyList<SupplyChange> changes, string reason, CancellationToken ct = default) => supplies.Change(changes, reason, ct);

    /// Says that the rest of supplies never comes.
    public Task<Result<Done>> Withdraw(IReadOnlyList<Guid> rest, string reason, CancellationToken ct = default) => supplies.Withdraw(rest, reason, ct);

    /// Takes goods that came off what is announced, by the number of the supply. Called before the goods are booked in.
    public Task<Result<Done>> Came(IReadOnlyList<(string Number, NodeCode Node, Sku Sku, Quantity Quantity)> came, CancellationToken ct = default) => supplies.Receive(came, ct);

    /// What can be promised of SKUs at all nodes for a day without breaking a promise that was made before: for one or a thousand in one round trip.
    public async Task<IReadOnlyList<Promisable>> Promisable(IReadOnlyCollection<Sku> skus, DateOnly on, CancellationToken ct = default)
    {
        var kits = await KitBook.Of(settings, ct);
        return KitSupply.Of(kits, skus, await outlooks.On(on, KitSupply.Shelved(kits, skus), ct));
    }

    /// The day on which goods that are to come serve each line that waits for SKUs; nothing for a line that nothing serves.
    public async Task<IReadOnlyList<ExpectedLine>> Expected(IReadOnlyCollection<Sku> skus, CancellationToken ct = default)
    {
        // Where nothing is to come nobody is served by it, however many wait.
        var coming = await db.Query<Sku>($"select distinct sku from stock.coming where company_id = {db.Company} and sku in (select unnest({skus}))", ct);
        return coming.Count == 0 ? [] : [.. (await outlooks.Read(coming, ct)).Where(k => k.Waiting.Count > 0).SelectMany(k => outlooks.Look(k).Served).Select(s => new ExpectedLine(s.Want.Document, s.Want.Line, s.Day))];
    }

    /// The same over so many days: each day on which it changes.
    public async Task<IReadOnlyList<PromiseCurve>> PromiseCurves(IReadOnlyCollection<Sku> skus, int days, CancellationToken ct = default)
    {
        var kits = await KitBook.Of(settings, ct);
        return KitSupply.Of(kits, skus, await outlooks.Curves(days, KitSupply.Shelved(kits, skus), ct));
    }

    /// How many a channel may take of SKUs at nodes now: what is available, less what safety stock and rings keep from it. The same function decides when goods are reserved.
    public async Task<IReadOnlyList<ChannelOffer>> Offers(ChannelCode channel, IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, CancellationToken ct = default)
    {
        var kits = await KitBook.Of(settings, ct);
        return KitSupply.Of(kits, skus, await new ChannelOffers(db, settings).Of(channel, KitSupply.Shelved(kits, skus), nodes, ct));
    }

    /// The same for several channels at once, with the next round trip: what a choice among nodes looks at before anything is locked. Kits are asked by their components;
    /// `adopts` are cart holds that are taken over.
    public Task<Offering> AskOffers(IReadOnlyCollection<Sku> skus, IReadOnlyCollection<NodeCode> nodes, IReadOnlyList<Guid>? adopts = null, CancellationToken ct = default) =>
        new ChannelOffers(db, settings).Ask(skus, nodes, adopts ?? [], ct);

    /// Takes back goods that customers return, at the cost at which they had left.
    public async Task<Result<IReadOnlyList<DocumentRef>>> TakeBack(IReadOnlyList<TakeBackRequest> returns, CancellationToken ct = default) =>
        await new Receiving(db, await Places.Of(settings, ct), await Network.Of(settings, ct), lots).TakeBack(returns, ct);

    /// Counts what is in places: the book is put right at once, and promises that no longer hold give way.
    public async Task<Result<IReadOnlyList<DocumentRef>>> Adjust(IReadOnlyList<Count> counts, CancellationToken ct = default) =>
        await new Adjusting(db, await Places.Of(settings, ct), await Network.Of(settings, ct), await Reasons.Of(settings, ct), facts, lots).Adjust(counts, ct);

    /// What goods of ours were worth at the end of a day, as it is known now or was known then.
    public async Task<WorthOfDay> WorthAt(DateOnly day, bool knownThen, CancellationToken ct = default)
    {
        var network = await Network.Of(settings, ct);
        var at = WorthAtList.EndOf(day, network, db.Now);
        var sums = await db.First<WorthSums>(
            $"""
            select coalesce(sum(v.value) filter (where v.place = 'OnHand'), 0)::bigint as on_hand, coalesce(sum(v.value) filter (where v.place = 'AtCustomers'), 0)::bigint as at_customers,
              coalesce(sum(v.value) filter (where v.place = 'InTransit'), 0)::bigint as in_transit, {network.Company.Currency.Code} as currency from ({WorthAtList.Parts(db, at, knownThen ? at : null)}) v
            """, ct);
        return new WorthOfDay(at, sums!.OnHand, sums.AtCustomers, sums.InTransit);
    }

    /// What goods of ours were worth at the end of a day, product by product, as it is known now; now, where no day is said.
    public async Task<IReadOnlyList<ProductWorth>> WorthByProduct(DateOnly? day, CancellationToken ct = default)
    {
        if (day is null) return await db.Query<ProductWorth>($"select sku, value, currency from stock.cost_pool where company_id = {db.Company} and value <> 0 order by sku", ct);
        var network = await Network.Of(settings, ct);
        return await db.Query<ProductWorth>(
            $"""
            select f.sku, sum(f.value)::bigint as value, {network.Company.Currency.Code} as currency from ({AsOf.Parts(db, WorthAtList.EndOf(day, network, db.Now), null)}) f
            where f.owner = {PositionKey.Own} group by f.sku having sum(f.value) <> 0 order by f.sku
            """, ct);
    }

    private sealed record WorthSums(Money OnHand, Money AtCustomers, Money InTransit, Currency Currency);

    /// Which of these lots and serial numbers there are, of which products; nothing is asked where none is named.
    public Later<IReadOnlySet<NamedLot>>? AskLots(IReadOnlyCollection<LotCode> codes) => codes.Count == 0 ? null : db.Ask<NamedLot, IReadOnlySet<NamedLot>>(
        $"select sku, code as lot from stock.lot where company_id = {db.Company} and code = any({codes.Select(c => c.Text).ToArray()})", rows => rows.ToHashSet());

    /// What is promised to documents now, by line and node.
    public Later<IReadOnlyList<NodePromise>> Promises(IReadOnlyList<Guid> documents) => db.Ask<NodePromise, IReadOnlyList<NodePromise>>(
        $"select document_id as document, line, node, sku, open as quantity from stock.reservation where document_id = any({documents}) and open > 0 order by document_id, line, part", rows => rows);

    /// On hand, sellable, reserved and available of SKUs at all nodes, now. A virtual kit is sellable as often as its components are available.
    public async Task<List<Availability>> Availability(IEnumerable<Sku> skus, CancellationToken ct = default)
    {
        Sku[] asked = [.. skus];
        var kits = await KitBook.Of(settings, ct);
        var shelved = KitSupply.Shelved(kits, asked);
        return KitSupply.Of(kits, asked, await db.Query<Availability>(
            $"select sku, node, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and owner = {PositionKey.Own} and sku = any({shelved})", ct));
    }
}

/// What goods of ours were worth at an instant: on hand, at customers', on their way between sites.
public sealed record WorthOfDay(DateTimeOffset At, Money OnHand, Money AtCustomers, Money InTransit)
{
    public Money Whole => OnHand + AtCustomers + InTransit;
}

/// What all of a product is worth, at cost.
public sealed record ProductWorth(Sku Sku, Money Value, Currency Currency);

/// A lot or serial number of a product.
public readonly record struct NamedLot(Sku Sku, LotCode Lot);

/// What a node has of a SKU.
public readonly record struct Availability(Sku Sku, NodeCode Node, Quantity OnHand, Quantity Sellable, Quantity Reserved)
{
    [NotAColumn]
    public Quantity Available => Sellable - Reserved;
}

/// What a channel may take of a SKU at a node now, what is available there, and what keeps the rest from it.
public readonly record struct ChannelOffer(Sku Sku, NodeCode Node, Quantity Available, Quantity Quantity, string? Kept);

/// When one line of a document that waits is served by what is to come.
public readonly record struct ExpectedLine(Guid Document, int Line, DateOnly? Day);

/// What is promised to one line of a document from one node.
public readonly record struct NodePromise(Guid Document, int Line, NodeCode Node, Sku Sku, Quantity Quantity);

/// One line of what leaves.
public readonly record struct IssueLine(int Line, Sku Sku, Quantity Quantity)
{
    /// The lot or serial number that must leave, where somebody named it; without it what was promised.
    public LotCode? Lot { get; init; }
}

/// Goods that leave a node for a customer: the paper that they leave on, the order that they were promised to, and the lines.
public sealed record IssueRequest(DocumentRef Document, DocumentRef Order, NodeCode Node, IReadOnlyList<IssueLine> Lines, ChannelCode Channel, Guid Partner, DeliveryTerm? DeliveryTerm = null);

/// What became of an issue: the value that left per line, or why it could not be done.
public sealed record Issued(DocumentRef Document, DocumentRef Order, IReadOnlyList<ValuedLine> Lines, Error? Refused)
{
    public static readonly Error NotPromised = new("stock.not-promised", "These goods are not promised to this order at this node. Reserve them first.");
    public static readonly Error LotNotThere = new("stock.lot-not-there", "The lot that was asked for is not there to be picked. Put it away, or promise another one.");
    public static readonly Error NotPickable = new("stock.not-pickable", "The goods are on hand, but not in a place to pick from. Put them away first.");
}

/// A bin from which a line is to be picked, how many, and of which lot where units are told apart.
public readonly record struct PickFrom(int Line, Sku Sku, LocationCode Location, Quantity Quantity, string Lot = "");

/// What was set aside for a document, in walking order, and what no bin has.
public sealed record Allocated(DocumentRef Document, NodeCode Node, IReadOnlyList<PickFrom> Picks, IReadOnlyList<IssueLine> Missing);

/// One line of what arrived, and what it cost as a whole.
public sealed record ReceiptLine(Sku Sku, Quantity Quantity, Money Value)
{
    /// Of goods that are told apart: the lot, or the serial numbers, separated by commas or lines; `A001..A012` counts up.
    public string? Lots { get; init; }

    /// When the lot expires; of a lot that is known already it may be left out.
    public DateOnly? ExpiresOn { get; init; }

    /// When it was made: goods with a shelf life expire so many days later.
    public DateOnly? MadeOn { get; init; }

    /// What it cost in another currency; the value is that at its rate.
    public ForeignMoney? Said { get; init; }
}

/// Goods that arrived at a place of a node; without a place they go to the node's stock.
public sealed record ReceiptRequest(NodeCode Node, IReadOnlyList<ReceiptLine> Lines, Guid? Supplier = null, string? Reference = null, LocationCode? Location = null);

/// One line of what came back: the order line that it was sold on, with what all of that line's goods had cost and how many they were,
/// and how many came back before, so that the parts add up to the whole.
public sealed record TakeBackLine(int Line, Sku Sku, Quantity Quantity, Quantity Issued, Money IssuedValue, Quantity ReturnedBefore);

/// Goods that a customer sent back.
public sealed record TakeBackRequest(NodeCode Node, DocumentRef Order, IReadOnlyList<TakeBackLine> Lines, ChannelCode Channel, Guid Partner, LocationCode? Location = null);

/// What somebody counted in a place.
public sealed record Count(LocationCode Location, Sku Sku, Quantity Counted, ReasonCode Reason, string? Note = null)
{
    /// Of which lot, or which serial number. Without it: the only one that lies there.
    public LotCode? Lot { get; init; }

    /// When a lot that nobody knew expires.
    public DateOnly? ExpiresOn { get; init; }

    /// So many of what lies there are no good and leave for the scrap heap; what was counted is not looked at.
    public Quantity? Scrapped { get; init; }

    /// Opening stock: what all that is said cost. The place must not hold the goods yet.
    public Money? Opening { get; init; }

    /// In which condition the counted units are.
    public GoodsCondition Condition { get; init; }

    /// Whose they are: the number of the partner with whom that was agreed, or `own`.
    public string Owner { get; init; } = PositionKey.Own;

    /// The package that they lie in; empty is what lies loose.
    public string Package { get; init; } = "";
}
