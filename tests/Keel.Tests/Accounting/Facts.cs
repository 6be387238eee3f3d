using Keel.Pricing.Contract;
using Keel.Sales.Contract;
using Keel.Stock.Contract;
using Keel.Tests.Ledger;

namespace Keel.Tests.Accounting;

/// Facts as the shelf and the till tell them, short to write.
internal static class Facts
{
    public static readonly DateTimeOffset At = new(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);

    public static DocumentRef Document(string kind, string number) =>
        new(kind, new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(number))[..16]), number);

    public static DocumentRef Order(string number = "SO-1") => Document("order", number);

    public static Money Eur(long cents) => new(cents, Currency.Eur);

    public static GoodsReceived Received(string number, params (string Sku, int Quantity, long Value)[] lines) =>
        new(Document("receipt", number), "MAIN", BookShop.Today, At, Lines(lines));

    public static GoodsIssued Issued(string number, params (string Sku, int Quantity, long Value)[] lines) =>
        new(Document("shipment", number), "MAIN", BookShop.Today, At, Lines(lines)) { Channel = "webshop", Order = Order() };

    public static StockAdjusted Adjusted(string number, string reason, params (string Sku, int Quantity, long Value)[] lines) =>
        new(Document("count", number), "MAIN", BookShop.Today, At, reason, Lines(lines));

    public static InvoiceIssued Invoice(string number, Money net, Money tax, Money? paidBefore = null, LiableParty liable = LiableParty.Us, bool marketplace = false, bool credit = false) =>
        new(Document("invoice", number), credit, Order(), marketplace ? "amazon" : "webshop", marketplace ? ChannelKind.Marketplace : ChannelKind.OwnShop,
            Customer, "MAIN", BookShop.Today, At, [new RevenueLine("MUG", "goods", 1, net)],
            [new TaxTotal("NL", "standard", 0.21m, net, tax, liable, "domestic")], net, tax, net + tax)
        {
            PaidBefore = paidBefore ?? Money.Zero(net.Currency), MarketplaceCollects = marketplace,
        };

    public static PaymentRecorded Payment(PaymentKind kind, Money amount, Money? settles = null, Money? credits = null) =>
        new(Guid.NewGuid(), kind, "card", amount, Order(), "webshop", Customer, null, BookShop.Today, At)
        {
            SettlesInvoices = settles ?? Money.Zero(amount.Currency), SettlesCredits = credits,
        };

    public static readonly Guid Customer = new("11111111-1111-7111-8111-111111111111");

    private static ValuedLine[] Lines((string Sku, int Quantity, long Value)[] lines) => [.. lines.Select(l => new ValuedLine(l.Sku, l.Quantity, Eur(l.Value)))];
}
