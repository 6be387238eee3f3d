namespace Keel.Stock;

/// The value of one SKU in one transaction, behind the lock of its pool: the pool, and its layers where the method keeps them. The last unit takes the
/// last cent, of a pool as of a layer.
internal sealed class Worth(CostPool pool, IEnumerable<CostLayer> open)
{
    private readonly List<CostLayer> layers = [.. open.OrderBy(l => l.HappenedAt).ThenBy(l => l.Document.Number, StringComparer.Ordinal).ThenBy(l => l.Line).ThenBy(l => l.Id.Value)];
    private readonly HashSet<Id<CostLayer>> fresh = [];
    private readonly HashSet<Id<CostLayer>> changed = [];
    private readonly List<LayerTake> takes = [];
    private readonly (CostingMethod, decimal?) before = (pool.Method, pool.Standard);

    public CostPool Pool { get; private set; } = pool;
    public IReadOnlyList<CostLayer> Layers => layers;
    public IEnumerable<CostLayer> Fresh => layers.Where(l => fresh.Contains(l.Id));
    public IEnumerable<CostLayer> Changed => layers.Where(l => changed.Contains(l.Id) && !fresh.Contains(l.Id));
    public IReadOnlyList<LayerTake> Takes => takes;

    /// Whether the method, or what it goes by, is another one than before.
    public bool HasChangedMethod => (Pool.Method, Pool.Standard) != before;

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
            CostingMethod.Standard => Pool.Value - (left.IsZero ? Money.Zero(Pool.Currency) : Pool.AtStandard(left, writtenDown)),
            _ => Pool.Value.Share(quantity, Pool.Quantity),
        };
        Pool = Pool with { Quantity = left, Value = Pool.Value - cost, WrittenDown = writtenDown };
        return cost;
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
        foreach (var old in layers.Where(l => l.Open.IsPositive).ToArray()) Set(old with { Open = 0, Value = Money.Zero(Pool.Currency) });
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

    private static decimal UnitCost(Quantity quantity, Money value) => Math.Round(value.Minor / quantity.Units, 6, MidpointRounding.ToEven);

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
