using Keel.Catalog.Contract;
using Keel.Partners.Contract;
using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;

namespace Keel.Sales;

/// The road of an order into the house: known or new, priced, taxed, checked, written, promised. A list goes the road together:
/// one round trip asks all desks, one writes and locks, one promises and commits.
internal sealed class Capturing(
    KeelDb db, StockDesk stock, CatalogDesk catalog, PricingDesk pricing, PartnersDesk partners, Settings settings, Policies policies, Promising promising, Routing routing, Paying paying, GivingCredit credit, CaseDesk cases, HearChannel hearing, RiskBook risks)
{
    public async Task<IReadOnlyList<CapturedOrder>> Capture(IReadOnlyList<NewOrder> orders, CancellationToken ct)
    {
        var skus = orders.SelectMany(o => o.Lines).Where(l => l.Sku is not null).Select(l => l.Sku!.Value).Distinct().ToArray();
        var (numbers, channels) = (orders.Select(o => o.Number).ToArray(), orders.Select(o => o.Channel).ToArray());
        var products = catalog.Ask(skus);
        var units = orders.Any(o => o.Lines.Any(l => l.Unit is not null)) ? catalog.AskUnits(skus) : null;
        var lots = stock.AskLots([.. orders.SelectMany(o => o.Lines).Select(l => l.Lot).OfType<LotCode>().Distinct()]);
        var before = db.Ask<Known>(
            $"""
            select o.channel, o.channel_number, o.id, o.number, o.status, o.ship_by, o.gross as total, o.currency, o.hold, o.channel_status, o.stated
            from sales.orders o join unnest({channels}, {numbers}) as k (channel, number) on o.channel = k.channel and o.channel_number = k.number
            where o.company_id = {db.Company}
            """);
        var matches = orders.All(o => o.Known is not null) ? null : partners.Ask([.. orders.Select(o => (o.Channel, o.Customer))]);
        var checks = await policies.Of<OrderChecks>(ct);
        var risk = await policies.Of<OrderRisk>(ct);
        var model = risk.Choice.ModelPoints > 0 ? await RiskModel.InForce(settings, ct) : null;
        var pasts = Pasts.Ask(db, orders, checks.Choice, risk.Choice);
        var prices = Checking.Wants(checks.Choice, CheckKind.BelowList) || orders.Any(o => o.Lines.Any(l => l.Price is null)) ? pricing.Ask(channels, skus) : null;
        var network = await Network.Of(settings, ct);
        var taxes = await pricing.Taxes(ct);
        var timing = await policies.Of<ReservationTiming>(ct);
        var terms = (await policies.Of<HeldOrders>(ct)).Choice;
        var kits = await KitBook.Of(settings, ct);
        var ground = await routing.Survey(
            [.. skus.Concat(skus.Where(kits.IsVirtual).SelectMany(kits.PartsOf).Select(p => p.Sku)).Distinct()],
            [.. channels.Where(network.Channels.ContainsKey).SelectMany(c => network.Channels[c].Nodes).Distinct()], [.. orders.Select(o => o.Hold).OfType<Guid>()], ct: ct);
        var promoted = orders.Where(o => o.MayBePromoted(network)).ToArray();
        var promotions = await pricing.Promotions(
            [.. promoted.Select(o => o.Channel).Distinct()], [.. promoted.SelectMany(o => o.NamedCoupons())], [.. promoted.Select(o => o.Customer?.Email).OfType<string>()], ct);

        Sku[] costed = Checking.Wants(checks.Choice, CheckKind.LowMargin) ? [.. skus.Concat(skus.Where(kits.IsVirtual).SelectMany(kits.PartsOf).Select(p => p.Sku)).Distinct()] : [];
        var costs = costed.Length == 0 ? null : UnitCost.Ask(db, costed);
        var words = orders.Any(o => o.Status is not null) ? await ChannelWords.Of(settings, ct) : new ChannelWords([]);
        await db.Flush(ct);
        // Customers with prices of their own pay those.
        var numbered = Enumerable.Range(0, orders.Count).Select(i => orders[i].Known?.AsBuyer() ?? (matches?.Value.Known(i) is { } match ? new Buyer(match.Number, match.Class) : null)).ToArray();
        if (prices is not null && await pricing.WithOwnLists(numbered.OfType<Buyer>(), ct) is { Count: > 0 } own)
        {
            prices = pricing.Ask(channels, skus, buyers: own);
            await db.Flush(ct);
        }

        var checking = new Checking(checks, prices?.Value, UnitCost.Read(costs, network.Company.Currency), network.Company.Currency, kits, pasts, products.Value);
        var scoring = new Scoring(risk, pasts, model, network);
        var known = before.Value.ToDictionary(k => (k.Channel, k.ChannelNumber));
        var drafting = new Drafting(db, network, taxes, products.Value, prices?.Value, units?.Value, kits, lots?.Value ?? new HashSet<NamedLot>(), promotions);
        var drafts = new Draft?[orders.Count];
        var answers = new CapturedOrder?[orders.Count];
        var first = new Dictionary<(ChannelCode, string), int>();
        var news = new List<(Id<Order>, NewOrder, long)>();
        var newest = Enumerable.Range(0, orders.Count).GroupBy(i => (orders[i].Channel, orders[i].Number)).ToDictionary(g => g.Key, g => g.MaxBy(i => orders[i].StatedAt ?? DateTimeOffset.MinValue));
        for (var i = 0; i < orders.Count; i++)
        {
            if (known.TryGetValue((orders[i].Channel, orders[i].Number), out var there))
            {
                answers[i] = there.AsDuplicate();
                if (there.IsNews(orders[i])) news.Add((there.Id, orders[i], Statement.PrintOf(orders[i])));
                continue;
            }

            // Of several statements of one new order the newest counts.
            if (newest[(orders[i].Channel, orders[i].Number)] != i) continue;
            first[(orders[i].Channel, orders[i].Number)] = i;
            var means = orders[i].Status is { } word ? words.Of(orders[i].Channel, word) : WordMeans.Take;
            if (means is WordMeans.Cancelled or WordMeans.Nothing)
            {
                answers[i] = CapturedOrder.No(orders[i].Number, means is WordMeans.Cancelled ? CancelledThere : NotForUs);
                continue;
            }

            var drafted = drafting.Draft(orders[i], numbered[i]);
            if (drafted.Error is { } wrong)
            {
                answers[i] = CapturedOrder.No(orders[i].Number, wrong);
                continue;
            }

            var draft = checking.Tidy(drafted.Value, network.Channels[orders[i].Channel]);
            var doubts = orders[i].IsAgain ? [] : checking.Of(i, orders[i], draft, network.Channels[orders[i].Channel]);
            var score = orders[i].IsAgain ? null : scoring.Of(i, orders[i], draft, network.Channels[orders[i].Channel]);
            drafts[i] = draft with
            {
                Doubts = doubts, Risk = score, Word = HoldOf(means),
                Hold = draft.Hold ?? HoldOf(means) ?? (score is { Effect: RiskEffect.Hold } ? Holds.Fraud : doubts is [{ Effect: CheckEffect.Hold } stops, ..] ? stops.Name : null),
            };
            pasts?.Saw(i, orders[i], draft);
        }

        await hearing.Hear(news, words, ct);
        await Accept(orders, drafts, answers, matches?.Value, products.Value, ground, timing.Choice, terms, checks.Version, risk.Version, ct);
        for (var i = 0; i < orders.Count; i++) answers[i] ??= answers[first[(orders[i].Channel, orders[i].Number)]]! with { Duplicate = true };
        return answers!;
    }

    public static readonly Error CancelledThere = new("order.cancelled-there", "The channel has cancelled it already. Nothing was taken.");
    public static readonly Error NotForUs = new("order.word-means-nothing", "The channel's word for its state means that there is nothing to do. Nothing was taken.");

    /// The queue of an order whose channel says that it is not to go on by itself.
    private static string? HoldOf(WordMeans? means) => means switch
    {
        null => Holds.UnknownStatus,
        WordMeans.Wait or WordMeans.CancelAsked => Holds.Pending,
        WordMeans.Shipped => Holds.ShippedElsewhere,
        _ => null,
    };

    private async Task Accept(
        IReadOnlyList<NewOrder> orders, Draft?[] drafts, CapturedOrder?[] answers, CustomerMatches? matches, IReadOnlyDictionary<Sku, ProductFacts> products, Ground ground, ReservationTiming timing, HeldOrders terms, int checkedBy, int scoredBy, CancellationToken ct)
    {
        var accepted = Enumerable.Range(0, drafts.Length).Where(i => drafts[i] is not null).ToArray();
        if (accepted.Length == 0) return;
        var network = ground.Network;
        var customers = matches is null ? [.. orders.Select(o => o.Known!)] : await partners.Resolve(matches, ct);
        var numbers = await db.Numbers.Take(db.Company, "SO", network.Day(db.Now).Year, accepted.Length, ct);
        foreach (var number in numbers) db.Work.Concerns(number);
        var written = new (Order Order, IReadOnlyList<OrderLine> Lines, Guid? Adopts, RoutedOrder? Routed)[accepted.Length];
        // The strongest claim is routed, and reserves, before the others that came with it.
        var inTurn = Enumerable.Range(0, accepted.Length).OrderBy(n => network.Channels[orders[accepted[n]].Channel].Priority).ThenBy(n => drafts[accepted[n]]!.PlacedAt).ToArray();
        var decided = await credit.Decide([.. inTurn.Select(n => (orders[accepted[n]], drafts[accepted[n]]!, customers[accepted[n]]))], network, ct);
        for (var turn = 0; turn < inTurn.Length; turn++) drafts[accepted[inTurn[turn]]] = drafts[accepted[inTurn[turn]]]!.Owed(decided[turn]);
        var (given, discounts) = (new List<GivenPromotions>(), new List<OrderDiscount>());
        foreach (var n in inTurn)
        {
            var i = accepted[n];
            var (order, lines) = OrderOf(orders[i], drafts[i]!, customers[i], numbers[n], network, timing);
            RoutedOrder? routed = null;
            if (Reserves(order, drafts[i]!)) (order, routed) = Routed(ground, order, orders[i], lines, products);
            foreach (var payment in orders[i].Payments ?? []) order = await paying.Record(order, payment.Kind, payment.Method, payment.Amount, payment.Reference, order.PlacedAt, ct);
            written[n] = (order, lines, orders[i].Hold, routed);
            db.Work.IsWorth(order.Gross);
            if (drafts[i]!.Discounts.Count == 0) continue;
            given.Add(new GivenPromotions(order.Ref, drafts[i]!.Basket!, drafts[i]!.Discounts));
            discounts.AddRange(drafts[i]!.Discounts.Select(d => new OrderDiscount(order.Id, d.Index + 1, d.Promotion, db.Company, d.Name, d.Coupon, d.Amount, order.Currency)));
        }

        db.Orders.Insert([.. written.Select(w => w.Order)]);
        db.OrderLines.Insert([.. written.SelectMany(w => w.Lines)]);
        if (discounts.Count > 0) db.Table<OrderDiscount>().Insert(discounts);
        pricing.Gave(given);
        db.Table<FoundDoubtful>().Insert([.. accepted.SelectMany((i, n) => drafts[i]!.Doubts.Select(d => new FoundDoubtful(written[n].Order.Id, d.Name, db.Company, d.Effect, d.Sentence, checkedBy, db.Now, db.Work.Operation, d.OtherOrder)))]);
        risks.Keep([.. accepted.Select((i, n) => (written[n].Order, drafts[i]!.Risk))], scoredBy);
        // Each doubt that stops it has its own queue; what stops it beside the first is looked at there.
        cases.Open([.. accepted.SelectMany((i, n) => drafts[i]!.Doubts.Where(d => d.Effect is CheckEffect.Hold).Select(d => (Holds.CaseOf(d.Name), written[n].Order.Ref, $"{written[n].Order.Number}: {d.Sentence}")))]);
        cases.Open([.. accepted.SelectMany((i, n) => drafts[i]!.Stops(written[n].Order.Number).Select(s => (Holds.CaseOf(s.Hold), written[n].Order.Ref, s.Sentence)))]);

        if (written.Where(w => w.Order.Hold is null).Select(w => new ConfirmedOrder(w.Order.Ref, w.Order.Channel, w.Order.PlacedAt)).ToArray() is { Length: > 0 } confirmed) db.Raise(new OrdersConfirmed(confirmed));

        if (timing.Plans) await promising.Plan([.. written.Where(w => w.Order.Status is OrderStatus.Confirmed).Select(w => (w.Order, w.Lines))], ct);
        var reserving = inTurn.Where(n => Reserves(written[n].Order, drafts[accepted[n]]!)).Select(n => written[n]).ToArray();
        var holds = (await promising.First(reserving, ct)).ToDictionary(h => h.Order.Id);
        for (var n = 0; n < accepted.Length; n++)
        {
            var answer = answers[accepted[n]] = holds.TryGetValue(written[n].Order.Id, out var held) ? Answer(held.Order, written[n].Lines, held.Hold) : Answer(written[n].Order, written[n].Lines, null);
            Tell(written[n].Order, written[n].Lines, products, network, answer.Status ?? written[n].Order.Status);
        }

        // What is stopped is promised goods at once only where its queue says so, and orders reserve as they come in. What looks risky never is.
        bool Reserves(Order order, Draft draft) => order.Status is OrderStatus.Reserved || order is { Status: OrderStatus.OnHold, Hold: { } hold } && draft.Risk is not { Effect: RiskEffect.Hold } && terms.Of(hold) is { ReservesAtOnce: true } && timing.When is ReserveWhen.AtOrder;
    }

    private void Tell(Order order, IReadOnlyList<OrderLine> lines, IReadOnlyDictionary<Sku, ProductFacts> products, Network network, OrderStatus status)
    {
        var skus = lines.Select(l => l.Sku).OfType<Sku>().Distinct().ToArray();
        db.Raise(new OrderPlaced(order.Ref, order.Channel, network.Channels[order.Channel].Kind, order.Country, order.Gross, order.LineCount, order.Units, skus, order.ShipBy, status)
        {
            Hold = order.Hold, IsPaid = order.Paid >= order.Gross, Categories = [.. skus.Select(s => products.GetValueOrDefault(s)?.Category).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
        });
        if (order.Hold is { } hold) db.Raise(new OrderHeld(order.Ref, order.Channel, order.Gross, hold, Holds.Sentence(order.Number, hold)));
    }

    /// Where an order goes to, and the days that follow from it: a promise of ours is the day on which the last of it leaves; what a channel demands stays as
    /// it is, and so does what the calendar promised on an earlier day, where the order comes in late.
    private static (Order, RoutedOrder?) Routed(Ground ground, Order order, NewOrder asked, IReadOnlyList<OrderLine> lines, IReadOnlyDictionary<Sku, ProductFacts> products)
    {
        var routed = RoutedOrder.Of(
            ground, ground.Network.Channels[order.Channel], new PostalAddressOf(order.Country, order.ShipTo?.PostalCode), order.Gross, asked.ShipBy, order.PlacedAt, Promising.Wanted(lines), products, asked.Hold);
        if (routed?.Route is not { IsComplete: true, ShipOn: { } ship } route) return (order, routed);
        return (order with { PlanShip = ship, DeliverBy = route.DeliverOn, ShipBy = asked.ShipBy ?? (ground.Network.Day(order.PlacedAt) < ground.Today ? order.ShipBy : ship) }, routed);
    }

    private (Order, IReadOnlyList<OrderLine>) OrderOf(NewOrder asked, Draft draft, Customer customer, string number, Network network, ReservationTiming timing)
    {
        var channel = network.Channels[asked.Channel];
        var id = db.NewId<Order>();
        var status = draft.Hold is not null ? OrderStatus.OnHold : timing.IsDue(IsPaid(asked) || draft.Taxed.Gross.IsZero, draft.ShipBy, network.Day(db.Now)) ? OrderStatus.Reserved : OrderStatus.Confirmed;
        DateTimeOffset? confirmed = draft.Hold is null ? db.Now : null;
        DateTimeOffset? reserved = status is OrderStatus.Reserved ? db.Now : null;
        var zero = Money.Zero(draft.Currency);
        var order = new Order(
            id, db.Company, number, asked.Channel, asked.Number, customer.Id.Value, asked.Customer?.Name ?? customer.Name, draft.ShipTo?.Country ?? customer.Country,
            status, draft.Hold, draft.PlacedAt, network.Day(draft.PlacedAt), draft.ShipBy, draft.Currency, draft.PricesIncludeTax, draft.Taxed.Net, draft.Taxed.Tax,
            draft.Taxed.Gross, draft.Taxed.Taxes, draft.ShipTo, channel.Priority, draft.Lines.Count, draft.Lines.Sum(Units),
            zero, zero, db.Now, confirmed, reserved, null, null, null, 1, db.Work.Operation, asked.DeliveryTerm)
        {
            HeldAt = draft.Hold is null ? null : db.Now, HeldIn = draft.Hold is null ? null : db.Work.Operation,
            ChannelStatus = asked.Status?.Trim(), StatedAt = asked.StatedAt, Stated = Statement.PrintOf(asked), OnAccount = draft.OnAccount,
            PurchaseOrder = NoteOrder.Text(asked.PurchaseOrder), PickerNote = NoteOrder.Text(asked.PickerNote), CustomerNote = NoteOrder.Text(asked.CustomerNote),
        };
        var lines = draft.Lines.Select((l, i) => new OrderLine(
            id, i + 1, db.Company, l.Kind, l.Sku, l.Description, l.Entered, l.Unit, l.Quantity, l.Price, draft.Currency, draft.Taxed.Lines[i].Category,
            draft.Taxed.Lines[i].Rate, draft.Taxed.Lines[i].Net, draft.Taxed.Lines[i].Tax, draft.Taxed.Lines[i].Gross, 0, 0, 0) { Lot = l.Lot, Discount = l.Discount }).ToArray();
        return (order, [.. lines, .. lines.SelectMany(l => draft.Lines[l.Line - 1].Parts.Select(p => (Kit: l, Part: p))).Select((c, i) => ComponentOf(c.Kit, lines.Length + i + 1, c.Part))]);
    }

    /// A component carries the goods of its kit and none of its money.
    internal static OrderLine ComponentOf(OrderLine kit, int number, KitPart part)
    {
        var (quantity, nothing) = (part.Quantity.Times(kit.Quantity), Money.Zero(kit.Currency));
        return new OrderLine(
            kit.OrderId, number, kit.CompanyId, LineKind.Goods, part.Sku, null, quantity, null, quantity, new UnitPrice(0, kit.Currency), kit.Currency, kit.TaxCategory, kit.TaxRate,
            nothing, nothing, nothing, 0, 0, 0, kit.Line, part.Quantity);
    }

    /// What of a line is goods: of a kit all that is in it.
    private static Quantity Units(DraftLine line) => line.Kind switch
    {
        LineKind.Goods => line.Quantity,
        LineKind.Kit => line.Parts.Sum(p => p.Quantity.Times(line.Quantity)),
        _ => 0,
    };

    private static bool IsPaid(NewOrder asked) => asked.Payments?.Any(p => p.Kind is PaymentKind.Captured or PaymentKind.Authorised) == true;

    /// What was promised and what is short, as the customer ordered it: of a kit so many kits.
    private static CapturedOrder Answer(Order order, IReadOnlyList<OrderLine> lines, Hold? hold)
    {
        var parts = lines.Where(l => !l.IsCustomers).ToDictionary(l => l.Line);
        var kits = lines.Where(l => l.Kind is LineKind.Kit).ToDictionary(l => l.Line);
        return new CapturedOrder(
            order.ChannelNumber, order.Id, order.Number, hold is { IsComplete: false } && order.Status is not OrderStatus.OnHold ? OrderStatus.Backordered : order.Status, false, order.ShipBy, order.Gross,
            [.. hold?.Reserved.Where(r => First(r.Line)).Select(r => new PromisedLine(Line(r.Line), r.Node, Kits(r.Line, r.Quantity))) ?? []],
            [.. hold?.Short.Where(s => First(s.Line)).Select(s => new ShortLine(Line(s.Line), kits.GetValueOrDefault(Line(s.Line))?.Sku ?? s.Sku, Kits(s.Line, s.Quantity),
                hold.Kept.Where(k => Line(k.Line) == Line(s.Line)).Select(k => $"{k.Why} at {k.Node}").FirstOrDefault())) ?? []], order.Hold, null);

        int Line(int line) => parts.TryGetValue(line, out var part) ? part.KitLine!.Value : line;
        bool First(int line) => !parts.TryGetValue(line, out var part) || parts.Values.Where(p => p.KitLine == part.KitLine).Min(p => p.Line) == line;
        Quantity Kits(int line, Quantity quantity) => parts.TryGetValue(line, out var part) ? new Quantity(quantity.Thousandths / part.Each!.Value.Thousandths * 1_000) : quantity;
    }

    private sealed record Known(ChannelCode Channel, string ChannelNumber, Id<Order> Id, string Number, OrderStatus Status, DateOnly ShipBy, Money Total, Currency Currency, string? Hold, string? ChannelStatus, long? Stated)
    {
        /// Whether a channel says more of it now than it did.
        public bool IsNews(NewOrder said) => said.Status is { } word && !string.Equals(word.Trim(), ChannelStatus, StringComparison.OrdinalIgnoreCase) || Stated is { } stated && stated != Statement.PrintOf(said);

        public CapturedOrder AsDuplicate() => new(ChannelNumber, Id, Number, Status, true, ShipBy, Total, [], [], Hold, null);
    }
}
