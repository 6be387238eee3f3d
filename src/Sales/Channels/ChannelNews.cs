using System.Security.Cryptography;
using System.Text;
using Keel.Kernel.Views;
using Keel.Ui;

namespace Keel.Sales;

/// What became of what a channel said.
public enum NewsOutcome
{
    /// The order follows it.
    [Shown(StateRole.Done, "Followed")]
    Followed,

    /// Somebody was asked to look.
    [Shown(StateRole.Held, "Somebody looks")]
    Asked,

    /// It changes nothing here.
    [Shown(StateRole.Idle, "Noted")]
    Noted,
}

/// A line as its channel stated it. Nothing personal.
internal sealed record StatedLine(string What, Quantity Quantity, decimal? Price);

/// What a channel said of an order that it had given us before. A fact: never changed.
[Rows("sales.channel_news", "order_id", "position")]
internal sealed record ChannelNews(
    Id<Order> OrderId, int Position, Id<Company> CompanyId, DateTimeOffset StatedAt, DateTimeOffset HeardAt, string? Status, WordMeans? Means, [property: Json] IReadOnlyList<string> Changes,
    [property: Json] IReadOnlyList<StatedLine> Stated, NewsOutcome Outcome, Guid Operation);

/// The finger print of what a channel states of an order, by which the same order delivered again is told from a changed one.
internal static class Statement
{
    public static long PrintOf(NewOrder order)
    {
        var text = new StringBuilder(400);
        foreach (var line in order.Lines) text.Append(line.Sku?.Text).Append('|').Append(line.Quantity.Thousandths).Append('|').Append(line.Unit).Append('|').Append(line.Price?.ToString()).Append('|').Append((int)line.Kind).Append('|').Append(line.Description).Append('|').Append(line.Lot?.Text).Append('\n');
        if ((order.ShipTo ?? order.Customer?.Address) is { } to) text.Append(to.Line1).Append('|').Append(to.Line2).Append('|').Append(to.PostalCode).Append('|').Append(to.City).Append('|').Append(to.Country);
        text.Append('\n').Append(order.ShipBy).Append('|').Append(order.Total?.Minor).Append('|').Append(order.ChargedTax?.Minor);
        return BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public static StatedLine[] LinesOf(NewOrder order) => [.. order.Lines.Select(l => new StatedLine(l.Sku?.Text ?? l.Description ?? l.Kind.Spoken, l.Quantity, l.Price is { } p ? p.Micros / 1_000_000m : null))];

    /// What is different, in words.
    public static IReadOnlyList<string> Changes(IReadOnlyList<StatedLine> before, IReadOnlyList<StatedLine> after)
    {
        var changes = new List<string>();
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            if (i >= after.Count) changes.Add($"line {i + 1}: {before[i].Quantity} × {before[i].What} is gone");
            else if (i >= before.Count) changes.Add($"line {i + 1}: {after[i].Quantity} × {after[i].What} is new");
            else if (before[i].What != after[i].What) changes.Add($"line {i + 1}: {before[i].Quantity} × {before[i].What} became {after[i].Quantity} × {after[i].What}");
            else if (before[i].Quantity != after[i].Quantity) changes.Add($"line {i + 1}: {before[i].Quantity} became {after[i].Quantity} × {after[i].What}");
            else if (before[i].Price is { } was && after[i].Price is { } now && was != now) changes.Add($"line {i + 1}: the price of {after[i].What} became another");
        }

        return changes.Count > 0 ? changes : ["the address, the day or the total became another"];
    }
}

/// Hears what channels say of orders that they gave us before: a newer state is followed, other content is looked at by somebody, what is older than what is known changes nothing.
internal sealed class HearChannel(KeelDb db, CaseDesk cases)
{
    public static readonly CaseKind UnknownWord = Kind("channel-word", "channel-manager", 4, Severity.High, "Say what the word means") with { Ways = [CaseWay.Go("Say what it means", "/channel-words", SalesPermissions.Channels), CancelOrders.WayOut] };
    public static readonly CaseKind CancelAsked = Kind("cancel-asked", "service", 4, Severity.High, "Cancel it, or tell the customer that it stays") with { Resolutions = [CaseKind.CalledOff, "stays", "duplicate"] };
    public static readonly CaseKind CancelledTooLate = Kind("cancelled-too-late", "service", 4, Severity.High, "Call the parcel back, or wait for the return") with { Resolutions = ["called-back", "comes-back", "customer-keeps-it", "duplicate"] };
    public static readonly CaseKind Changed = Kind("channel-changed", "operations", 4, Severity.High, "Compare, and change the order or tell the channel");
    public static readonly CaseKind ShippedThere = Kind("channel-shipped", "channel-manager", 8, Severity.Normal, "Cancel it where it left from elsewhere, or tell the channel");

    public static CaseKind[] Kinds => [UnknownWord, CancelAsked, CancelledTooLate, Changed, ShippedThere];

    private static CaseKind Kind(string name, string owner, int hours, Severity severity, string next) => new(name, owner, TimeSpan.FromHours(hours), severity)
    {
        Next = next, Supervisor = owner == "operations" ? "administrator" : "operations", Resolutions = ["settled", CaseKind.CalledOff, "duplicate"], Ways = [CancelOrders.WayOut],
    };

    private sealed record Before(Id<Order> OrderId, int Position, [property: Json] IReadOnlyList<StatedLine> Stated);

    private sealed record LineBefore(Id<Order> OrderId, int Line, string What, Quantity Quantity, decimal UnitPrice);

    public async Task Hear(IReadOnlyList<(Id<Order> Order, NewOrder Said, long Print)> all, ChannelWords words, CancellationToken ct)
    {
        if (all.Count == 0) return;
        var ids = all.Select(n => n.Order).Distinct().ToArray();
        var keys = ids.Select(i => i.Value).ToArray();
        var (rows, lines) = db.LockOrders(ids);
        var before = db.Ask<Before>($"select distinct on (order_id) order_id, position, stated from sales.channel_news where company_id = {db.Company} and order_id = any({keys}) order by order_id, position desc");
        await db.Flush(ct);
        var orders = rows.Value.ToDictionary(o => o.Id);
        var linesOf = lines.Value.Where(l => l.IsCustomers).ToLookup(l => l.OrderId);
        var last = before.Value.ToDictionary(b => b.OrderId);
        foreach (var (id, said, print) in all.OrderBy(n => n.Said.StatedAt ?? db.Now))
        {
            var (order, at) = (orders[id], said.StatedAt ?? db.Now);
            // What is older than what is known changes nothing; without a time it is taken as it comes.
            if (order.StatedAt is { } known && said.StatedAt < known) continue;
            var status = string.IsNullOrWhiteSpace(said.Status) ? null : said.Status.Trim();
            var isWord = status is not null && !string.Equals(status, order.ChannelStatus, StringComparison.OrdinalIgnoreCase);
            var isOther = order.Stated is { } stated && stated != print;
            if (!isWord && !isOther) continue;

            var means = isWord ? words.Of(order.Channel, status!) : null;
            var was = last.TryGetValue(id, out var b) ? b.Stated : [.. linesOf[id].OrderBy(l => l.Line).Select(l => new StatedLine(l.Sku?.Text ?? l.Description ?? l.Kind.Spoken, l.EnteredQuantity, null))];
            var now = Statement.LinesOf(said);
            IReadOnlyList<string> changes = isOther ? Statement.Changes(was, now) : [];
            var outcome = Follow(order, isWord ? status : null, means, changes);
            var news = new ChannelNews(id, (b?.Position ?? 0) + 1, db.Company, at, db.Now, status, means, changes, now, outcome, db.Work.Operation);
            db.Table<ChannelNews>().Insert(news);
            last[id] = new Before(id, news.Position, now);
            orders[id] = order with { ChannelStatus = status ?? order.ChannelStatus, StatedAt = said.StatedAt ?? order.StatedAt, Stated = print };
            db.Orders.Update([orders[id]], nameof(Order.ChannelStatus), nameof(Order.StatedAt), nameof(Order.Stated));
            db.Work.Concerns(order.Number);
        }
    }

    private NewsOutcome Follow(Order order, string? word, WordMeans? means, IReadOnlyList<string> changes)
    {
        var outcome = NewsOutcome.Noted;
        if (changes.Count > 0 && means is not (WordMeans.Cancelled or WordMeans.CancelAsked))
        {
            cases.Open(Changed, order.Ref, $"The channel states {order.Number} otherwise than before: {string.Join("; ", changes)}.");
            outcome = NewsOutcome.Asked;
        }

        if (word is null) return outcome;
        var waits = order is { Status: OrderStatus.OnHold, Hold: Holds.UnknownStatus or Holds.Pending or Holds.ShippedElsewhere };
        switch (means)
        {
            case null:
                cases.Open(UnknownWord, order.Ref, $"The channel says '{word}' of {order.Number}, and nobody gave that word a meaning.");
                return NewsOutcome.Asked;
            case WordMeans.CancelAsked:
                if (order.IsOpen) cases.Open(CancelAsked, order.Ref, $"The customer asks for the cancellation of {order.Number}, its channel says.");
                return order.IsOpen ? NewsOutcome.Asked : outcome;
            case WordMeans.Cancelled when order.Status is OrderStatus.Cancelled:
                return outcome;
            case WordMeans.Cancelled:
                db.Raise(new ChannelSaid(order.Id, WordMeans.Cancelled));
                return NewsOutcome.Followed;
            case WordMeans.Shipped when order.Status is not OrderStatus.Shipped && !waits:
                cases.Open(ShippedThere, order.Ref, $"The channel says that {order.Number} has left, and it has not left from here.");
                return NewsOutcome.Asked;
            case { } other when waits && other is not WordMeans.Nothing || other is WordMeans.Take && order.Status is OrderStatus.OnHold:
                db.Raise(new ChannelSaid(order.Id, other));
                return NewsOutcome.Followed;
            default:
                return outcome;
        }
    }
}
