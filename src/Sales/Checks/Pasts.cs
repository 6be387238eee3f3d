using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// An order that came a moment ago: of the same customer or mailbox, or of others to the same address.
internal sealed record RecentOrder(int Index, Guid? Id, string Number, DateTimeOffset PlacedAt, Money Total, Currency Currency, bool IsTheirs, string Goods, string? PurchaseOrder = null);

/// What is known of the customer of an order.
internal sealed record Past(int Index, DateTimeOffset Since, string? Block, string? BlockedBy, long Orders, long? Usual, long Failed, long Shipped, long Returned);

/// What is known of the customers of some orders, and what they and their neighbours ordered a moment ago. All of it travels with the round trip of the capture; orders
/// of one list are each other's past in the order in which they stand.
internal sealed class Pasts
{
    /// How far back a repetition is looked for at most, in hours.
    public const int Longest = 720;

    private readonly Later<List<RecentOrder>> recent;
    private readonly Later<List<Past>> past;
    private readonly Later<List<UsualRow>> usual;
    private readonly Dictionary<int, List<RecentOrder>> inList = [];
    private readonly (string? Identity, string? Mailbox, string? Postal, string? Line1)[] keys;
    private ILookup<int, RecentOrder>? recentOf;
    private Dictionary<int, Past>? pastOf;

    private Pasts((string?, string?, string?, string?)[] keys, Later<List<RecentOrder>> recent, Later<List<Past>> past, Later<List<UsualRow>> usual) => (this.keys, this.recent, this.past, this.usual) = (keys, recent, past, usual);

    /// Asks, where a check or a rule wants to know; null where none does.
    public static Pasts? Ask(KeelDb db, IReadOnlyList<NewOrder> orders, OrderChecks checks, OrderRisk risk)
    {
        if (!risk.IsOn && !Checking.Wants(checks, CheckKind.Repeated) && !Checking.Wants(checks, CheckKind.PurchaseOrder) && !Checking.Wants(checks, CheckKind.BlockedCustomer)) return null;
        var hours = Math.Max(24, checks.Checks.Where(c => c.Check is CheckKind.Repeated or CheckKind.PurchaseOrder).Select(c => c.Hours ?? (c.Check is CheckKind.Repeated ? Checking.UsualHours : Longest)).DefaultIfEmpty(0).Max());
        var keys = orders.Select(o =>
        {
            var (identity, mailbox) = PartnersDesk.KnownAs(o.Channel, o.Customer);
            var to = o.ShipTo ?? o.Customer?.Address;
            return (identity, mailbox, to?.PostalCode, to?.Line1.Trim().ToLowerInvariant());
        }).ToArray();
        var asked = new SqlText(
            $"""
            (select * from unnest({Enumerable.Range(0, orders.Count).ToArray()}, {keys.Select(k => k.identity ?? "").ToArray()}, {keys.Select(k => k.mailbox ?? "").ToArray()},
              {keys.Select(k => k.PostalCode ?? "").ToArray()}, {keys.Select(k => k.Item4 ?? "").ToArray()}, {orders.Select(o => (o.PlacedAt ?? db.Now).ToUniversalTime()).ToArray()}, {orders.Select(o => o.Channel.Text).ToArray()}, {orders.Select(o => o.Known?.Id.Value ?? Guid.Empty).ToArray()})
              as a (i, identity, mailbox, postal, line1, placed, channel, known))
            """);
        var who = new SqlText(
            $"""
            (select a.i, a.placed, a.channel, k.id, k.created_at from {asked} a join partners.pub_known k on k.company_id = {db.Company} and k.identity = a.identity where a.identity <> ''
             union select a.i, a.placed, a.channel, k.id, k.created_at from {asked} a join partners.pub_known k on k.company_id = {db.Company} and k.mailbox = a.mailbox where a.mailbox <> ''
             union select a.i, a.placed, a.channel, k.id, k.created_at from {asked} a join partners.pub_known k on k.company_id = {db.Company} and k.id = a.known)
            """);
        return new Pasts(
            keys,
            db.Ask<RecentOrder>(
                $"""
                select r.i as index, r.id, r.number, r.placed_at, r.gross as total, r.currency, r.theirs as is_theirs,
                  coalesce((select string_agg(l.sku || ' ' || l.quantity, ',' order by l.sku, l.quantity) from sales.order_line l where l.order_id = r.id and l.kit_line is null and l.sku is not null), '') as goods, r.purchase_order
                from (
                  select w.i, o.id, o.number, o.placed_at, o.gross, o.currency, true as theirs, o.purchase_order from (select distinct i, placed, id from {who} w) w
                    cross join lateral (select * from sales.orders o where o.company_id = {db.Company} and o.customer_id = w.id order by o.id desc limit 100) o
                    where o.status <> 'Cancelled' and o.placed_at > w.placed - make_interval(hours => {hours}) and o.placed_at <= w.placed + interval '1 hour'
                  union all
                  select a.i, o.id, o.number, o.placed_at, o.gross, o.currency, false, o.purchase_order from {asked} a
                    cross join lateral (select * from sales.orders o where o.company_id = {db.Company} and o.ship_to ->> 'postalCode' = a.postal and o.placed_at > a.placed - interval '1 day' and o.placed_at <= a.placed + interval '1 hour'
                      and lower(o.ship_to ->> 'line1') = a.line1 order by o.placed_at desc limit 100) o
                    where a.postal <> '' and o.status <> 'Cancelled') r
                """),
            db.Ask<Past>(
                $"""
                select w.i as index, min(w.created_at) as since, max(b.reason) as block, max(b.owner) as blocked_by, coalesce(sum(h.orders), 0)::bigint as orders,
                  round(sum(h.gross) / nullif(sum(h.same), 0))::bigint as usual, coalesce(sum(h.failed), 0)::bigint as failed, coalesce(sum(h.shipped), 0)::bigint as shipped, coalesce(sum(h.returned), 0)::bigint as returned
                from {who} w left join partners.pub_block b on b.company_id = {db.Company} and b.partner_id = w.id left join kernel.channel c on c.company_id = {db.Company} and c.code = w.channel
                left join lateral (
                  select count(*) as orders, sum(o.gross) filter (where o.currency = c.currency) as gross, count(*) filter (where o.currency = c.currency) as same,
                    sum((select count(*) from sales.payment_intent i where i.order_id = o.id and i.status = 'Failed')) as failed,
                    sum((select sum(l.shipped) from sales.order_line l where l.order_id = o.id and l.kind = 'Goods')) as shipped,
                    sum((select sum(l.returned) from sales.order_line l where l.order_id = o.id and l.kind = 'Goods')) as returned
                  from (select * from sales.orders o where o.company_id = {db.Company} and o.customer_id = w.id and o.status <> 'Cancelled' order by o.id desc limit 50) o) h on true
                group by w.i
                """),
            db.Ask<UsualRow>(
                $"""
                select currency, (percentile_disc(0.5) within group (order by gross))::bigint as value from (
                  select currency, gross from sales.orders where company_id = {db.Company} order by placed_at desc, id desc limit 300) o
                group by currency having count(*) >= 20
                """));
    }

    /// The customer's past; null where nobody knows the customer.
    public Past? Of(int index) => (pastOf ??= past.Value.ToDictionary(p => p.Index)).GetValueOrDefault(index);

    /// What an order of this currency usually comes to; null where too few came.
    public long? UsualOf(Currency currency) => usual.Value.FirstOrDefault(u => u.Currency == currency)?.Value;

    /// Their orders of the time before this one was placed, the latest first.
    public IEnumerable<RecentOrder> Theirs(int index, DateTimeOffset placed, TimeSpan within) => Recent(index).Where(r => r.IsTheirs && r.PlacedAt > placed - within).OrderByDescending(r => r.PlacedAt);

    /// Orders of others to the same address within a day.
    public int Neighbours(int index)
    {
        var theirs = Recent(index).Where(r => r.IsTheirs).Select(r => r.Number).ToHashSet();
        return Recent(index).Where(r => !r.IsTheirs && !theirs.Contains(r.Number)).Select(r => r.Number).Distinct().Count();
    }

    /// An order of the list that was looked at: those behind it see it.
    public void Saw(int index, NewOrder order, Draft draft)
    {
        for (var i = index + 1; i < keys.Length; i++)
        {
            var (mine, its) = (keys[index], keys[i]);
            var isTheirs = mine.Identity is not null && mine.Identity == its.Identity || mine.Mailbox is not null && mine.Mailbox == its.Mailbox;
            var isNear = mine.Postal is not null && (mine.Postal, mine.Line1) == (its.Postal, its.Line1);
            if (!isTheirs && !isNear) continue;
            if (!inList.TryGetValue(i, out var seen)) inList[i] = seen = [];
            seen.Add(new RecentOrder(i, null, order.Number, draft.PlacedAt, draft.Taxed.Gross, draft.Currency, isTheirs, GoodsOf(draft), NoteOrder.Text(order.PurchaseOrder)));
        }
    }

    /// What is ordered, as one text: the same goods make the same.
    public static string GoodsOf(Draft draft) => string.Join(',', draft.Lines.Where(l => l.Sku is not null).OrderBy(l => l.Sku!.Value.Text, StringComparer.Ordinal).ThenBy(l => l.Quantity.Thousandths).Select(l => $"{l.Sku!.Value.Text} {l.Quantity.Thousandths}"));

    private IEnumerable<RecentOrder> Recent(int index) => (recentOf ??= recent.Value.ToLookup(r => r.Index))[index].Concat(inList.GetValueOrDefault(index) ?? []);

    private sealed record UsualRow(Currency Currency, long Value);
}
