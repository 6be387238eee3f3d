using System.ComponentModel.DataAnnotations;
using Keel.Stock.Contract;

namespace Keel.Stock;

/// Offers goods again that are available to lines that wait for them, as if the goods had come in now: the strongest claim for them is served first, and
/// each document by its own rules. It promises nothing itself, so that nobody is passed over; a line that nothing is there for says what keeps it.
[Operation("stock.serve-waiting", StockPermissions.Reallocate, Said = "offered goods to {lines|a line} that waited", Icon = "clock")]
internal sealed class ServeWaiting(KeelDb db, Settings settings) : IOperation<ServeWaiting.Request, Saved[]>
{
    /// `Lines` are named as the list of who waits does: key/line.
    public sealed record Request([Required, MinLength(1), MaxLength(500)] IReadOnlyList<string> Lines);

    public static readonly Error NotWaiting = Error.NotFound("stock.serve-not-waiting", "This line does not wait any more. Load the page again.");
    public static readonly Error Later = new("stock.serve-later", "It asks for its goods later: they are set aside before its day.");
    public static readonly Error Nothing = new("stock.serve-nothing", "Nothing of it is available where it may come from. Buy, move goods or take over.");
    public static readonly Error Kept = new("stock.serve-kept", "What is available is kept from it. Change the ring first.");

    private sealed record Free(Sku Sku, NodeCode Node, string Owner, Quantity OnHand, Quantity Sellable, Quantity Reserved);

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var keys = request.Lines.Distinct().Select(l => (Text: l, Key: LineKey.Of(l))).ToArray();
        var named = keys.Where(k => k.Key is not null).Select(k => k.Key!.Value).ToArray();
        var waiting = (await db.Query<Waiting>(
            $"""
            {Waiting.Columns} w where w.company_id = {db.Company}{db.Work.Actor.Reach.And("w.node", "w.channel")}
              and (w.document_id, w.line) in (select k.id, k.line from unnest({named.Select(k => k.Document).ToArray()}, {named.Select(k => k.Line).ToArray()}) as k (id, line))
            """, ct)).ToDictionary(w => new LineKey(w.DocumentId, w.Line));
        var (skus, nodes) = (waiting.Values.Select(w => w.Sku).Distinct().ToArray(), waiting.Values.SelectMany(w => w.Nodes).Where(db.Work.Actor.Reach.Covers).Distinct().ToArray());
        var rows = await db.Query<Free>(
            $"select sku, node, owner, on_hand, sellable, reserved from stock.position where company_id = {db.Company} and sku = any({skus}) and node = any({nodes})", ct);
        var held = new Held(await Rings.Of(settings, ct));
        var (owners, today) = (await Owners.Of(settings, ct), (await Network.Of(settings, ct)).Day(db.Now));
        Position[] free = [.. rows.Select(r => new Position(new PositionKey(db.Company, r.Sku, r.Node, r.Owner), r.OnHand, r.Sellable, r.Reserved))];
        held.Ask(db, [.. free.Select(p => p.Key)]);
        await db.Flush(ct);

        var offered = new HashSet<(NodeCode Node, Sku Sku)>();
        Saved[] answers = [.. keys.Select(k => Offer(k.Text, k.Key is { } key ? waiting.GetValueOrDefault(key) : null))];
        foreach (var node in offered.GroupBy(o => o.Node).OrderBy(g => g.Key)) db.Raise(new StockArrived(node.Key, [.. node.Select(o => o.Sku).Order()]));
        return Saved.Answer(answers);

        Saved Offer(string key, Waiting? line)
        {
            if (line is null) return Saved.Refused(key, NotWaiting);
            var name = $"{line.DocumentNumber}: {line.Sku}";
            if (line.Planned) return Saved.Refused(name, Later);
            var there = free.Where(p => p.Key.Sku == line.Sku && line.Nodes.Contains(p.Key.Node) && owners.Promising(line.Sku, line.Kind, today).Contains(p.Key.Owner))
                .GroupBy(p => p.Key.Node).Select(g => OnOffer.Of(g)).Where(o => o.Available.IsPositive).Select(o => (o.Node, May: held.Allows(o, line.Channel, line.Kind))).ToArray();
            if (there.Length == 0) return Saved.Refused(name, Nothing.With($"No {line.Sku} is available at {string.Join(", ", line.Nodes.Where(db.Work.Actor.Reach.Covers))}. Buy, move goods or take over."));
            if (there.All(t => !t.May.Quantity.IsPositive)) return Saved.Refused(name, Kept.With($"What is available is kept from it: {string.Join("; ", there.Select(t => t.May.Kept).Distinct())}. Change the ring first."));
            db.Work.Concerns(line.DocumentNumber);
            foreach (var (node, may) in there.Where(t => t.May.Quantity.IsPositive)) offered.Add((node, line.Sku));
            return new Saved(name, SavedAs.Changed);
        }
    }
}
