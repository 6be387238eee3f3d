namespace Keel.Stock;

/// What places and sites lack or have too much of, by the rules of overflow, and what is free where it is to be taken from.
internal sealed class Overflowing(KeelDb db, Settings settings)
{
    /// Of one rule: what is there (of a site, what it can promise), what transfers bring, what is wanted, and how many can be had.
    public sealed record Proposal(OverflowRule Rule, string Name, Quantity There, Quantity Coming, Quantity Wanted, Quantity Quantity, bool Back)
    {
        /// Where the goods leave, and where they go.
        public string From => Back ? Rule.Where : Rule.Source;
        public string To => Back ? Rule.Source : Rule.Where;
        public NodeCode FromNode => Back ? Rule.Node : Rule.FromNode;
        public NodeCode ToNode => Back ? Rule.FromNode : Rule.Node;
    }

    private sealed record LevelRow(NodeCode Node, LocationCode Location, Sku Sku, string Lot, Quantity OnHand, Quantity Free, DateOnly? SellUntil);

    private sealed record At(Sku Sku, NodeCode Node, Quantity Quantity);

    private sealed record Named(Sku Sku, string Name);

    private Places places = Places.None;
    private ILookup<Sku, LevelRow> levels = Array.Empty<LevelRow>().ToLookup(l => l.Sku);

    /// What is to be done now. With `hold` the rules are locked first, so that nobody does it twice.
    public async Task<IReadOnlyList<Proposal>> Look(CancellationToken ct, bool hold = false)
    {
        places = await Places.Of(settings, ct);
        var columns = new SqlText.Verbatim(RowMap<OverflowRule>.Instance.Names);
        if (hold) db.Climb(Rung.Document);
        var rules = await db.Query<OverflowRule>($"select {columns} from stock.overflow_rule where company_id = {db.Company} order by id{new SqlText.Verbatim(hold ? " for update" : "")}", ct);
        if (rules.Count == 0) return [];
        var skus = rules.Select(r => r.Sku).Distinct().Order().ToArray();
        var lying = db.Ask<LevelRow>(
            $"""
            select node, location, sku, lot, on_hand, case when package = '' then on_hand - allocated else 0 end as free, sell_until
            from stock.level where company_id = {db.Company} and sku = any({skus}) and owner = {PositionKey.Own} and condition = 'Good' and on_hand > 0
            """);
        var positions = db.Ask<At>($"select sku, node, sellable - reserved as quantity from stock.position where company_id = {db.Company} and owner = {PositionKey.Own} and sku = any({skus})");
        var coming = db.Ask<At>(
            $"""
            select l.sku, t.to_node as node, sum(l.quantity - l.received - l.missing)::bigint as quantity from stock.transfer_line l join stock.transfer t on t.id = l.transfer_id
            where l.company_id = {db.Company} and l.sku = any({skus}) and l.owner = {PositionKey.Own} and l.quantity > l.received + l.missing and t.status in ('Requested', 'Approved', 'InTransit') group by l.sku, t.to_node
            """);
        var names = db.Ask<Named>($"select sku, name from catalog.pub_product where sku = any({skus})");
        await db.Flush(ct);
        levels = lying.Value.Where(l => !places.IsFrozen(l.Node, l.Location, l.Sku, l.Lot)).ToLookup(l => l.Sku);
        var (free, onWay) = (positions.Value.ToDictionary(p => (p.Sku, p.Node), p => p.Quantity), coming.Value.ToDictionary(c => (c.Sku, c.Node), c => c.Quantity));
        var name = names.Value.ToDictionary(n => n.Sku, n => n.Name);
        var taken = new Dictionary<(Sku, string), Quantity>();
        return [.. rules.Select(One).Where(p => p.Wanted.IsPositive)];

        Proposal One(OverflowRule rule)
        {
            var (there, came, freeThere, freeAtSource) = rule.IsOfPlace
                ? (Under(rule.Sku, rule.Place).Sum(l => l.OnHand), Quantity.Zero, Under(rule.Sku, rule.Place).Sum(l => l.Free), Under(rule.Sku, rule.FromPlace).Sum(l => l.Free))
                : (free.GetValueOrDefault((rule.Sku, rule.Node)), onWay.GetValueOrDefault((rule.Sku, rule.Node)), free.GetValueOrDefault((rule.Sku, rule.Node)), free.GetValueOrDefault((rule.Sku, rule.FromNode)));
            // Of one source every rule gets what those before it left.
            var (wanted, quantity, back) = rule.Need(there, came, freeThere, freeAtSource - taken.GetValueOrDefault((rule.Sku, rule.Source)));
            if (!back && quantity.IsPositive) taken[(rule.Sku, rule.Source)] = taken.GetValueOrDefault((rule.Sku, rule.Source)) + quantity;
            return new Proposal(rule, name.GetValueOrDefault(rule.Sku, rule.Sku.Text), there, came, wanted, quantity, back);
        }
    }

    /// The goods of proposals within a site, bin by bin as they are taken: what expires first, then as somebody walks.
    public IReadOnlyList<PutGoodsAway.Item> Items(IEnumerable<Proposal> proposals)
    {
        var gone = new Dictionary<LevelRow, Quantity>();
        var items = new List<PutGoodsAway.Item>();
        foreach (var proposal in proposals)
        {
            var left = proposal.Quantity;
            foreach (var level in Under(proposal.Rule.Sku, proposal.From).OrderBy(l => l.SellUntil ?? DateOnly.MaxValue).ThenBy(l => places.ByCode[l.Location].PickOrder).ThenBy(l => l.Location).ThenBy(l => l.Lot, StringComparer.Ordinal))
            {
                var quantity = Quantity.Min(left, level.Free - gone.GetValueOrDefault(level));
                if (!quantity.IsPositive) continue;
                gone[level] = gone.GetValueOrDefault(level) + quantity;
                items.Add(new PutGoodsAway.Item(level.Location, level.Sku, level.Lot.Length > 0 ? Code.Parse<LotCode>(level.Lot) : default(LotCode?), Quantity: quantity, To: Code.Parse<LocationCode>(proposal.To)));
                left -= quantity;
            }
        }

        return items;
    }

    private IEnumerable<LevelRow> Under(Sku sku, string place)
    {
        var codes = places.Under(Code.Parse<LocationCode>(place)).Select(l => l.Code).ToHashSet();
        return levels[sku].Where(l => codes.Contains(l.Location));
    }
}
