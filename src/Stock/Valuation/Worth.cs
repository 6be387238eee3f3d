namespace Keel.Stock;

/// The value of one SKU in one transaction, behind the lock of its pool: the pool, and its layers where the method keeps them. The last unit takes the
/// last cent, of a pool as of a layer.
internal sealed class Worth(CostPool pool, IEnumerable<CostLayer> open)
{
    private readonly List<CostLayer> layers = [.. open.OrderBy(l => l.HappenedAt).ThenBy(l => l.Document.Number, StringComparer.Ordinal).ThenBy(l => l.Line).ThenBy(l => l.Id.Value)];
    private readonly HashSet<Id<CostLayer>> fresh = [];
    private readonly HashSet<Id<CostLayer>> changed = [];
    private readonly List<LayerTake> takes = [];
    private readonly (CostingMethod, decimal?, DateTimeOffset?) before = (pool.Method, pool.Standard, pool.BySiteSince);

    public CostPool Pool { get; private set; } = pool;
    public IReadOnlyList<CostLayer> Layers => layers;
    public IEnumerable<CostLayer> Fresh => layers.Where(l => fresh.Contains(l.Id));
    public IEnumerable<CostLayer> Changed => layers.Where(l => changed.Contains(l.Id) && !fresh.Contains(l.Id));
    public IReadOnlyList<LayerTake> Takes => takes;

    /// Whether the method, or what it goes by, is another one than before.
    public bool HasChangedMethod => (Pool.Method, Pool.Standard, Pool.BySiteSince) != before;

    /// Whether layers came from other pools.
    public bool HasAdopted { get; private set; }

    /// Goods come in at a value; without one they are worth what others of their kind are. Answers that value, and what of it the method does not
    /// value them at: by standard cost, what was paid beyond the standard.
    public (Money Value, Money Variance) Add(Quantity quantity, string lot, Money? value, Func<Quantity, Money, CostLayer> layer)
    {
        var none = Money.Zero(Pool.Currency);
        if (Pool.Method is CostingMethod.Standard)
        {
            var standard = Pool.Standard is null ? Pool with { Standard = UnitCost(quantity, value ?? none) } : Pool;
            var after = standard.Quantity + quantity;
            var worth = standard.AtStandard(after, standard.WrittenDown);
            var came = value ?? worth - Pool.Value;
            var variance = Pool.Value + came - worth;
            Pool = standard with { Quantity = after, Value = worth };
            return (came, variance);
        }

        var brought = value ?? Found(quantity, lot);
        if (Pool.KeepsLayers) Open(layer(quantity, brought));
        Pool = Pool with { Quantity = Pool.Quantity + quantity, Value = Pool.Value + brought };
        return (brought, none);
    }

    /// Goods leave: what they cost by the method.
    public Money Issue(Quantity quantity, string lot, Id<StockMove> move)
    {
        if (quantity > Pool.Quantity) throw new InvariantBroken($"The cost pool of {Pool.Sku} holds {Pool.Quantity}; {quantity} cannot leave it.");
        if (quantity.IsZero) return Money.Zero(Pool.Currency);
        var writtenDown = Pool.WrittenDown - Pool.WrittenDown.Share(quantity, Pool.Quantity);
        var left = Pool.Quantity - quantity;
        var cost = Pool.Method switch
        {
            CostingMethod.Fifo or CostingMethod.Lot => Take(quantity, lot, move),
            CostingMethod.Standard => left.IsZero ? Pool.Value : Pool.AtStandard(left, writtenDown) is var rest && rest > Pool.Value ? Money.Zero(Pool.Currency) : Pool.Value - rest,
            _ => Pool.Value.Share(quantity, Pool.Quantity),
        };
        Pool = Pool with { Quantity = left, Value = Pool.Value - cost, WrittenDown = writtenDown };
        return cost;
    }

    /// Goods leave for another pool of the company: what they cost here, what they are written down by, and which layers they were.
    public (Money Cost, Money WrittenDown, IReadOnlyList<(CostLayer Layer, LayerTake Take)> Of) Give(Quantity quantity, string lot, Id<StockMove> move)
    {
        var (down, before) = (Pool.WrittenDown, takes.Count);
        var cost = Issue(quantity, lot, move);
        return (cost, down - Pool.WrittenDown, [.. takes.Skip(before).Select(t => (layers.First(l => l.Id == t.LayerId), t))]);
    }

    /// Goods come from another pool of the company with what they cost there. Answers what of it the method does not value them at.
    public Money Get(Quantity quantity, Money cost, Money writtenDown, IReadOnlyList<CostLayer> of)
    {
        Pool = Pool with { WrittenDown = Pool.WrittenDown + writtenDown };
        if (!Pool.KeepsLayers) return Add(quantity, "", cost, (_, _) => throw new InvariantBroken($"{Pool.Sku} keeps no layers.")).Variance;
        foreach (var layer in of) Open(layer);
        Pool = Pool with { Quantity = Pool.Quantity + quantity, Value = Pool.Value + cost };
        return Money.Zero(Pool.Currency);
    }

    /// From now on the pool is the sum of those of the sites, from then on; or, without an instant, one that holds what they had.
    public void Become(DateTimeOffset? bySiteSince) => Pool = Pool with { BySiteSince = bySiteSince, Quantity = 0, Value = Money.Zero(Pool.Currency), WrittenDown = Money.Zero(Pool.Currency) };

    /// The pools of the sites come under a method, and this one, their sum, with them.
    public void Follow(CostingMethod method) => Pool = Pool with { Method = method };

    /// Begins with the standard of where its goods come from.
    public void Follow(decimal? standard)
    {
        if (Pool.Quantity.IsZero) Pool = Pool with { Standard = standard };
    }

    /// Whether goods that come without a value find here what others of their kind are worth.
    public bool Knows(string lot) => Pool.Method switch
    {
        CostingMethod.Standard => Pool.Standard is not null,
        CostingMethod.Lot => layers.Exists(l => l.Lot == lot && l.Open.IsPositive),
        _ => Pool.Quantity.IsPositive,
    };

    /// Begins with goods that were in the company's pool.
    public void Begin(Quantity quantity, Money value, Money writtenDown) => Pool = Pool with { Quantity = quantity, Value = value, WrittenDown = writtenDown };

    /// Takes the goods of a site's pool into this one, which is the company's, with their layers.
    public void Adopt(Worth other)
    {
        foreach (var layer in other.layers.Where(l => l.Open.IsPositive))
        {
            layers.Add(layer with { Node = "", Transfer = "" });
            changed.Add(layer.Id);
            HasAdopted = true;
        }

        Pool = Pool with { Quantity = Pool.Quantity + other.Pool.Quantity, Value = Pool.Value + other.Pool.Value, WrittenDown = Pool.WrittenDown + other.Pool.WrittenDown };
    }

    /// Nothing is left in any layer: others take their place.
    public void Close()
    {
        foreach (var old in layers.Where(l => l.Open.IsPositive).ToArray()) Set(old with { Open = 0, Value = Money.Zero(Pool.Currency) });
    }

    /// The value changes and no goods do: over all that is there by what it is worth, or over some layers by what is left in them. Never below nothing:
    /// answers what could be changed.
    public Money Change(Money by, IReadOnlyCollection<Id<CostLayer>>? only = null)
    {
        if (Pool.Quantity.IsZero) return Money.Zero(Pool.Currency);
        if (!Pool.KeepsLayers)
        {
            var done = -by > Pool.Value ? -Pool.Value : by;
            Pool = Pool with { Value = Pool.Value + done };
            return done;
        }

        var there = layers.Where(l => l.Open.IsPositive && (only is null || only.Contains(l.Id))).ToArray();
        if (there.Length == 0) return Money.Zero(Pool.Currency);
        var whole = there.Aggregate(Money.Zero(Pool.Currency), (sum, l) => sum + l.Value);
        var wanted = -by > whole ? -whole : by;
        // A reduction is shared by what there is to reduce, so that no layer goes below nothing.
        var byValue = !whole.IsZero && (only is null || wanted.IsNegative);
        foreach (var (layer, part) in there.Zip(wanted.Split([.. there.Select(l => byValue ? l.Value.Minor : l.Open.Thousandths)])))
        {
            if (!part.IsZero) Set(layer with { Value = layer.Value + part });
        }

        Pool = Pool with { Value = Pool.Value + wanted };
        return wanted;
    }

    /// Sets what one unit costs by the standard; answers by how much that changes the value.
    public Money SetStandard(decimal cost)
    {
        Pool = Pool with { Standard = cost };
        if (Pool.Method is not CostingMethod.Standard || Pool.Quantity.IsZero) return Money.Zero(Pool.Currency);
        var worth = Pool.AtStandard(Pool.Quantity, Pool.WrittenDown);
        var change = worth - Pool.Value;
        Pool = Pool with { Value = worth };
        return change;
    }

    /// Values what is there below its cost, or up to its cost again, and says by how much the value changed.
    public Money ValueAt(Money worth)
    {
        var ceiling = Pool.Value + Pool.WrittenDown;
        var change = (worth > ceiling ? ceiling : worth) - Pool.Value;
        change = Change(change);
        Pool = Pool with { WrittenDown = Pool.WrittenDown - change };
        return change;
    }

    /// Changes the method. What is there keeps its value, but for what a standard says. `lots` is what is there by lot, `layer` opens a layer of it.
    public Money Become(CostingMethod method, IReadOnlyList<(string Lot, Quantity Quantity)> lots, Func<string, Quantity, Money, CostLayer> layer)
    {
        if (method == Pool.Method) return Money.Zero(Pool.Currency);
        Close();
        Pool = Pool with { Method = method };
        if (Pool.Quantity.IsZero) return Money.Zero(Pool.Currency);
        if (method is CostingMethod.Standard) return SetStandard(Pool.Standard ?? UnitCost(Pool.Quantity, Pool.Value + Pool.WrittenDown));
        if (method is CostingMethod.Fifo) Open(layer("", Pool.Quantity, Pool.Value));
        if (method is CostingMethod.Lot)
        {
            foreach (var ((lot, quantity), value) in lots.Zip(Pool.Value.Split([.. lots.Select(l => l.Quantity.Thousandths)]))) Open(layer(lot, quantity, value));
        }

        return Money.Zero(Pool.Currency);
    }

    private Money Take(Quantity quantity, string lot, Id<StockMove> move)
    {
        var (left, cost) = (quantity, Money.Zero(Pool.Currency));
        for (var i = 0; i < layers.Count && left.IsPositive; i++)
        {
            var layer = layers[i];
            if (layer.Open.IsZero || (Pool.Method is CostingMethod.Lot && layer.Lot != lot)) continue;
            var taken = Quantity.Min(left, layer.Open);
            var value = layer.Value.Share(taken, layer.Open);
            Set(layer with { Open = layer.Open - taken, Value = layer.Value - value });
            takes.Add(new LayerTake(move, layer.Id, Pool.CompanyId, taken, value, Pool.Currency));
            left -= taken;
            cost += value;
        }

        return left.IsZero ? cost : throw new InvariantBroken($"The layers of {Pool.Sku} hold {quantity - left}; {quantity} cannot leave them.");
    }

    private Money Found(Quantity quantity, string lot)
    {
        if (Pool.Method is not CostingMethod.Lot) return Pool.AverageOf(quantity);
        var same = layers.Where(l => l.Lot == lot && l.Open.IsPositive).ToArray();
        return same.Length == 0 ? Pool.AverageOf(quantity)
            : same.Aggregate(Money.Zero(Pool.Currency), (sum, l) => sum + l.Value).Times(quantity.Units / same.Sum(l => l.Open).Units, Rounding.HalfEven);
    }

    /// What one costs, in the smallest unit of the currency and parts of it.
    public static decimal UnitCost(Quantity quantity, Money value) => Math.Round(value.Minor / quantity.Units, 6, MidpointRounding.ToEven);

    private void Open(CostLayer layer)
    {
        layers.Add(layer);
        fresh.Add(layer.Id);
    }

    private void Set(CostLayer layer)
    {
        layers[layers.FindIndex(l => l.Id == layer.Id)] = layer with { Spent = layer.Open.IsZero };
        changed.Add(layer.Id);
    }
}
