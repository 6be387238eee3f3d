using Keel.Catalog.Contract;
using Keel.Kernel.Views;
using Keel.Messages.Contract;
using Keel.Partners.Contract;
using Keel.Printing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Sales;

/// Orders from capture to invoice. Asks Stock for goods; tells everyone what it sold.
public sealed class SalesModule : IModule
{
    private const string Open = SalesMeasures.Open;
    private const string InvoiceName = "series || case when number is null then ' for ' || coalesce(shipment_number, order_number) else '-' || lpad(number::text, 6, '0') end from sales.invoice";

    public void Describe(ModuleContents contents) => contents
        .Desk<OfferDesk>()
        .Desk(s => new SalesDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Settings>(), s.GetRequiredService<StockDesk>(), s.GetRequiredService<Policies>(), s.GetRequiredService<IntentDesk>()))
        .Numbered("order", "sales.orders").Numbered("invoice", "sales.invoice")
        .Stands("order", "sales.orders", channel: "channel", number: "number").Stands("invoice", "sales.invoice", site: "node", channel: "channel")
        .Stands("payment", "sales.payment", channel: "(select p.channel from sales.orders p where p.id = {row}.order_id)")
        .Related("select id, number::text from sales.invoice where company_id = @company and (order_id = any(@ids) or shipment_id = any(@ids))")
        .Related("select order_id as id, order_number as number from sales.invoice where company_id = @company and id = any(@ids)")
        .Related("select id, null::text as number from sales.payment where company_id = @company and order_id = any(@ids)")
        .Desk<Confirming>().Desk<Cancelling>().Desk<CheckingEdits>().Desk<RiskBook>()
        .Desk<Capturing>().Desk<CustomerCredit>().Desk<GivingCredit>().Desk<CustomerBook>().JoinsRecord<CustomerOnRecord>().Desk<Conceding>()
        .Desk<Promising>()
        .Desk<Routing>().Desk<Rerouting>().Desk<Refusing>().Desk(s => new RefusalDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Refusing>())).Desk<RouteTrial>().Desk<PromotionTrial>()
        .Desk<Paying>().Desk<PromisingPaid>().Desk<VoucherBook>().Policy<GiftCardRules>()
        .Operation<IssueGiftCard>().Operation<RedeemVoucher>().Operation<LookUpGiftCard>().Operation<RefundToStoreCredit>().Operation<CorrectStoreCredit>().Operation<ReplaceGiftCard>().Operation<BlockGiftCard>()
        .Operation<ExpireGiftCards>().Job<ExpireGiftCardsJob>(every: TimeSpan.FromMinutes(10))
        .View<VoucherList>().Numbered("voucher", "sales.voucher").Record("voucher", "/gift-cards/", SalesPermissions.Read, "number from sales.voucher")
        .Page<VouchersPage>("Gift cards", "Orders", "/gift-cards", SalesPermissions.Read)
        .Operation<SaveSubscription>().Operation<RunSubscriptions>().Operation<PauseSubscription>().Operation<ResumeSubscription>().Operation<SkipSubscription>().Operation<EndSubscription>()
        .Job<RunSubscriptionsJob>(every: TimeSpan.FromMinutes(5)).Case(RunSubscriptions.Refused).Desk<SubscriptionCard>().View<SubscriptionList>().Numbered(Subscription.RecordKind, "sales.subscription").Stands(Subscription.RecordKind, "sales.subscription", channel: "channel", number: "number")
        .Page<SubscriptionsPage>("Subscriptions", "Orders", "/subscriptions", SalesPermissions.Read).Record(Subscription.RecordKind, "/subscriptions/", SalesPermissions.Read, "number from sales.subscription").Begins("New subscription", "/subscriptions/new")
        .Desk<MakingDesk>().Policy<MadeToOrder>().View<MakingList>().Operation<TendMaking>().Job<TendMakingJob>(every: TimeSpan.FromMinutes(1)).Case(TendMaking.ForNothing).Page<MakingPage>("Made to order", "Orders", "/orders/making", SalesPermissions.Read)
        .Related("select supply_id as id, supply_number as number from sales.making where company_id = @company and order_id = any(@ids)")
        .Desk<CallingOff>().Operation<SaveBlanketOrder>().Operation<CallOffPart>().Operation<DropCallOff>().Operation<RetryCallOffs>().Operation<EndBlanketOrder>().Operation<RunCallOffs>().Job<RunCallOffsJob>(every: TimeSpan.FromMinutes(5)).Case(CallingOff.Refused)
        .Desk<BlanketCard>().View<BlanketList>().Numbered(BlanketOrder.RecordKind, "sales.blanket_order").Stands(BlanketOrder.RecordKind, "sales.blanket_order", channel: "channel", number: "number")
        .Page<BlanketsPage>("Blanket orders", "Orders", "/blanket-orders", SalesPermissions.Read).Record(BlanketOrder.RecordKind, "/blanket-orders/", SalesPermissions.Read, "number from sales.blanket_order").Begins("New blanket order", "/blanket-orders/new")
        .Related("select order_id as id, order_number as number from sales.call_off where company_id = @company and blanket_id = any(@ids) and order_id is not null")
        .Desk<Crediting>()
        .Desk<IntentDesk>().Desk<FollowGateway>().Policy<PaymentCapture>()
        .Case([FollowGateway.Refused, FollowGateway.Late, FollowGateway.Unexplained, FollowGateway.Ending])
        .Operation<SetPaymentGateway>().Operation<AuthorisePayments>().Operation<CapturePayments>().Operation<VoidPayments>().Operation<RefundPayments>().Operation<RetryPayments>()
        .Operation<BookGatewayAnswer>().Operation<BookGatewayLook>().Operation<TendPayments>().Job<TendPaymentsJob>(every: TimeSpan.FromSeconds(30))
        .Handles<AskGateway>().Handles<WritePaymentLink>().Operation<SendPaymentLinks>().Handles<GoOnPaid>().Handles<FollowOrders>()
        .View<GatewayList>().View<IntentList>().View<PaymentEventList>().Operation<ReceivePaymentEvent>()
        .Desk(s => new PaymentHookDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Gate>(), s.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(), s.GetRequiredService<TimeProvider>()))
        .Stands("payment-intent", "sales.payment_intent", channel: "(select p.channel from sales.orders p where p.id = {row}.order_id)")
        .Related("select id, null::text as number from sales.payment_intent where company_id = @company and order_id = any(@ids)")
        .Page<IntentsPage>("Payments", "Orders", "/payment-intents", SalesPermissions.Read).Page<PaymentEventsPage>("What gateways told", "Orders", "/payment-events", SalesPermissions.Read)
        .Page<GatewaysPage>("Payment gateways", "Settings/Company", "/payment-gateways", SalesPermissions.Gateways)
        .Case([Promising.Backordered, Promising.StockConflict, .. Holds.Kinds])
        .WaysOut(StockCases.Displaced, Promising.WaysOut).WaysOut(StockCases.SupplyLate, Promising.WaysOut).WaysOut(StockCases.TakenOver, Promising.WaysOut)
        .Operation<PlaceOrder>()
        .Operation<CaptureOrders>()
        .Operation<ConfirmOrders>()
        .Operation<ChangeOrder>().Desk<FloorDesk>().Foretells<ForetellChanges>()
        .Page<OrderStagesPage>("Edits and the floor", "Settings/Company", "/order-stages", SalesPermissions.Read)
        .Operation<SettleAddress>().Operation<ChangeAddress>().Desk<Resolving>().Operation<ResolveLines>()
        .Desk<LinkSeal>().Policy<CustomerLinks>().Desk(s => new CustomerLinkDesk(s.GetRequiredService<KeelDb>(), s.GetRequiredService<Gate>(), s.GetRequiredService<Settings>(), s.GetRequiredService<PartnersDesk>(), s.GetRequiredService<LinkSeal>(), s.GetRequiredService<TimeProvider>()))
        .Desk<Quoting>().Policy<QuoteRules>().Operation<SaveQuote>().Operation<SendQuotes>().Operation<AcceptQuote>().Operation<DeclineQuotes>().Operation<RenewQuotes>()
        .Operation<ExpireQuotes>().Job<ExpireQuotesJob>(every: TimeSpan.FromMinutes(10)).Handles<WriteQuote>().Mails(QuoteMails.Quote).Desk<IFillTemplate>(s => ActivatorUtilities.CreateInstance<FillQuoteMail>(s))
        .Desk<QuoteCard>().Paper<QuotePaper>().Page<QuotesPage>("Quotes", "Orders", "/quotes", SalesPermissions.Read).Record("quote", "/quotes/", SalesPermissions.Read, "number from sales.quote").Begins("New quote", "/quotes/new")
        .Depends("product", "select l.sku as key, 'quote ' || min(q.number) as what from sales.quote_line l join sales.quote q on q.id = l.quote_id where l.sku = any($2) group by l.sku")
        .Depends("partner", "select q.customer_id::text as key, 'quote ' || min(q.number) as what from sales.quote q where q.company_id = $1 and q.customer_id = any(select k::uuid from unnest($2::text[]) k where k ~ '^[0-9a-f]{8}-') group by q.customer_id")
        .Related("select order_id as id, order_number as number from sales.quote where company_id = @company and id = any(@ids) and order_id is not null")
        .View<QuoteList>().Numbered("quote", "sales.quote").Stands("quote", "sales.quote", channel: "channel", number: "number")
        .Operation<CheckCredit>().Job<CheckCreditJob>(every: TimeSpan.FromSeconds(30)).Operation<ReleaseOverLimit>().Policy<CreditRules>()
        .Operation<HoldOrders>()
        .Operation<AskCustomers>().Operation<ClearRisk>().Operation<RefuseRisk>().Operation<RecordRiskOutcomes>().Operation<TrainRisk>()
        .View<RiskList>().Desk<RiskRecord>()
        .Operation<ReserveOrders>().Operation<RouteOrders>().Operation<RefuseLines>().Operation<SetLanes>().Operation<DropLanes>().Operation<SetSiteTerms>()
        .View<RoutingSites>().View<LaneList>()
        .Desk<HearChannel>().Case(HearChannel.Kinds).Operation<SetChannelWords>().Operation<DropChannelWords>().Operation<FollowChannelWord>().Operation<TellCancelledLate>().Handles<FollowChannel>().Handles<CancelNext>().View<ChannelWordList>()
        .Page<ChannelWordsPage>("Words of channels", "Settings/Company", "/channel-words", SalesPermissions.Read).Page<HeldPage>("Stopped orders", "Orders", "/orders/held", SalesPermissions.Read).Page<TouchedPage>("What took a person", "Orders", "/orders/touched", SalesPermissions.Read)
        .Policy<OrderCosts>().Desk<OrderCostBook>().View<OrderResults>().Page<OrderResultsPage>("What orders bring", "Orders", "/orders/results", Viewer.SeeCost)
        .Policy<HeldOrders>().Operation<LetGoHeld>().Job<LetGoHeldJob>(every: TimeSpan.FromMinutes(5)).View<HeldQueues>().View<TouchedOrders>().View<ReshipmentList>().Operation<ReshipOrder>().Operation<NoteOrder>().Page<ReshipmentsPage>("Sent again", "Orders", "/orders/again", SalesPermissions.Read).View<HeldTogether>().View<OrdersWith>()
        .Operation<CancelOrders>()
        .Operation<RecordPayments>()
        .Operation<CreditOrders>()
        .Operation<BackorderDisplaced>()
        .Operation<ReserveWaiting>()
        .Operation<ReserveDue>().Job<ReserveDueJob>(every: TimeSpan.FromMinutes(5))
        .Operation<NumberInvoices>()
        .View<OrderList>()
        .View<InvoiceList>()
        .Desk<OrderCard>().Desk<InvoiceCard>().Desk<OrderSheet>()
        .Page<OrdersPage>("Orders", "Orders", "/orders", SalesPermissions.Read)
        .Page<OrderRiskPage>("Order risk", "Orders", "/order-risk", SalesPermissions.Read)
        .Page<RoutingPage>("Routing", "Orders", "/routing", SalesPermissions.Read).Begins("Try where an order goes", "/routing/try")
        .Begins("Try a promotion on past orders", "/promotions/trial")
        .Page<InvoicesPage>("Invoices", "Orders", "/invoices", SalesPermissions.Read)
        .Record("order", "/orders/", SalesPermissions.Read, "number from sales.orders")
        .Record("invoice", "/invoices/", SalesPermissions.Read, InvoiceName).Record("credit-note", "/invoices/", SalesPermissions.Read, InvoiceName)
        .Begins("New order", "/orders/new")
        .Depends("product", "select l.sku as key, 'order ' || min(o.number) as what from sales.order_line l join sales.orders o on o.id = l.order_id where l.sku = any($2) group by l.sku")
        .Depends("sold", "select l.sku as key, 'order ' || min(o.number) as what from sales.orders o join sales.order_line l on l.order_id = o.id where o.company_id = $1 and o.placed_at >= $3 and l.sku = any($2) group by l.sku")
        .Depends("partner", "select o.customer_id::text as key, 'order ' || min(o.number) as what from sales.orders o where o.company_id = $1 and o.customer_id = any(select k::uuid from unnest($2::text[]) k where k ~ '^[0-9a-f]{8}-') group by o.customer_id")
        .Facts<OrderFacts>().Finds<FindOrders>().Finds<FindInvoices>()
        .Tile<OrderList>("Late orders", SalesMeasures.Late, "/orders", StateRole.Late, "Ship them, or tell the customers", needs: SalesPermissions.Reserve)
        .Tile<OrderList>("To ship today", $"{Open}&f.ship-by=today", "/orders", StateRole.Ready, "See what holds them")
        .Tile<OrderList>("Stopped orders", "f.status=OnHold", "/orders", StateRole.Held, "Settle their doubts", needs: SalesPermissions.Hold)
        .Tile<OrderList>("Back-ordered", "f.status=Backordered", "/orders", StateRole.Waiting, "See what they wait for")
        .Tile<OrderList>("To release", "f.status=Reserved", "/orders", StateRole.Ready, "Give them to the floor", isStep: true, "warehouse.release")
        .Trigger<OrderPlaced>("order-placed", "An order was placed", o => o.Order, "{order.number} came from {channel} over {amount}")
        .Trigger<OrderHeld>("order-held", "An order was stopped", o => o.Order, "{order.number} over {amount} was stopped: {reason}")
        .Trigger<OrderChanged>("order-changed", "An order was changed", o => o.Order, "{order.number} was changed from {before} to {after}: {reason}")
        .Trigger<OrderCancelled>("order-cancelled", "An order was cancelled", o => o.Order, "{order.number} was cancelled: {reason}")
        .Trigger<PaymentRecorded>("payment-recorded", "Money moved for an order", p => p.Order, "{kind} {amount} by {method} for {order.number}")
        .Trigger<InvoiceIssued>("invoice-issued", "An invoice or credit note was issued", i => i.Document, "{gross} for {order.number}")
        .Desk<InvoiceSheets>().Paper<InvoicePaper>().Paper<CreditNotePaper>()
        .Handles<PrintIssued>()
        .Handles<FollowPromises>()
        .Desk<GuardProductMerges>().Desk<IProductMergeGuard>(s => s.GetRequiredService<GuardProductMerges>())
        .Handles<ForgetPerson>()
        .Retains<RetainedCustomers>("customers", "Customers who have not ordered since", leastMonths: 12)
        .Personal(
            new PersonalPart("orders", "Orders", "select number, channel, channel_number, status, placed_at, customer_name, ship_to::text as ship_to, purchase_order, picker_note, customer_note, currency, gross as gross_minor from sales.orders where company_id = @company and customer_id = @person order by placed_at"),
            new PersonalPart("order-lines", "What was ordered", "select o.number as order_number, l.line, l.sku, l.description, l.quantity / 1000.0 as quantity, l.gross as gross_minor, l.currency from sales.order_line l join sales.orders o on o.id = l.order_id where o.company_id = @company and o.customer_id = @person order by o.placed_at, l.line"),
            new PersonalPart("order-risk", "How risky orders looked", "select o.number as order_number, r.score, r.effect, r.reasons::text as reasons, r.at from sales.order_risk r join sales.orders o on o.id = r.order_id where o.company_id = @company and o.customer_id = @person order by r.at"),
            new PersonalPart("payments", "Payments", "select o.number as order_number, p.kind, p.method, p.amount as amount_minor, p.currency, p.reference, p.happened_at from sales.payment p join sales.orders o on o.id = p.order_id where o.company_id = @company and o.customer_id = @person order by p.happened_at"),
            new PersonalPart("store-credit", "Store credit", "select v.number, e.kind, e.amount as amount_minor, e.currency, e.reason, e.at from sales.voucher v join sales.voucher_entry e on e.voucher_id = v.id where v.company_id = @company and v.customer_id = @person order by e.at"),
            new PersonalPart("quotes", "Quotes", "select q.number, q.status, v.version, v.valid_until, v.purchase_order, v.notes, v.currency, v.gross as gross_minor, v.at from sales.quote q join sales.quote_version v on v.quote_id = q.id where q.company_id = @company and q.customer_id = @person order by v.at"),
            new PersonalPart("invoices", "Invoices and credit notes", "select series, i.number::text as number, is_credit, order_number, day, customer_name, currency, net as net_minor, tax as tax_minor, gross as gross_minor from sales.invoice i where company_id = @company and customer_id = @person order by day"))
        .Desk<GuardMerges>().Desk<IMergeGuard>(s => s.GetRequiredService<GuardMerges>())
        .Desk<IErasureGuard>(s => s.GetRequiredService<ForgetPerson>())
        .Domain(new DataDomain("return-reasons", "Return reasons", "Why goods come back and are credited, in words that everybody uses alike.") { Href = "/returns" })
        .Policy<CustomerMessages>()
        .Mails([.. OrderMails.Templates, OrderMails.PaymentLink, OrderMails.Question])
        .Desk<IFillTemplate>(s => ActivatorUtilities.CreateInstance<FillOrderMails>(s))
        .Handles<TellCustomers>().Handles<WriteToCustomer>().Handles<WriteQuestion>()
        .Operation<TellDelays>()
        .Job<TellDelaysJob>(every: TimeSpan.FromMinutes(10))
        .Policy<Sourcing>()
        .Policy<OrderChecks>().Policy<OrderRisk>()
        .Policy<ReservationTiming>()
        .Job<NumberInvoicesJob>(every: TimeSpan.FromSeconds(1))
        .Measure(SalesMeasures.All)
        .Checks(SalesProof.All);
}

/// Permissions of orders, invoices and payments.
public static class SalesPermissions
{
    public const string Read = "sales.read";
    public const string Capture = "sales.orders.capture";
    public const string Change = "sales.orders.change";
    public const string Confirm = "sales.orders.confirm";
    /// To let orders go on that their risk stopped, to refuse them as fraud and to say what orders turned out to be. Nobody has it for having all of Sales.
    public const string ClearRisk = "order-risk.clear";
    public const string Hold = "sales.orders.hold";
    public const string Reserve = "sales.orders.reserve";
    public const string Routing = "sales.routing";
    public const string Channels = "sales.channels";
    public const string Cancel = "sales.orders.cancel";
    public const string Payments = "sales.payments.record";
    /// To issue, replace and block gift cards, and to give and take store credit.
    public const string Vouchers = "sales.payments.vouchers";
    public const string Refund = "sales.payments.refund";

    /// Beside `sales.*` on purpose: it is trusting somebody with more than was agreed.
    public const string ReleaseCredit = "customer-credit.release";
    public const string Gateways = "payment-gateways.edit";
    public const string Invoice = "sales.invoices.number";
    public const string Quote = "sales.quotes.write";
    public const string Credit = "sales.invoices.credit";
}
