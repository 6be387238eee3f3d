using Keel.Stock.Contract;

namespace Keel.Stock;

/// Goods of which somebody knows when they may be promised.
internal readonly record struct Arrival(NodeCode Node, DateOnly Day, Quantity Quantity);

/// Demand that nothing is promised to: where it may be served from, by when it wants to be, and how strong its claim is.
internal readonly record struct Want(Guid Document, int Line, IReadOnlyList<NodeCode> Nodes, Quantity Quantity, int Rank, DateOnly? Due, DateTimeOffset Since)
{
    /// The channel that it is for, whose rings limit it.
    public string? Channel { get; init; }

    /// No order: nobody else's goods are promised to it, only our own.
    public bool IsOwnOnly { get; init; }
}

/// What keeps wants from goods that are there or come, such as rings of channels.
internal interface IWantLimits
{
    /// How many of what is left at a node on a day a want may take.
    Quantity Allows(in Want want, NodeCode node, DateOnly day, Quantity left);

    /// A want takes so many of what is left at a node on a day.
    void Takes(in Want want, NodeCode node, DateOnly day, Quantity left, Quantity quantity);
}

/// How a want is served by what is there and what is to come: the day of the last part, and none where it is never served in full.
internal sealed record Served(Want Want, IReadOnlyList<(NodeCode Node, DateOnly Day, Quantity Quantity)> Parts, Quantity Missing)
{
    public DateOnly? Day => Missing.IsPositive || Parts.Count == 0 ? null : Parts.Max(p => p.Day);
}

/// What one SKU has over time at its nodes: what is available now, what comes, and what is taken of it day by day. What can be promised for a day is the
/// least that is left on that day or any later one: nobody who was promised before is ever broken for it.
internal sealed class Outlook
{
    private readonly DateOnly today;
    private readonly Dictionary<NodeCode, SortedList<DateOnly, long>> changes = [];

    public Outlook(DateOnly today, IEnumerable<(NodeCode Node, Quantity Available)> now, IEnumerable<Arrival> arrivals)
    {
        this.today = today;
        foreach (var (node, available) in now) Change(node, today, available.Thousandths);
        foreach (var arrival in arrivals) Change(arrival.Node, arrival.Day < today ? today : arrival.Day, arrival.Quantity.Thousandths);
    }

    public IEnumerable<NodeCode> Nodes => changes.Keys;

    /// How many can be promised at a node for a day without breaking a promise that was made before.
    public Quantity At(NodeCode node, DateOnly day)
    {
        if (!changes.TryGetValue(node, out var own)) return 0;
        if (day < today) day = today;
        long held = 0, least = long.MaxValue;
        for (var i = 0; i < own.Count; i++)
        {
            // What is left on the last change before the day is what is left on the day.
            if (own.Keys[i] > day && held < least) least = held;
            held = checked(held + own.Values[i]);
        }

        return new Quantity(Math.Max(0, Math.Min(held, least)));
    }

    /// Takes so many off what is left from a day on.
    public void Take(NodeCode node, DateOnly day, Quantity quantity) => Change(node, day, -quantity.Thousandths);

    /// The days on which that changes, from today on.
    public IReadOnlyList<PromiseStep> Curve(NodeCode node, DateOnly until)
    {
        if (!changes.TryGetValue(node, out var own)) return [new PromiseStep(today, 0)];
        var held = new long[own.Count];
        for (var i = 0; i < own.Count; i++) held[i] = own.Values[i] + (i > 0 ? held[i - 1] : 0);
        for (var i = own.Count - 2; i >= 0; i--) held[i] = Math.Min(held[i], held[i + 1]);
        var steps = new List<PromiseStep>(own.Count + 1);
        if (own.Keys[0] > today) steps.Add(new PromiseStep(today, 0));
        for (var i = 0; i < own.Count && own.Keys[i] <= until; i++)
        {
            var quantity = new Quantity(Math.Max(0, held[i]));
            if (steps.Count == 0 || steps[^1].Quantity != quantity) steps.Add(new PromiseStep(own.Keys[i], quantity));
        }

        return steps;
    }

    /// Serves wants by what is left, the strongest claim first: by its day from the first node that has it then, and what is missing as soon as it comes.
    /// What one is served is taken from all that come after it.
    public IReadOnlyList<Served> Serve(IEnumerable<Want> wants, IWantLimits? limits = null) =>
        [.. wants.OrderBy(w => w.Rank).ThenBy(w => w.Due ?? DateOnly.MaxValue).ThenBy(w => w.Since).ThenBy(w => w.Document).ThenBy(w => w.Line).Select(w => Serve(w, limits))];

    private Served Serve(Want want, IWantLimits? limits)
    {
        var left = want.Quantity;
        var parts = new List<(NodeCode, DateOnly, Quantity)>();
        var due = want.Due is { } day && day > today ? day : today;
        Take(due);
        if (left.IsPositive)
        {
            foreach (var later in want.Nodes.SelectMany(DaysOf).Where(d => d > due).Distinct().Order().ToArray())
            {
                Take(later);
                if (left.IsZero) break;
            }
        }

        return new Served(want, parts, left);

        void Take(DateOnly on)
        {
            foreach (var node in want.Nodes)
            {
                var there = At(node, on);
                var free = there;
                if (limits is not null && there.IsPositive) there = limits.Allows(want, node, on, there);
                var taken = Quantity.Min(left, there);
                if (!taken.IsPositive) continue;
                limits?.Takes(want, node, on, free, taken);
                Change(node, on, -taken.Thousandths);
                parts.Add((node, on, taken));
                left -= taken;
            }
        }
    }

    private IEnumerable<DateOnly> DaysOf(NodeCode node) => changes.TryGetValue(node, out var own) ? own.Keys : [];

    private void Change(NodeCode node, DateOnly day, long by)
    {
        if (!changes.TryGetValue(node, out var own)) changes[node] = own = [];
        own[day] = checked(own.GetValueOrDefault(day) + by);
    }
}
