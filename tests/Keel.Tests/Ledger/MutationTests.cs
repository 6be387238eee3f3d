using Keel.Accounting;
using Keel.Kernel;
using Keel.Ledger;
using Keel.Partners.Customers;
using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Stock;
using Keel.Tests.Catalog;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ledger;

/// Every counter and every row that the proof recomputes is spoilt in turn, and each time the check that is for it says so.
public class MutationTests
{
    private static readonly (string Check, string Table, string Spoil)[] Mutations =
    [
        ("stock.levels", "stock.level", "update stock.level set on_hand = on_hand + 1000 where on_hand > 0"),
        ("stock.levels", "stock.move", "update stock.move set quantity = quantity + 1 where document_kind = 'receipt'"),
        ("stock.levels", "stock.move", "delete from stock.move where document_kind = 'shipment'"),
        ("stock.positions", "stock.position", "update stock.position set on_hand = on_hand + 1000 where on_hand > 0"),
        ("stock.positions", "stock.position", "update stock.position set sellable = sellable - 1 where sellable > reserved"),
        ("stock.positions", "stock.level", "delete from stock.level where on_hand > 0"),
        ("stock.withheld", "stock.withheld", "update stock.withheld set quantity = quantity + 1000"),
        ("stock.reserved", "stock.position", "update stock.position set reserved = reserved - 1 where reserved > 0"),
        ("stock.reserved", "stock.reservation", "delete from stock.reservation where open > 0"),
        ("stock.reservations", "stock.reservation", "update stock.reservation set taken = taken + 1"),
        ("stock.reservations", "stock.reservation", "update stock.reservation set open = open - 1 where open > 1"),
        ("stock.reservations", "stock.reservation_step", "delete from stock.reservation_step where kind = 'Consumed'"),
        ("stock.reservations", "stock.reservation_step", "update stock.reservation_step set quantity = quantity + 1"),
        ("stock.allocated", "stock.level", "update stock.level set allocated = allocated - 1 where allocated > 0"),
        ("stock.allocated", "stock.allocation", "delete from stock.allocation where open > 0"),
        ("stock.promised-lots", "stock.reservation", "update stock.reservation r set lot = 'NOBODY' where open > 0 and exists (select from stock.allocation a where a.document_id = r.document_id and a.line = r.line and a.open > 0)"),
        ("stock.promised-lots", "stock.transfer_line", "update stock.transfer_line set lot = 'NOBODY' where shipped > 0"),
        ("stock.pools", "stock.cost_pool", "update stock.cost_pool set value = value + 1 where quantity > 0"),
        ("stock.pools", "stock.cost_pool", "update stock.cost_pool set quantity = quantity + 1"),
        ("stock.pools", "stock.move", "update stock.move set value = value - 1 where value < 0"),
        ("stock.pool-quantity", "stock.cost_pool", "update stock.cost_pool set quantity = quantity + 1000"),
        ("stock.pool-quantity", "stock.transfer_line", "update stock.transfer_line set missing = missing + 1000 where shipped > received + missing"),
        ("stock.transit", "stock.transfer_line", "update stock.transfer_line set received = received - 1 where received > 0"),
        ("stock.transit", "stock.move", "delete from stock.move where to_location = 'TRANSIT'"),
        ("stock.transfers", "stock.transfer_line", "update stock.transfer_line set shipped = shipped - 1, received = received - 1 where received > 0"),
        ("stock.transfers", "stock.transfer", "update stock.transfer set status = 'Received'"),
        ("stock.transfers", "stock.transfer_line", "update stock.transfer_line set owner = 'NOBODY' where shipped > 0"),
        ("stock.supplies", "stock.supply", "update stock.supply set open = open - 1000 where open > 0"),
        ("stock.supplies", "stock.supply_step", "delete from stock.supply_step where kind = 'Received'"),
        ("sales.waiting-is-open", "stock.waiting", "update stock.waiting set quantity = quantity + 1000"),
        ("sales.waiting-is-open", "stock.waiting", "delete from stock.waiting"),
        ("stock.checkpoints", "stock.checkpoint", "update stock.checkpoint set on_hand = on_hand + 1000"),
        ("stock.checkpoints", "stock.checkpoint", "delete from stock.checkpoint"),
        ("sales.owed", "sales.owed", "update sales.owed set owed = owed + 1"),
        ("sales.owed", "sales.owed", "delete from sales.owed"),
        ("sales.vouchers", "sales.voucher", "update sales.voucher set balance = balance + 1"),
        ("sales.voucher-payments", "sales.payment", "delete from sales.payment where method = 'gift-card'"),
        ("accounting.vouchers-posted", "ledger.posting", "update ledger.posting set amount = amount - 1 where account = 'gift-cards'"),
        ("sales.intents", "sales.payment_intent", "update sales.payment_intent set refunded = refunded + 1 where refunded < captured"),
        ("sales.intents", "sales.payment", "delete from sales.payment where intent_id is not null and kind = 'Captured'"),
        ("stock.doubt", "stock.count_line", "update stock.count_line set in_doubt = in_doubt - 1000 where in_doubt > 0"),
        ("stock.doubt", "stock.level", "delete from stock.level where location = 'MAIN/DOUBT'"),
        ("stock.doubt", "stock.external_doubt", "delete from stock.external_doubt"),
        ("stock.external", "stock.external_line", "update stock.external_line set state = 'Dismissed', decided_at = now() where state = 'Open'"),
        ("stock.external", "stock.external_line", "update stock.external_line set told = book where state = 'Accepted'"),
        ("stock.owned-is-not-ours", "stock.move", "update stock.move set value = 1 where owner <> 'own'"),
        ("stock.owned-is-not-ours", "stock.move", "update stock.move set ends = ends | 4 where owner <> 'own'"),
        ("stock.pools", "stock.move", "update stock.move set value = 100 where owner <> 'own'"),
        ("stock.owner-uses", "stock.owner_use", "delete from stock.owner_use"),
        ("stock.owner-uses", "stock.owner_use", "update stock.owner_use set value = value + 1"),
        ("stock.owner-uses", "stock.document", "update stock.document set value = value + 1 where kind = 'Ownership'"),
        ("stock.owner-statements", "stock.owner_statement_line", "update stock.owner_statement_line set came = came + 1000"),
        ("stock.owner-statements", "stock.owner_statement_move", "delete from stock.owner_statement_move where move_id = (select min(move_id::text)::uuid from stock.owner_statement_move)"),
        ("stock.owner-statements", "stock.owner_statement", "update stock.owner_statement set owed = owed + 1"),
        ("stock.packages", "stock.package", "update stock.package set location = 'MAIN/PACKING' where parent is null"),
        ("stock.packages", "stock.package", "delete from stock.package"),
        ("stock.packages", "stock.transfer_package", "update stock.transfer_package set state = 'Arrived', ended_at = now() where state = 'OnItsWay'"),
        ("stock.packages", "stock.transfer_line", "update stock.transfer_line set missing = missing + 1000 where shipped > received + missing"),
        ("stock.packages", "stock.package", "update stock.package p set parent = (select c.code from stock.package c where c.parent = p.code) where exists (select from stock.package c where c.parent = p.code)"),
        ("stock.changes", "stock.move", "delete from stock.move where from_location = 'CHANGE' and condition = 'Damaged'"),
        ("stock.levels", "stock.level", "update stock.level set condition = 'Hold' where condition = 'Damaged'"),
        ("stock.positions", "stock.condition_kind", "update stock.condition_kind set promisable = true"),
        ("stock.counts", "stock.count_line", "update stock.count_line set difference = difference - 1000 where difference <> 0"),
        ("stock.counts", "stock.count_line", "update stock.count_line set value = value + 1 where difference <> 0"),
        ("stock.counts", "stock.count_task", "update stock.count_task set status = 'Done' where status = 'Recount'"),
        ("stock.layers", "stock.cost_layer", "update stock.cost_layer set value = value + 1 where open > 0"),
        ("stock.layers", "stock.cost_layer", "update stock.cost_layer set open = open + 1000, received = received + 1000 where not spent"),
        ("stock.layers", "stock.layer_take", "update stock.layer_take set value = value + 1"),
        ("stock.standards", "stock.cost_pool", "update stock.cost_pool set standard = standard + 7 where method = 'Standard'"),
        ("stock.standards", "stock.site_pool", "update stock.site_pool set standard = standard + 7 where sku = 'SHADE' and node = 'MAIN'"),
        ("stock.site-pools", "stock.site_pool", "update stock.site_pool set value = value + 1 where transfer <> ''"),
        ("stock.site-pools", "stock.site_pool", "update stock.site_pool set quantity = quantity + 1000 where sku = 'SHADE' and node = 'OVERFLOW'"),
        ("stock.site-pools", "stock.site_pool", "update stock.site_pool set written_down = written_down + 1 where sku = 'BULB' and quantity > 0"),
        ("stock.site-pools", "stock.cost_pool", "update stock.cost_pool set by_site_since = null where sku = 'BULB'"),
        ("stock.site-pools", "stock.cost_layer", "update stock.cost_layer set node = 'OVERFLOW' where sku = 'BULB' and node = 'MAIN' and not spent"),
        ("stock.site-pools", "stock.move", "update stock.move set carried = carried + 1 where carried > 0"),
        ("stock.landed", "stock.landed_share", "update stock.landed_share set to_stock = to_stock + 1"),
        ("stock.landed", "stock.landed_charge", "update stock.landed_charge set amount = amount + 1"),
        ("stock.landed", "stock.landed_cost", "update stock.landed_cost set to_sold = to_sold + 1, total = total + 1"),
        ("stock.foreign", "stock.foreign_cost", "update stock.foreign_cost set value = value + 1"),
        ("stock.lots", "stock.lot", "update stock.lot set held = 1000 - held where serial"),
        ("stock.lots", "stock.lot", "update stock.lot set sell_until = sell_until - 1 where sell_until is not null"),
        ("stock.lots", "stock.level", "update stock.level set lot = '' where lot = 'L-1'"),
        ("stock.lots", "stock.lot_trail", "update stock.lot_trail set quantity = quantity + 1"),
        ("stock.displaced-have-cases", "kernel.work_case", "delete from kernel.work_case where kind = 'promise-displaced'"),
        ("stock.converted-keeps-its-value", "stock.move", "update stock.move set value = value + 1 where from_location = 'PRODUCTION'"),
        ("stock.converted-keeps-its-value", "stock.move", "delete from stock.move where to_location = 'PRODUCTION'"),
        ("stock.kits-are-promised-whole", "stock.reservation", "update stock.reservation set open = open - 1000, taken = taken - 1000 where sku = 'LID' and open > 0"),
        ("stock.virtual-kits-hold-nothing", "stock.position", "update stock.position set sku = 'JAR' where sku = 'LID'"),
        ("stock.documents-are-their-moves", "stock.document", "update stock.document set value = value + 1"),
        ("sales.orders-are-their-lines", "sales.orders", "update sales.orders set net = net + 1, gross = gross + 1 where status = 'Reserved'"),
        ("sales.orders-are-their-lines", "sales.orders", "update sales.orders set line_count = line_count + 1"),
        ("sales.orders-are-their-lines", "sales.order_line", "delete from sales.order_line where line = 1"),
        ("sales.discounts", "sales.order_line", "update sales.order_line set discount = discount + 1 where discount > 0"),
        ("sales.discounts", "pricing.promotion_use", "update pricing.promotion_use set amount = amount + 1"),
        ("sales.discounts", "pricing.promotion_use", "delete from pricing.promotion_use"),
        ("sales.order-taxes", "sales.orders", "update sales.orders set taxes = '[]'"),
        ("sales.order-taxes", "sales.orders", "update sales.orders set tax = tax + 1, net = net - 1 where tax > 0"),
        ("sales.invoice-taxes", "sales.invoice", "update sales.invoice set taxes = '[]' where not is_credit"),
        ("sales.invoices-are-their-lines", "sales.invoice", "update sales.invoice set net = net + 1, gross = gross + 1"),
        ("sales.invoices-are-their-lines", "sales.invoice_line", "delete from sales.invoice_line"),
        ("sales.shipped-is-invoiced", "sales.order_line", "update sales.order_line set shipped = shipped - 1 where shipped > returned"),
        ("sales.shipped-is-invoiced", "sales.order_line", "update sales.order_line set returned = 0 where returned > 0"),
        ("sales.shipped-is-invoiced", "sales.invoice_line", "update sales.invoice_line set quantity = quantity + 1"),
        ("sales.kits-are-whole", "sales.order_line", "update sales.order_line set shipped = shipped + 1000 where kit_line is not null"),
        ("sales.kits-are-whole", "sales.order_line", "delete from sales.order_line where kit_line is not null"),
        ("sales.invoiced", "sales.orders", "update sales.orders set invoiced = invoiced + 1"),
        ("sales.invoiced", "sales.invoice", "delete from sales.invoice where is_credit"),
        ("sales.paid", "sales.orders", "update sales.orders set paid = paid + 1"),
        ("sales.paid", "sales.payment", "delete from sales.payment where kind = 'Captured'"),
        ("sales.paid", "sales.payment", "update sales.payment set amount = amount + 1 where kind = 'Refunded'"),
        ("sales.reserved-is-promised", "sales.orders", "update sales.orders set status = 'Reserved' where status = 'Backordered'"),
        ("sales.risk-holds", "sales.orders", "update sales.orders set status = 'Confirmed', hold = null where hold = 'fraud'"),
        ("sales.risk-holds", "sales.risk_outcome", "delete from sales.risk_outcome"),
        ("sales.closed-promises-nothing", "sales.orders", "update sales.orders set status = 'Cancelled' where status = 'Reserved'"),
        ("warehouse.shipped-is-moved", "warehouse.shipment_line", "update warehouse.shipment_line set quantity = quantity + 1"),
        ("warehouse.shipped-is-moved", "warehouse.shipment", "update warehouse.shipment set status = 'Cancelled' where status = 'Shipped'"),
        ("warehouse.suppliers-sent", "warehouse.supplier_order_line", "update warehouse.supplier_order_line set dispatched = 0 where dispatched > 0"),
        ("warehouse.shipped-is-invoiced", "warehouse.shipment", "update warehouse.shipment set status = 'Shipped' where status = 'Released'"),
        ("warehouse.floor-is-promised", "sales.orders", "update sales.orders set status = 'Cancelled' where status = 'Released'"),
        ("ledger.entries-balance", "ledger.posting", "update ledger.posting set company_amount = company_amount + 1 where leg = 1"),
        ("ledger.entries-balance", "ledger.posting", "delete from ledger.posting where leg = 2"),
        ("ledger.entries-balance", "ledger.entry", "update ledger.entry set legs = legs + 1"),
        ("ledger.postings-have-entries", "ledger.entry", "delete from ledger.entry where journal = 'sales'"),
        ("ledger.accounts-known", "ledger.account", "delete from ledger.account where code = 'inventory'"),
        ("ledger.accounts-known", "ledger.posting", "update ledger.posting set company_amount_currency = 'USD'"),
        ("ledger.months-locked", "ledger.period", "insert into ledger.period select company_id, ledger.month_of(day), 'Locked', 'nobody', min(recorded_at) - interval '1 day' from ledger.entry group by 1, 2"),
        ("ledger.items-are-their-steps", "ledger.open_item", "update ledger.open_item set open_amount = open_amount - 1, company_open_amount = company_open_amount - 1 where open_amount > 0"),
        ("ledger.items-are-their-steps", "ledger.item_step", "delete from ledger.item_step where kind = 'Settles'"),
        ("ledger.items-carry-their-accounts", "ledger.open_item", "update ledger.open_item set company_open_amount = company_open_amount - 1 where open_amount > 1"),
        ("ledger.day-balances", "ledger.day_balance", "update ledger.day_balance set debit = debit + 1"),
        ("ledger.day-balances", "ledger.day_balance", "delete from ledger.day_balance where account = 'inventory'"),
        ("ledger.document-balances", "ledger.document_balance", "update ledger.document_balance set sum = sum + 1"),
        ("accounting.inventory-is-cost-pools", "stock.cost_pool", "update stock.cost_pool set value = value + 1 where quantity > 0"),
        ("accounting.inventory-by-product", "ledger.posting", "update ledger.posting set sku = 'MUG-BL' where account = 'inventory'"),
        ("accounting.invoices-posted", "ledger.entry", "update ledger.entry set journal = 'manual' where journal = 'sales'"),
        ("accounting.invoice-numbers", "sales.invoice", "update sales.invoice set number = number + 100 where number is not null"),
        ("accounting.deferrals-are-balances", "accounting.deferral", "update accounting.deferral set company_amount = company_amount + 1 where recognised_day is null"),
        ("accounting.deferrals-are-balances", "accounting.deferral", "delete from accounting.deferral where part = 'Cost' and recognised_day is null"),
        ("accounting.delivered-counts", "accounting.deferral", "update accounting.deferral set recognised_day = day where recognised_day is null"),
        ("accounting.delivered-counts", "warehouse.shipment", "update warehouse.shipment set status = 'Shipped', delivered_at = null where status = 'Delivered'"),
        ("accounting.rules-known", "accounting.posting_rule", "update accounting.posting_rule set account = 'nowhere' where role = 'item.deposit'"),
        ("partners.addresses", "partners.address", "update partners.address set partner_id = gen_random_uuid()"),
        ("partners.erased", "partners.partner", "update partners.partner set erased_at = created_at"),
        ("kernel.seals", "kernel.operation_log", "update kernel.operation_log set actor_name = 'somebody else' where operation = 'stock.receive'"),
        ("kernel.seals", "kernel.operation_log", "delete from kernel.operation_log where operation = 'stock.receive'"),
        ("kernel.seals", "kernel.operation_payload", "update kernel.operation_payload set payload = '\\x00'"),
        ("kernel.seals", "kernel.seal", "update kernel.seal set digest = '\\x00'"),
        ("kernel.payloads", "kernel.operation_log", "delete from kernel.operation_log where operation = 'sales.place-order'"),
        ("kernel.outbox", "kernel.outbox", "update kernel.outbox set state = 'Dead', problem = 'nobody there'"),
        ("kernel.outbox", "kernel.outbox", "update kernel.outbox o set state = 'Waiting' where exists (select from kernel.outbox l where l.deliverer = o.deliverer and l.subject = o.subject and l.position > o.position)"),
    ];

    [Fact, Feature("AC-09", "SE-04")]
    public async Task Whatever_is_spoilt_is_found()
    {
        await using var shop = await Shop.Open();
        await Lives(shop);
        await shop.Proves();
        (await Glimpsed(shop)).ShouldBe(["stock.checkpoints", "stock.documents-are-their-moves", "stock.levels", "stock.pools"]);
        var missed = new List<string>();

        foreach (var (check, table, spoil) in Mutations)
        {
            await using var spoiler = await Spoiler.Open(shop, table);
            var rows = await spoiler.Spoil(spoil);
            var found = await shop.Differences();
            if (rows == 0) missed.Add($"{spoil}: there is nothing to spoil");
            else if (!found.Contains(check)) missed.Add($"{spoil}: {check} saw nothing; found were {string.Join(", ", found)}");
            await spoiler.Mend();
        }

        missed.ShouldBeEmpty();
        await shop.Proves();
        var checks = shop.Catalog.Checks.Select(c => c.Name).Append("kernel.seals");
        checks.Except(Mutations.Select(m => m.Check)).ShouldBeEmpty("every check of the proof has something that it finds");
    }

    /// A customer pays through a gateway that nobody can reach; what it says is told as its answer.
    private static async Task PaysThroughGateway(Shop shop)
    {
        await shop.Must<SetPaymentGateway, SetPaymentGateway.Request, Done>(new("cards", "Cards", "http://127.0.0.1:9", "key", "secret"));
        var order = await shop.Takes(("TEE-M", 1));
        await shop.Must<AuthorisePayments, AuthorisePayments.Request, IReadOnlyList<IntentAnswer>>(new([new(order.Id!.Value, "cards", "card", "tok")]));
        var wish = Guid.Parse(await shop.Text("select wish from sales.payment_step"));
        var (all, none) = (order.Total!.Value, Money.Zero(Currency.Eur));
        await shop.Must<BookGatewayAnswer, BookGatewayAnswer.Request, Done>(new(wish, WishState.Confirmed, new GatewayState("pi_1", "succeeded", 2, all, all, none, all, none, null, null, null), null));
    }

    /// A customer pays a part with a gift card.
    private static async Task PaysByCard(Shop shop)
    {
        var card = await shop.Must<IssueGiftCard, IssueGiftCard.Request, IssueGiftCard.Answer>(new(new Money(5_00, Currency.Eur), "cash", "till 1"));
        await shop.Must<RedeemVoucher, RedeemVoucher.Request, RedeemVoucher.Answer>(new((await shop.Takes(("TEE-M", 1))).Id!.Value, card.Code));
    }

    /// What holds at a glance, and is not looked at row by row.
    private static async Task<List<string>> Glimpsed(Shop shop)
    {
        var names = new List<string>();
        foreach (var glance in shop.Catalog.Glances)
        {
            await using var command = shop.Source.CreateCommand(glance.Sql);
            command.Parameters.Add(new() { Value = 4_711L });
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync()) if (rows.GetBoolean(1)) names.Add(rows.GetString(0));
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// A little of everything: promised, waiting, on the floor, shipped, invoiced, credited, paid, refunded, displaced, held, numbered, rolled up, sealed.
    private static async Task Lives(Shop shop)
    {
        await shop.Stocks("TEE-M", onHand: 10, worth: 50_01);
        await shop.Stocks("MUG-BL", onHand: 3, worth: 9_00);
        await shop.Stocks("BOWL", onHand: 5, worth: 40_00);
        var sold = await shop.Takes(("TEE-M", 2), ("MUG-BL", 1));
        var promised = await shop.TakesFromBazaar(("TEE-M", 1));
        var onTheFloor = await shop.Takes(("BOWL", 1));
        await shop.Takes(("MUG-BL", 7));
        var supply = await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([new("MUG-BL", "OVERFLOW", 9, new DateOnly(2026, 3, 14))]));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("OVERFLOW", [new("MUG-BL", 1, new UnitPrice(5_000_000, Currency.Eur), Supply: supply[0].Number)])]));
        shop.Clock.Step(TimeSpan.FromMinutes(1));
        var loser = await shop.Takes(("BOWL", 4));
        await shop.Must<HoldStock, HoldStock.Request, HoldStock.Answer>(new(Guid.NewGuid(), "MAIN", "TEE-M", 1));
        await shop.Pays(sold, PaymentKind.Captured, sold.Total!.Value.Minor);
        await shop.Ships(sold);
        await Warehouse.SupplierOrderTests.Sells(shop, "THROW");
        await PaysThroughGateway(shop);
        await PaysByCard(shop);
        var later = shop.NewOrder("webshop", ("TEE-M", 1));
        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(later.Customer!, PaymentTermsDays: 30)]));
        await shop.Tries(later);
        await shop.Sells(new("TEA", "Tea", Tracking: Keel.Catalog.Contract.Tracking.Lot, ShelfLifeDays: 90));
        await shop.Sells(new("BIKE", "Bike", Tracking: Keel.Catalog.Contract.Tracking.Serial));
        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [
            new("TEA", 5, new UnitPrice(1_000_000, Currency.Eur), "L-1", new DateOnly(2026, 5, 1)), new("BIKE", 2, new UnitPrice(90_000_000, Currency.Eur), "SN-1..SN-2")])]));
        await shop.Ships(await shop.Takes(("TEA", 1), ("BIKE", 1)));
        await shop.Ships(promised);
        await shop.Sells(new("JAR", "Jar with a lid"));
        await shop.Sells(new("LID", "Lid"));
        await shop.Sells(new("GLASS", "Glass"));
        await KitTests.Says(shop, "JAR", Keel.Catalog.Contract.KitKind.Virtual, ("GLASS", 1), ("LID", 1));
        await KitTests.Says(shop, "CANDLE", Keel.Catalog.Contract.KitKind.PreBuilt, ("GLASS", 1), ("CORD", 0.5m));
        await shop.Stocks("GLASS", onHand: 5, worth: 9_99);
        await shop.Stocks("LID", onHand: 3, worth: 1_00);
        await shop.Takes(("JAR", 2));
        await shop.TakesFromBazaar(("TEE-M", 1));
        await shop.Releases(onTheFloor);
        await shop.Must<CreditOrders, CreditOrders.Request, IReadOnlyList<CreditOrders.Answer>>(
            new([new CreditOrders.Credit(sold.Id!.Value, [new CreditOrders.Part(1, 1)], "too small", Location: "MAIN/STOCK")]));
        await shop.Pays(sold, PaymentKind.Refunded, 10_00);
        (await shop.Counts("MAIN/STOCK", "BOWL", found: 3)).Ok.ShouldBeTrue();
        (await shop.Number($"select count(*) from stock.reservation_step where kind = 'Displaced' and document_id = '{loser.Id}'")).ShouldBe(1);
        await shop.Stocks("CANDLE", onHand: 5, worth: 20_00);
        var sent = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("CANDLE", 2)]));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(sent.Id)));
        await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new Id<Transfer>(sent.Id), [new(1, 1)], More: true));
        await shop.Stocks("THROW", onHand: 20, worth: 200_00);
        await shop.Stocks("CORD", onHand: 100, worth: 100_00);
        await shop.Must<AssembleKits, AssembleKits.Request, DocumentRef>(new("CANDLE", "MAIN", 1));
        await shop.Must<TakeApart, TakeApart.Request, DocumentRef>(new("CANDLE", "MAIN", 1));
        foreach (var (sku, found) in new (Sku, int)[] { ("THROW", 12), ("CORD", 99) })
        {
            var count = await shop.Must<PlanCounts, PlanCounts.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", sku)]));
            await shop.Must<NoteCount, NoteCount.Request, NoteCount.Answer>(new(new(count[0].Id), sku.Text, found));
            await shop.Must<FinishCount, FinishCount.Request, FinishCount.Answer>(new(new(count[0].Id)));
        }

        await shop.Must<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Fifo, "optics", "told apart"));
        await shop.Must<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Standard, "frames", "set once a year"));
        await shop.Sells(new("LENS", "Lens", Attributes: new Dictionary<string, string> { ["category"] = "optics" }));
        await shop.Sells(new("FRAME", "Frame", Attributes: new Dictionary<string, string> { ["category"] = "frames" }));
        await shop.Stocks("FRAME", 4, worth: 40_00);
        var lenses = await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("LENS", 6, new UnitPrice(3_000_000, Currency.Eur))])]));
        await shop.Ships(await shop.Takes(("LENS", 2), ("FRAME", 1)));
        await shop.Must<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Fifo, "bulbs", "rents differ", BySite: true));
        await shop.Must<SetCosting, SetCosting.Request, DocumentRef>(new(CostingMethod.Standard, "shades", "rents differ", BySite: true));
        await shop.Sells(new("BULB", "Bulb", Attributes: new Dictionary<string, string> { ["category"] = "bulbs" }));
        await shop.Sells(new("SHADE", "Shade", Attributes: new Dictionary<string, string> { ["category"] = "shades" }));
        foreach (var sku in (Sku[])["BULB", "SHADE"])
        {
            await shop.Stocks(sku, 6, worth: 12_00);
            await shop.Stocks(sku, 6, worth: 30_00, node: "OVERFLOW");
            var goes = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("OVERFLOW", "MAIN", [new(sku, 4)]));
            await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new(goes.Id)));
            await shop.Must<ReceiveTransfer, ReceiveTransfer.Request, DocumentRef>(new(new(goes.Id), [new(1, 1)], More: true));
        }

        await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([lenses[0].Number], [new(ChargeKind.Freight, new Money(10_00, Currency.Eur))]));
        await shop.Must<LandCosts, LandCosts.Request, DocumentRef>(new([lenses[0].Number], [new(ChargeKind.Insurance, new Money(10_00, Currency.Of("USD")), Rate: 0.9m)]));
        await LivesWithOthers(shop);
        await shop.Chooses(RevenueRecognition.Kind, new { rules = new[] { new { at = "delivery" } } });
        var arrived = await shop.Takes(("CANDLE", 1));
        await shop.Ships(arrived);
        await shop.Delivers(arrived);
        await shop.Ships(await shop.Takes(("CANDLE", 2)));
        await Keel.Tests.Sales.PromotedOrderTests.Saves(shop, Keel.Tests.Sales.PromotedOrderTests.Ten() with { Skus = "CANDLE" });
        await shop.Takes(("CANDLE", 1));
        await Keel.Tests.Sales.OrderRiskTests.Scores(shop, new RiskRule(RiskSign.DisposableMail, 90));
        await shop.Tries(Keel.Tests.Sales.OrderRiskTests.From(shop, "a@throwaway.example", ("CANDLE", 1)));
        var cleared = (await shop.Tries(Keel.Tests.Sales.OrderRiskTests.From(shop, "b@throwaway.example", ("CANDLE", 1)))).Value;
        await shop.Must<ClearRisk, ClearRisk.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([cleared.Id!.Value], "known by phone"));
        await shop.Delivers();
        await shop.Must<NumberInvoices, NumberInvoices.Request, int>(new());
        shop.Clock.Step(TimeSpan.FromDays(8));
        await RollsUpAndSeals(shop);
        await shop.Runs<TakeCheckpoints>();
        await RollsUpAndSeals(shop);
    }

    /// Goods of a supplier that were sold, taken over and told of, a package in a package, damaged units, and a site that tells other figures.
    private static async Task LivesWithOthers(Shop shop)
    {
        await shop.Sells(new("VASE", "Vase"));
        var owner = await Stock.OwnerTests.Agrees(shop, ("VASE", 3m));
        await Stock.OwnerTests.Receives(shop, owner, ("VASE", 10));
        await shop.Ships(await shop.Takes(("VASE", 2)));
        await shop.Must<TakeOwnership, TakeOwnership.Request, DocumentRef>(new(owner, "MAIN", [new("VASE", 3)]));
        await shop.Must<StateOwner, StateOwner.Request, DocumentRef>(new(owner));
        await shop.Chooses("letterhead", Keel.Printing.Letterhead.AsDelivered with { Gs1Prefix = "4012345" });
        var packages = await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK", Count: 2));
        await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(packages[0].Number, [new("VASE", 1)]));
        await shop.Must<NestPackage, NestPackage.Request, DocumentRef>(new(packages[0].Number, packages[1].Number));
        var pallet = (await shop.Must<MakePackages, MakePackages.Request, IReadOnlyList<DocumentRef>>(new("MAIN/STOCK")))[0];
        await shop.Must<PackGoods, PackGoods.Request, DocumentRef>(new(pallet.Number, [new("CORD", 5)]));
        var carried = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("CORD", 5)]));
        await shop.Must<ShipTransfer, ShipTransfer.Request, DocumentRef>(new(new Id<Transfer>(carried.Id), Packages: [pallet.Number]));
        await shop.Must<SetCondition, SetCondition.Request, DocumentRef>(new([new("MAIN/STOCK", "VASE", 1, GoodsCondition.Damaged)], "cracked"));
        await shop.Must<CreateSite, CreateSite.Request, Done>(new("THIRD", "Third party", SiteKind.ThirdParty, SiteAuthority.External));
        await shop.Stocks("THROW", onHand: 8, worth: 80_00, node: "THIRD");
        await shop.Stocks("CORD", onHand: 50, worth: 50_00, node: "THIRD");
        var told = await shop.Must<TellSnapshot, TellSnapshot.Request, IReadOnlyList<DocumentRef>>(new([new("THIRD", "THROW", 5), new("THIRD", "CORD", 47)]));
        await shop.Must<AcceptDrift, AcceptDrift.Request, DocumentRef>(new(told[0].Id, "lost", ["CORD"]));
        await shop.Must<FreezeStock, FreezeStock.Request, Id<Freeze>>(new(Node: "THIRD", Sku: "CORD", Reason: "odd colour"));
    }

    /// Both take whole transactions that have ended, of all databases of the server: others' tests may keep them waiting for a moment.
    private static async Task RollsUpAndSeals(Shop shop)
    {
        for (var turn = 0; turn < 100; turn++)
        {
            await shop.Runs<RollUpDays>();
            await shop.Runs<SealLog>();
            var unsealed = await shop.Number("select count(*) from kernel.operation_log where xact >= (select to_xact from kernel.seal order by to_xact desc limit 1)");
            if (unsealed == 0 && await shop.Number("select count(*) from ledger.entry where xact >= (select through from ledger.roll_up)") == 0) return;
            await Task.Delay(200);
        }

        throw new InvariantBroken("The log is not sealed, or the days are not rolled up.");
    }

    /// Keeps a table as it is, spoils it behind the back of every trigger and check, and puts it back.
    private sealed class Spoiler(NpgsqlConnection connection, string table) : IAsyncDisposable
    {
        public static async Task<Spoiler> Open(Shop shop, string table)
        {
            var made = new Spoiler(await shop.Source.OpenConnectionAsync(), table);
            await made.Run("set session_replication_role = replica");
            await made.Run($"create temp table kept as select * from {table}");
            return made;
        }

        public async Task<int> Spoil(string sql)
        {
            try
            {
                return await Run(sql);
            }
            catch (PostgresException guarded) when (guarded.SqlState == PostgresErrorCodes.CheckViolation)
            {
                // The database itself does not let it happen; without its check it does.
                await Run($"alter table {table} drop constraint {guarded.ConstraintName}");
                return await Run(sql);
            }
        }

        public async Task Mend()
        {
            await Run($"delete from {table}");
            await Run($"insert into {table} overriding system value select * from kept");
            await Run("drop table kept");
            await Run("set session_replication_role = default");
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task<int> Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteNonQueryAsync();
        }
    }
}
