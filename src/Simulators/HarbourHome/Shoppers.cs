using Keel.Partners.Contract;
using Keel.Sales;
using Keel.Sales.Contract;

namespace Keel.Simulators;

/// The people and shops out there: what they order on a day, through which channel, and how they pay. A day drawn twice is the same day.
internal sealed class Shoppers(HarbourScale scale, Assortment assortment, TimeZoneInfo zone)
{
    private const int Regulars = 2_600;
    private const int Shops = 60;
    private static readonly double[] Weekdays = [1.12, 1.16, 1.06, 0.98, 0.95, 0.84, 0.92];

    /// Units that one average order takes off the shelf, for those who buy ahead.
    public const double UnitsPerOrder = 3.0;

    private readonly IReadOnlyList<GiftSet> gifts = GiftSet.Of(assortment);

    public IReadOnlyList<NewOrder> OrdersOf(DateOnly day, int dayOfLife)
    {
        var chance = scale.Chance("day", day.DayNumber);
        var season = 0.82 + 0.36 * dayOfLife / scale.Days;
        var count = (int)Math.Round((double)scale.Orders / scale.Days * Weekdays[(int)day.DayOfWeek] * season * (0.9 + chance.NextDouble() * 0.2));
        return [.. Enumerable.Range(1, Math.Max(count, 4)).Select(n => OrderOf(day, n)).OrderBy(o => o.PlacedAt)];
    }

    private NewOrder OrderOf(DateOnly day, int n)
    {
        var chance = scale.Chance("order", day.DayNumber, n);
        var placed = Instant(day, TimeOfDay(chance));
        var number = $"{day:yyMMdd}-{n:0000}";
        return chance.Next(100) switch
        {
            < 46 => Webshop(chance, "HH-" + number, placed),
            < 71 => Marketplace(chance, "bazaar", "BZ-" + number, placed, collectsTax: false),
            < 94 => Marketplace(chance, "mercato", "M-" + number, placed, collectsTax: true),
            _ => Wholesale(chance, "PO-" + number, placed),
        };
    }

    private NewOrder Webshop(Random chance, string number, DateTimeOffset placed)
    {
        var goods = Goods(chance, 1 + (int)(chance.NextDouble() * chance.NextDouble() * 5), () => 1 + chance.Next(3) / 2);
        var worth = goods.Sum(l => assortment.BySku[l.Sku!.Value].Price * l.Quantity.Units);
        var lines = goods.ToList();
        if (scale.Chance("gift", number).Next(100) is < 4 and var drawn)
        {
            var gift = gifts[drawn % 3];
            lines.Insert(0, new NewLine(gift.Sku, 1));
            worth += gift.Price;
        }

        if (worth < 50) lines.Add(new NewLine(null, 1, Euro(4.95m), Kind: LineKind.Shipping, Description: "Delivery"));
        if (chance.Next(100) < 4 && worth > 40) lines.Add(new NewLine(null, 1, Euro(-5), Kind: LineKind.Discount, Description: "Welcome voucher"));
        var total = Money.Of(worth + (worth < 50 ? 4.95m : 0) - (lines[^1].Kind is LineKind.Discount ? 5 : 0), Currency.Eur);
        var isAuthorised = chance.Next(100) < 12;
        var customer = Regular(chance.Next(Regulars));
        if (chance.Next(1000) < 4) customer = customer with { Address = null };
        return new NewOrder(
            "webshop", number, lines, customer, PlacedAt: placed, Total: total,
            Payments: [new NewPayment(isAuthorised ? PaymentKind.Authorised : PaymentKind.Captured, Method(chance), total, "PAY-" + number)]);
    }

    private NewOrder Marketplace(Random chance, ChannelCode channel, string number, DateTimeOffset placed, bool collectsTax)
    {
        var lines = Goods(chance, 1 + chance.Next(5) / 3, () => 1 + chance.Next(5) / 4)
            .Select(l => l with { Price = Euro(Math.Round(assortment.BySku[l.Sku!.Value].Price * 1.04m, 2)) }).ToList();
        var odd = chance.Next(1000);
        if (odd < 4) lines[0] = lines[0] with { Sku = $"OLD-{chance.Next(1000, 9999)}" };
        var total = lines.Aggregate(Money.Zero(Currency.Eur), (sum, l) => sum + l.Price!.Value.Times(l.Quantity));
        var buyer = Person(chance, collectsTax ? "NL" : null);
        return new NewOrder(
            channel, number, lines, buyer with { Email = null, Reference = $"{channel}-{chance.Next(1_000_000):D6}" }, PlacedAt: placed,
            Total: odd is >= 4 and < 8 ? total + Money.Of(0.50m, Currency.Eur) : total, ChargedTax: collectsTax ? total.Times(21m / 121m) : null);
    }

    private NewOrder Wholesale(Random chance, string number, DateTimeOffset placed) => new(
        "b2b", number, Goods(chance, 2 + chance.Next(4), () => 2 * (1 + chance.Next(3))), Shop(chance.Next(Shops)), PlacedAt: placed);

    private List<NewLine> Goods(Random chance, int lines, Func<int> quantity) =>
        [.. Enumerable.Range(0, lines).Select(_ => assortment.Draw(chance).Sku).Distinct().Select(sku => new NewLine(sku, quantity()))];

    private Contact Regular(int number)
    {
        var person = Person(scale.Chance("regular", number), null);
        return person with { Email = $"{Founding.Plain(person.Name)}{number}@mail.example" };
    }

    private Contact Shop(int number)
    {
        var chance = scale.Chance("shop", number);
        var name = $"{Pick(chance, Words.FamilyNames)} {Pick(chance, Words.ShopKinds)}";
        return new Contact(name, $"buying@{Founding.Plain(name)}{number}.example", null, Address(chance, null));
    }

    private static Contact Person(Random chance, string? country) =>
        new($"{Pick(chance, Words.GivenNames)} {Pick(chance, Words.FamilyNames)}", null, null, Address(chance, country));

    private static PostalAddress Address(Random chance, string? country)
    {
        var at = country is not null ? 0 : chance.Next(100) switch { < 58 => 0, < 72 => 1, < 92 => 2, _ => 3 };
        var (code, towns) = Words.Towns[at];
        var post = code switch
        {
            "NL" => $"{chance.Next(1011, 9999)} {(char)('A' + chance.Next(20))}{(char)('A' + chance.Next(20))}",
            "BE" => $"{chance.Next(1000, 9990)}",
            _ => $"{chance.Next(10_000, 98_000)}",
        };
        return new PostalAddress($"{Pick(chance, Words.Streets)} {chance.Next(1, 180)}", null, post, Pick(chance, towns), null, code);
    }

    private static string Method(Random chance) => chance.Next(100) switch { < 52 => "card", < 84 => "wallet", _ => "bank-transfer" };

    private static TimeSpan TimeOfDay(Random chance)
    {
        // Two waves: over lunch and, larger, in the evening.
        var hour = chance.Next(10) < 4 ? 12.2 + Bell(chance) * 2.2 : 19.6 + Bell(chance) * 2.4;
        return TimeSpan.FromSeconds(Math.Clamp(hour, 0.2, 23.6) * 3600);
    }

    private static double Bell(Random chance) => chance.NextDouble() + chance.NextDouble() + chance.NextDouble() - 1.5;

    public DateTimeOffset Instant(DateOnly day, TimeSpan time)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + time;
        return new DateTimeOffset(local, zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(1)) : zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static UnitPrice Euro(decimal price) => UnitPrice.Of(price, Currency.Eur);

    private static T Pick<T>(Random chance, T[] of) => of[chance.Next(of.Length)];
}
