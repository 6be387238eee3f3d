using Keel.Kernel.Views;
using Keel.Sales.Contract;

namespace Keel.Sales;

/// Everything that an order's page shows, asked in one round trip.
internal sealed class OrderCard(KeelDb db, Viewer viewer, OrderCostBook costs)
{
    public sealed record LineRow(
        int Line, LineKind Kind, Sku? Sku, string Name, Quantity Quantity, UnitPrice UnitPrice, Currency Currency, Money Net, Money Tax, Money Gross,
        Quantity Shipped, Quantity Cancelled, Quantity Returned, int? KitLine, Quantity? Each, LotCode? Lot, Guid? LotId, Money Discount)
    {
        [NotAColumn]
        public Quantity Open => Quantity - Shipped - Cancelled;

        [NotAColumn]
        public bool IsGoods => Kind is LineKind.Goods or LineKind.Kit;

        /// What is in a kit, and not what the customer ordered.
        [NotAColumn]
        public bool IsPart => KitLine is not null;
    }

    public sealed record PromiseRow(int Line, NodeCode Node, Quantity Quantity, DateTimeOffset Since);

    public sealed record LeftRow(int Line, NodeCode Node);

    public sealed record InvoiceRow(
        Id<Invoice> Id, bool IsCredit, string Series, long? Number, Guid? ShipmentId, DateOnly Day, DateTimeOffset IssuedAt, Currency Currency, Money Gross)
    {
        [NotAColumn]
        public string Name => Invoice.NameOf(Series, Number);
    }

    public sealed record VoucherRow(Id<Voucher> Id, string Number, VoucherKind Kind, Money Paid, Money Back, Currency Currency, DateTimeOffset At);

    public sealed record EntryRow(Guid Id, string Journal, DateOnly Day, string DocumentNumber, string Sentence, Money Total, Currency Currency);

    public Order Order { get; private set; } = null!;

    /// What was doubtful about it when it came in, what stopped it first.
    public IReadOnlyList<FoundDoubtful> Doubts { get; private set; } = [];

    /// Its edits, the first one first.
    public IReadOnlyList<OrderVersion> Versions { get; private set; } = [];

    /// What promotions took off each line.
    public ILookup<int, OrderDiscount> Discounts { get; private set; } = Array.Empty<OrderDiscount>().ToLookup(d => d.Line);
    public IReadOnlyList<LineRow> Lines { get; private set; } = [];
    /// What it brings, for those who may see costs.
    public OrderResults.Row? Result { get; private set; }

    /// The orders that bring its goods again, or the one whose goods it brings.
    public IReadOnlyList<ReshipmentList.Row> Again { get; private set; } = [];

    /// What its channel said of it after it came in, the newest first.
    public IReadOnlyList<ChannelNews> News { get; private set; } = [];
    public ILookup<int, PromiseRow> Promises { get; private set; } = Array.Empty<PromiseRow>().ToLookup(p => p.Line);

    /// Where the goods of a line left from.
    public ILookup<int, LeftRow> LeftFrom { get; private set; } = Array.Empty<LeftRow>().ToLookup(p => p.Line);
    public IReadOnlyList<Decision> Decisions { get; private set; } = [];
    public IReadOnlyList<InvoiceRow> Invoices { get; private set; } = [];
    public IReadOnlyList<Payment> Payments { get; private set; } = [];
    public IReadOnlyList<VoucherRow> Vouchers { get; private set; } = [];
    public IReadOnlyList<PaymentIntent> Intents { get; private set; } = [];

    /// Whether the company has a gateway through which an order can be paid.
    public bool HasGateways { get; private set; }
    public IReadOnlyList<EntryRow> Entries { get; private set; } = [];
    public IReadOnlyList<Case> Cases { get; private set; } = [];
    public int Moves { get; private set; }

    /// What credit notes took back: it is not owed any more.
    public Money Credited => Invoices.Where(i => i.IsCredit).Aggregate(Money.Zero(Order.Currency), (sum, i) => i.Gross.IsNegative ? sum - i.Gross : sum + i.Gross);

    /// What is promised to a line that is still open.
    public Quantity Promised(LineRow line) => line.Kind is LineKind.Kit
        ? new(Lines.Where(l => l.KitLine == line.Line).Select(l => Promised(l).Thousandths / l.Each!.Value.Thousandths * 1_000).DefaultIfEmpty(0).Min())
        : Promises[line.Line].Sum(p => p.Quantity);

    /// What the customer ordered.
    public int Ordered => Lines.Count(l => !l.IsPart);

    /// Asks for everything, and takes along what others ask about the order. False where there is no such order.
    public async Task<bool> Load(Id<Order> id, Action<DocumentRef> others, CancellationToken ct = default)
    {
        if (viewer.May(Viewer.SeeCost)) await costs.Read(ct);
        var orders = db.Ask<Order>($"{SalesTables.OrderColumns} where company_id = {db.Company} and id = {id}");
        var result = viewer.May(Viewer.SeeCost) ? db.Ask<OrderResults.Row>(new OrderResults(db, costs).Rows(new OrderResults.Args(id.Value))) : null;
        var again = db.Ask<ReshipmentList.Row>(new ReshipmentList(db).Rows(new ReshipmentList.Args(id.Value)));
        var lines = db.Ask<LineRow>(
            $"""
            select l.line, l.kind, l.sku, coalesce(p.name, l.description, l.kind) as name, l.quantity, l.unit_price, l.currency, l.net, l.tax, l.gross, l.shipped, l.cancelled, l.returned, l.kit_line, l.each, l.lot, t.id as lot_id, l.discount
            from sales.order_line l left join catalog.pub_product p on p.sku = l.sku left join stock.pub_lot t on t.company_id = l.company_id and t.sku = l.sku and t.code = l.lot where l.company_id = {db.Company} and l.order_id = {id} order by coalesce(l.kit_line, l.line), l.line
            """);
        var promises = db.Ask<PromiseRow>(
            $"""
            select line, node, sum(open)::bigint as quantity, min(taken_at) as since from stock.pub_reservation
            where company_id = {db.Company} and document_id = {id} and open > 0 group by line, node order by line, node
            """);
        var discounts = db.Ask<OrderDiscount>($"{DiscountColumns} where company_id = {db.Company} and order_id = {id} order by line, promotion");
        var doubts = db.Ask<FoundDoubtful>($"{DoubtColumns} where company_id = {db.Company} and order_id = {id} order by effect, name");
        var news = db.Ask<ChannelNews>($"select {new SqlText.Verbatim(RowMap<ChannelNews>.Instance.Names)} from sales.channel_news where company_id = {db.Company} and order_id = {id} order by position desc limit 50");
        var versions = db.Ask<OrderVersion>($"{VersionColumns} where company_id = {db.Company} and order_id = {id} order by version");
        var decisions = db.Ask<Decision>($"{DecisionColumns} where company_id = {db.Company} and subject_id = {id} order by at desc limit 20");
        var invoices = db.Ask<InvoiceRow>(
            $"select id, is_credit, series, number, shipment_id, day, issued_at, currency, gross from sales.invoice where company_id = {db.Company} and order_id = {id} order by id");
        var left = db.Ask<LeftRow>(
            $"""
            select distinct l.order_line as line, i.node from sales.invoice i join sales.invoice_line l on l.invoice_id = i.id
            where i.company_id = {db.Company} and i.order_id = {id} and not i.is_credit and l.sku is not null order by line, i.node
            """);
        var payments = db.Ask<Payment>($"{PaymentColumns} where company_id = {db.Company} and order_id = {id} order by happened_at, id");
        var intents = db.Ask<PaymentIntent>($"{IntentDesk.IntentColumns} where company_id = {db.Company} and order_id = {id} order by id");
        var vouchers = db.Ask<VoucherRow>(
            $"""
            select v.id, v.number, v.kind, coalesce(-sum(e.amount) filter (where e.amount < 0), 0)::bigint as paid, coalesce(sum(e.amount) filter (where e.amount > 0), 0)::bigint as back, v.currency, max(e.at) as at
            from sales.voucher_entry e join sales.voucher v on v.id = e.voucher_id where e.company_id = {db.Company} and e.order_id = {id} group by v.id order by v.id
            """);
        var gateways = db.Ask<long, long>($"select count(*) from sales.payment_gateway where company_id = {db.Company} and is_active", rows => rows[0]);
        var cases = db.Ask<Case>($"{CaseColumns} where company_id = {db.Company} and subject_id = {id} order by opened_at");
        var (entries, moves) = AskBooks(id);
        others(new DocumentRef("order", id.Value, ""));
        await db.Flush(ct);

        if (orders.Value is not [var order]) return false;
        (Order, Lines, Decisions, Invoices) = (order, lines.Value, decisions.Value, invoices.Value);
        (Payments, Cases, Entries, Moves) = (payments.Value, cases.Value, entries.Value, (int)moves.Value);
        (Intents, HasGateways, Vouchers) = (intents.Value, gateways.Value > 0, vouchers.Value);
        Promises = promises.Value.ToLookup(p => p.Line);
        (Doubts, News, Result, Again) = (doubts.Value, news.Value, result?.Value.FirstOrDefault(), again.Value);
        Versions = versions.Value;
        Discounts = discounts.Value.ToLookup(d => d.Line);
        LeftFrom = left.Value.ToLookup(p => p.Line);
        return true;
    }

    /// What both books say: the papers of an order are its invoices, the shipments that they are for, and its payments.
    private (Later<List<EntryRow>> Entries, Later<long> Moves) AskBooks(Id<Order> id) => (
        db.Ask<EntryRow>(
            $"""
            select id, journal, day, document_number, sentence, total, currency from ledger.pub_entry where company_id = {db.Company} and document_id in (
              select id from sales.invoice where order_id = {id} union all
              select shipment_id from sales.invoice where order_id = {id} and shipment_id is not null union all
              select id from sales.payment where order_id = {id})
            order by day, id limit 200
            """),
        db.Ask<long, long>(
            $"""
            select count(*) from stock.pub_move where company_id = {db.Company}
              and document_id in (select shipment_id from sales.invoice where order_id = {id} and shipment_id is not null)
            """, rows => rows[0]));

    private static readonly SqlText.Verbatim DiscountColumns = new($"select {RowMap<OrderDiscount>.Instance.Names} from sales.order_discount");
    private static readonly SqlText.Verbatim VersionColumns = new($"select {RowMap<OrderVersion>.Instance.Names} from sales.order_version");
    private static readonly SqlText.Verbatim DoubtColumns = new($"select {RowMap<FoundDoubtful>.Instance.Names} from sales.order_check");
    private static readonly SqlText.Verbatim DecisionColumns = new($"select {RowMap<Decision>.Instance.Names} from kernel.decision");
    private static readonly SqlText.Verbatim PaymentColumns = new($"select {RowMap<Payment>.Instance.Names} from sales.payment");
    private static readonly SqlText.Verbatim CaseColumns = new($"select {RowMap<Case>.Instance.Names} from kernel.work_case");
}
