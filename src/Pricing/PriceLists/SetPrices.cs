using System.ComponentModel.DataAnnotations;
using Keel.Catalog.Contract;
using Keel.Pricing.Contract;

namespace Keel.Pricing.PriceLists;

/// Says what goods cost on a price list, from a day and a quantity on. Earlier prices stay as they were.
[Operation("pricing.set-prices", PricingPermissions.EditPrices, Domain = PricingMasters.Prices, Said = "set {prices|a price}", Icon = "money")]
internal sealed class SetPrices(KeelDb db, Settings settings, CatalogDesk catalog, MasterDesk masters) : IOperation<SetPrices.Request, Saved[]>, IAssess<SetPrices.Request, Saved[]>
{
    public sealed record Request([Required, MaxLength(30)] string List, [MinLength(1), MaxLength(5000)] IReadOnlyList<Item> Prices);

    /// The price of one stock unit in the list's currency. Without a first day it holds from today; without a last one until another
    /// begins.
    public sealed record Item(
        Sku Sku, [Range(typeof(decimal), "0", "1000000000", ErrorMessage = "is between 0 and a billion.")] decimal Price,
        [Positive] Quantity? MinQuantity = null, DateOnly? From = null, DateOnly? To = null);

    /// A longer list is found in the log by its code only; each price has its own history anyway.
    private const int MostNamed = 100;

    public static readonly Error NoList = Error.NotFound(
        "price-list.unknown", "There is no price list with this code. Create the list first.");
    public static readonly Error NoProduct = Error.NotFound(
        "product.unknown", "There is no product with this SKU. Create the product first.");
    public static readonly Error TooFine = Error.Invalid("price.too-fine", "A price has at most six decimals.");
    public static readonly Error Backwards = Error.Invalid(
        "price.ends-before-it-begins", "The price ends before it begins. Correct one of the days.");
    public static readonly Error Crosses = new(
        "price.days-cross", "Another price of it begins before this one and ends while this one holds, or the other way round. Correct one of the days.");
    public static readonly Error Twice = new("price.twice", "The list names this price twice. Name it once.");

    public async Task<Result<Saved[]>> Run(Request request, CancellationToken ct)
    {
        var today = (await Network.Of(settings, ct)).Day(db.Now);
        var products = catalog.Ask(request.Prices.Select(p => p.Sku));
        // The list's lock lets one writer at a time set its prices; sales read without it.
        if (await db.PriceLists.Find($"company_id = {db.Company} and code = {request.List} for update", ct) is not { } list) return NoList;
        var skus = products.Value.Values.Select(p => p.Sku).Distinct().ToArray();
        var known = (await db.Prices.Where($"company_id = {db.Company} and sku = any({skus}) and list = {list.Code}", ct))
            .ToDictionary(p => (p.Sku, p.MinQuantity, p.FromDay));

        List<Price> fresh = [], changed = [];
        var ends = known.Values.Where(p => p.ToDay is not null).GroupBy(p => (p.Sku, p.MinQuantity)).ToDictionary(g => g.Key, g => g.ToDictionary(p => p.FromDay, p => p.ToDay!.Value));
        var seen = new HashSet<(Sku, Quantity, DateOnly)>();
        var answers = request.Prices.Select(One).ToArray();
        db.Prices.Insert(fresh);
        db.Prices.Update(changed);
        db.Work.Concerns(list.Code);
        foreach (var price in fresh.Concat(changed)) Keep(price);
        return Saved.Answer(answers);

        // What held before is the price that it replaces, or the one that it ends by beginning.
        void Keep(Price price)
        {
            var before = known.GetValueOrDefault((price.Sku, price.MinQuantity, price.FromDay))
                ?? known.Values.Where(p => (p.Sku, p.MinQuantity) == (price.Sku, price.MinQuantity) && p.FromDay < price.FromDay && !(p.ToDay < price.FromDay)).MaxBy(p => p.FromDay);
            var field = $"Price on {list.Code}" + (price.MinQuantity == new Quantity(1) ? "" : $" from {price.MinQuantity}") + (price.FromDay > today ? $", from {price.FromDay:yyyy-MM-dd}" : "");
            db.Work.Changed("price", price.Sku.Text, field, before is null ? null : new UnitPrice(before.Micros, list.Currency).ToString(), new UnitPrice(price.Micros, list.Currency).ToString());
            if (fresh.Count + changed.Count <= MostNamed) db.Work.Concerns(price.Sku.Text);
        }

        Saved One(Item item, int at)
        {
            var key = item.Sku.Text;
            if (!products.Value.TryGetValue(item.Sku, out var product)) return Saved.Refused(key, NoProduct);
            var micros = item.Price * 1_000_000m;
            if (micros != decimal.Truncate(micros)) return Saved.Refused(key, TooFine);
            var price = new Price(db.Company, product.Sku, list.Code, item.MinQuantity ?? new Quantity(1), item.From ?? today, item.To,
                (long)micros, db.Now);
            if (price.ToDay < price.FromDay) return Saved.Refused(key, Backwards);
            if (!seen.Add((price.Sku, price.MinQuantity, price.FromDay))) return Saved.Refused(key, Twice);
            if (Crossing(price) is { } other) return Saved.Refused(key, Crosses.With($"A price of {price.Sku} that holds from {other.From:yyyy-MM-dd} to {other.To:yyyy-MM-dd} overlaps with the one from {price.FromDay:yyyy-MM-dd} to {price.ToDay:yyyy-MM-dd}. Let one end before the other begins, or hold within it."));
            if (!known.TryGetValue((price.Sku, price.MinQuantity, price.FromDay), out var old))
            {
                fresh.Add(price);
                db.Work.Leaves(at, new UndoPrices.Trace(price, null));
                Ask(price, null);
                return new Saved(key, SavedAs.Created);
            }

            if (old with { ChangedAt = price.ChangedAt } == price) return new Saved(key, SavedAs.Unchanged);
            changed.Add(price);
            db.Work.Leaves(at, new UndoPrices.Trace(price, old));
            Ask(price, old);
            return new Saved(key, SavedAs.Changed);
        }

        // A price with an end that begins within another one and ends after it: nobody can say which was meant. One within another is meant to interrupt it.
        (DateOnly From, DateOnly To)? Crossing(Price price)
        {
            if (!ends.TryGetValue((price.Sku, price.MinQuantity), out var held)) ends[(price.Sku, price.MinQuantity)] = held = [];
            if (price.ToDay is not { } to)
            {
                held.Remove(price.FromDay);
                return null;
            }

            foreach (var (from, until) in held)
                if ((from < price.FromDay && price.FromDay <= until && until < to) || (price.FromDay < from && from <= to && to < until)) return (from, until);
            held[price.FromDay] = to;
            return null;
        }

        // For the owner of the prices: what it makes of one.
        void Ask(Price price, Price? old)
        {
            var key = $"{price.Sku} @ {price.List}";
            var quantity = price.MinQuantity == new Quantity(1) ? "" : $" for {price.MinQuantity.Units:0.###}";
            masters.Changed(PricingMasters.Prices, new DocumentRef("product", Guid.Empty, price.Sku.Text),
                [new FieldEdit(key, $"price{quantity} from {price.FromDay:yyyy-MM-dd}", old is null ? Before(price, known.Values) : Says(old), Says(price))]);
        }

        string Says(Price price) => $"{price.Micros / 1_000_000m:0.######} {list.Currency}{(price.ToDay is { } to ? $" until {to:yyyy-MM-dd}" : "")}";

        // What it costs on that day so far: the price that began last.
        string? Before(Price price, IEnumerable<Price> all) =>
            all.Where(p => p.Sku == price.Sku && p.MinQuantity == price.MinQuantity && p.FromDay <= price.FromDay && !(p.ToDay < price.FromDay)).MaxBy(p => p.FromDay) is { } held ? Says(held) : null;
    }

    public Task<Effect> Assess(Request request, Saved[] answer, CancellationToken ct) => Task.FromResult(masters.Effect());
}
