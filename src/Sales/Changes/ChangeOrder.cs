using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// Changes an order after it came in: quantities, prices, lines, the delivery charge and the address. What has left and is invoiced stays as it is; what the floor has begun is called
/// back where it carries goods that are not wanted as they were. Every edit is a version that stays.
[Operation("sales.change-order", SalesPermissions.Change, Said = "changed {order|an order}", Icon = "edit")]
internal sealed class ChangeOrder(
    KeelDb db, CatalogDesk catalog, PricingDesk pricing, PartnersDesk partners, Settings settings, StockDesk stock, Policies policies, Promising promising, FloorDesk floor, IntentDesk intents, CustomerCredit credit, CheckingEdits checking)
    : IOperation<ChangeOrder.Request, ChangeOrder.Answer>, IAssess<ChangeOrder.Request, ChangeOrder.Answer>
{
    /// `Version` is that of the order as the person saw it. Lines that are not named stay; a quantity of 0 cancels a line. `Delivery` is what delivery costs in all; without it, it stays.
    public sealed record Request(
        Id<Order> Order, int Version, [Required, MinLength(3), MaxLength(200)] string Reason, [MaxLength(1200)] IReadOnlyList<LineEdit>? Lines = null, [MaxLength(200)] IReadOnlyList<NewLine>? Added = null,
        UnitPrice? Delivery = null, PostalAddress? ShipTo = null);

    /// A line as it shall be: its quantity in all, with what has left of it, and its price, where that changes.
    public sealed record LineEdit(int Line, Quantity Quantity, UnitPrice? Price = null);

    /// What is ordered besides; without a price the list price holds.
    public sealed record NewLine(Sku Sku, [Positive] Quantity Quantity, UnitPrice? Price = null);

    /// `Sentences` say what followed: for the money, for the goods, and on the floor.
    public sealed record Answer(Id<Order> Order, string Number, OrderStatus Status, int Version, Money Total, Money Conceded, IReadOnlyList<string> Sentences);

    public static readonly Error OutOfDate = new("order.changed-meanwhile", "The order changed since you looked at it. Load the page again, look at what changed, and say it anew.");
    public static readonly Error Over = new("order.over", "The order is over: it has left, or was cancelled. Take a return, or place a new order.");
    public static readonly Error Nothing = new("order.nothing-changes", "Nothing would change. Enter another quantity, price, line or address.");
    public static readonly Error OverCredit = new("order.over-credit", "The customer would owe too much. Have something paid first, or place what is wanted besides as a new order, which finance can release.");
    public static readonly Error OnItsWay = new("order.on-its-way", "These goods are with the carrier or ordered from a supplier. What is with the carrier comes back as a return; a supplier is asked on the supplier order to cancel.");

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var (orders, rows) = db.LockOrders([request.Order]);
        await db.Flush(ct);
        if (orders.Value is not [var order]) return ChangeAddress.NotThere;
        if (order.Version != request.Version) return OutOfDate;
        if (!order.IsOpen) return Over.With($"{order.Number} is {order.Status.Spoken}: it is over. Take a return, or place a new order.");
        var works = (await floor.Of([order.Id.Value], ct))[order.Id.Value].ToArray();
        var isMoved = request.ShipTo is { } to && to != order.ShipTo;
        if (isMoved && StageRule.Of(works).Address is FloorEffect.Refused) return ChangeAddress.TooLate;
        if (isMoved && order.Status is OrderStatus.PartlyShipped) return ChangeAddress.TooLate;
        if (isMoved && request.ShipTo!.Country != order.Country) return ChangeAddress.OtherCountry.With($"{order.Number} was taxed for {order.Country}. Cancel it and take it in again for {request.ShipTo.Country}.");

        var network = await Network.Of(settings, ct);
        var channel = network.Channels[order.Channel];
        var (editing, customer, products) = await Editing(request, order, rows.Value, network, channel, ct);
        var edited = editing.Apply(request);
        if (!edited.Ok) return edited.Error!;
        var edit = edited.Value;
        var changes = isMoved ? [.. edit.Changes, new OrderChange(ChangeKind.Address, null, null, null, null)] : edit.Changes;
        if (changes.Count == 0) return Nothing;

        var calledBack = works.Where(w => w.Lines.Any(edit.Less.ContainsKey)).ToArray();
        if (calledBack.Any(w => StageRule.At(w.Stage).Less is FloorEffect.Refused)) return OnItsWay;
        if (await OverLimit(order, edit.Order.Gross - order.Gross, channel, ct) is { } over) return over;
        db.Work.Concerns(order.Number);
        db.Work.IsWorth(edit.Order.Gross);
        var after = Write(request, order, edit, isMoved, works, calledBack);
        var doubts = await checking.Find(order, rows.Value, after, edit.Lines, channel, customer, products, ct);
        after = await checking.Follow(await Promise(after, edit, calledBack, request.Reason, ct), doubts, ct);
        db.Table<OrderVersion>().Insert([new OrderVersion(order.Id, after.Version, db.Company, db.Now, db.Work.Actor.Name, request.Reason, changes, db.Work.Operation)]);
        db.Raise(new OrderChanged(order.Ref, order.Channel, order.Gross, after.Gross, request.Reason));
        return new Answer(order.Id, order.Number, after.Status, after.Version, after.Gross, edit.Conceded, [.. await Money(order, after, ct), .. Floor(calledBack), .. Doubts(order, after, doubts)]);
    }

    /// Whoever pays later owes more by it: the limit holds as it does for a new order.
    private async Task<Error?> OverLimit(Order order, Money more, Channel channel, CancellationToken ct)
    {
        var rules = (await policies.Of<CreditRules>(ct)).Choice;
        if (!order.OnAccount || order.Hold is Holds.Credit || more.Minor <= 0 || !rules.IsFor(channel)) return null;
        var standing = (await credit.Lock([order.CustomerId], ct))[order.CustomerId];
        return standing.Stops(more, rules) is { } why ? OverCredit.With($"{why} Have something paid first, or place what is wanted besides as a new order, which finance can release.") : null;
    }

    /// Out of the ordinary is `below-list`: a price under the one that was agreed, or under the list's for what is new. What a marketplace agreed is never changed.
    public Task<Effect> Assess(Request request, Answer answer, CancellationToken ct) => Task.FromResult(answer.Conceded.IsZero
        ? Effect.Nothing
        : new Effect(answer.Conceded, [], $"Changes {answer.Number} and leaves {answer.Conceded} of its prices to the customer.") { Exceptions = ["below-list"] });

    private async Task<(Editing, Buyer? Customer, IReadOnlyDictionary<Sku, ProductFacts>)> Editing(Request request, Order order, IReadOnlyList<OrderLine> lines, Network network, Channel channel, CancellationToken ct)
    {
        Sku[] added = [.. (request.Added ?? []).Select(a => a.Sku).Distinct()];
        var products = catalog.Ask([.. lines.Select(l => l.Sku).OfType<Sku>().Concat(added).Distinct()]);
        var customers = partners.AskById([new Id<Partner>(order.CustomerId)]);
        await db.Flush(ct);
        var customer = customers.Value.Values.FirstOrDefault()?.AsBuyer();
        var prices = added.Length == 0 ? null : pricing.Ask([order.Channel], added, network.Day(db.Now), customer is null ? null : [customer]);
        await db.Flush(ct);
        var terms = (await pricing.Taxes(ct)).Terms(new TaxSituation(network.Sites[channel.Nodes[0]].Country, order.Country, order.Day), order.Currency, order.GrossPrices);
        return (new Editing(order, lines, channel.IsMarketplace, terms, products.Value, prices?.Value, await KitBook.Of(settings, ct)) { Customer = customer }, customer, products.Value);
    }

    /// Writes the order and its lines as they are now. An order whose work is all called back is no more on the floor; one of which nothing is left to ship has shipped.
    private Order Write(Request request, Order order, Edited edit, bool isMoved, FloorWork[] works, FloorWork[] calledBack)
    {
        var after = edit.Order with { Version = order.Version + 1, ShipTo = isMoved ? request.ShipTo : order.ShipTo };
        if (order.Status is OrderStatus.Released && works.Length == calledBack.Length) after = after with { Status = OrderStatus.Reserved };
        if (order.Status is OrderStatus.PartlyShipped && edit.Lines.All(l => l.Open.IsZero)) after = after.To(OrderStatus.Shipped, db.Now);
        db.Orders.Update([after], nameof(Order.Net), nameof(Order.Tax), nameof(Order.Gross), nameof(Order.Taxes), nameof(Order.ShipTo), nameof(Order.LineCount), nameof(Order.Units), nameof(Order.Status), nameof(Order.ShippedAt), nameof(Order.Version));
        db.OrderLines.Update(edit.Changed, nameof(OrderLine.EnteredQuantity), nameof(OrderLine.EnteredUnit), nameof(OrderLine.Quantity), nameof(OrderLine.UnitPrice), nameof(OrderLine.TaxCategory), nameof(OrderLine.TaxRate),
            nameof(OrderLine.Net), nameof(OrderLine.Tax), nameof(OrderLine.Gross), nameof(OrderLine.Cancelled));
        db.OrderLines.Insert([.. edit.New]);
        if (calledBack.Length > 0) db.Raise(new WorkCalledBack(order.Ref, [.. calledBack.Select(w => w.Work.Id)], request.Reason));
        return after;
    }

    /// Gives back what is not wanted and promises what is new. Where bins were set aside, what is new is promised first: the order's own goods that come free are offered to it after the commit.
    private async Task<Order> Promise(Order order, Edited edit, FloorWork[] calledBack, string reason, CancellationToken ct)
    {
        int[] offFloor = [.. calledBack.SelectMany(w => w.Lines).Distinct()];
        if (calledBack.Length == 0 && edit.Less.Count > 0) await stock.Trim(order.Ref, edit.Less, offFloor, "order changed: " + reason, ct);
        if (order.Status is OrderStatus.Reserved or OrderStatus.Backordered or OrderStatus.Released or OrderStatus.PartlyShipped)
        {
            if (edit.Less.Count > 0 || edit.WantsMore) order = (await promising.Again([(order, [.. edit.Lines])], ct))[0];
        }
        else if (order.Status is OrderStatus.Confirmed && edit.WantsMore && (await policies.Of<ReservationTiming>(ct)).Choice.Plans) await promising.Plan([(order, edit.Lines)], ct);

        if (calledBack.Length > 0)
        {
            await stock.Trim(order.Ref, edit.Less, offFloor, "order changed: " + reason, ct);
            if (edit.WantsMore) db.Raise(new PromiseGained(order.Ref, DemandKind.Order));
        }

        // Which site sends how much follows what is promised; of an order of which something left, what it was routed to stays.
        if (order.Status is OrderStatus.Reserved or OrderStatus.Backordered && edit.Lines.All(l => l.Shipped.IsZero))
        {
            db.Queue($"delete from sales.route r where r.order_id = {order.Id} and not exists (select from stock.pub_reservation p where p.document_id = {order.Id} and p.node = r.node and p.open > 0)");
            db.Queue($"update sales.route r set units = p.units from (select node, sum(open)::bigint as units from stock.pub_reservation where document_id = {order.Id} and open > 0 group by node) p where r.order_id = {order.Id} and r.node = p.node");
            if (order.Status is OrderStatus.Reserved) db.Queue($"update sales.orders o set plan_ship = r.day from (select max(ship_on) as day from sales.route where order_id = {order.Id}) r where o.id = {order.Id} and r.day is not null");
        }

        return order;
    }

    /// What the change means for the order's money. What is paid too much is a deposit until somebody refunds it.
    private async Task<IReadOnlyList<string>> Money(Order before, Order after, CancellationToken ct)
    {
        if (after.Gross == before.Gross) return [];
        var total = $"The total is {after.Gross} instead of {before.Gross}.";
        if (after.Paid > after.Gross) return [total, $"{after.Paid - after.Gross} is paid too much: it stays as the customer's deposit until it is refunded."];
        var covered = (await PaymentGateways.Of(settings, ct)).Any ? (await intents.Behind([before.Id.Value], ct))[before.Id].Covered : after.Paid;
        return covered.IsZero || covered >= after.Gross ? [total] : [total, $"{covered} is paid or authorised; {after.Gross - covered} is still to be asked for."];
    }

    private static IEnumerable<string> Doubts(Order before, Order after, IReadOnlyList<Doubt> doubts) =>
        after.Status is OrderStatus.OnHold && before.Status is not OrderStatus.OnHold ? [.. doubts.Select(d => d.Sentence), "The order waits until somebody has looked."] : doubts.Select(d => d.Sentence);

    private static IEnumerable<string> Floor(FloorWork[] calledBack) => calledBack.Select(w => StageRule.At(w.Stage).Less is FloorEffect.PutsBack
        ? $"{w.Work.Number} is stopped: what was picked for it is put back, and the order is released anew."
        : $"{w.Work.Number} is called back from the floor: the order is released anew.");
}
