using System.Text.Json;
using Keel.Accounting;
using Keel.Catalog.Barcodes;
using Keel.Catalog.Products;
using Keel.Partners.Contract;
using Keel.Partners.Suppliers;
using Keel.Pricing.PriceLists;
using Keel.Pricing.Promotions;
using Keel.Printing;
using Keel.Printing.Contract;
using Keel.Stock;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Simulators;

/// Founds Harbour Home, or makes what an earlier start left out: the company, its rooms and bins, its channels, its products and prices.
internal sealed class Founding(IServiceProvider services, Assortment assortment)
{
    public const string Code = "harbour-home";

    public async Task<Id<Company>> Found(DateTimeOffset at, CancellationToken ct)
    {
        var anywhere = new Clerk(services, default);
        var known = await anywhere.Asks<Id<Company>>($"select id from kernel.company where code = {Code}", ct);
        return known.Count > 0 ? known[0] : await anywhere.Does<CreateCompany, CreateCompany.Request, Id<Company>>(
            new(Code, "Harbour Home", "NL", Currency.Eur, "Europe/Amsterdam"), Caller.Keel(default) with { At = at }, ct);
    }

    public async Task Furnish(Clerk clerk, DateTimeOffset at, CancellationToken ct)
    {
        var caller = clerk.At(at);
        if (await Lacks(clerk, "site", "MAIN", ct)) await clerk.Does<CreateSite, CreateSite.Request, Done>(new("MAIN", "Main warehouse"), caller, ct);
        if (await Lacks(clerk, "site", "OVERFLOW", ct)) await clerk.Does<CreateSite, CreateSite.Request, Done>(new("OVERFLOW", "Overflow warehouse"), caller, ct);
        await AddBins(clerk, caller, ct);
        await AddPrinters(clerk, caller, ct);

        CreateChannel.Request[] channels =
        [
            new("webshop", "Web shop", ChannelKind.OwnShop, ["MAIN", "OVERFLOW"]),
            new("mercato", "Mercato", ChannelKind.Marketplace, ["MAIN"], Priority: 60),
            new("bazaar", "Bazaar", ChannelKind.Marketplace, ["MAIN", "OVERFLOW"], Priority: 50),
            new("b2b", "Wholesale", ChannelKind.B2B, ["MAIN", "OVERFLOW"], PricesIncludeTax: false, Priority: 80, Owner: "sales"),
        ];
        foreach (var channel in channels)
        {
            if (await Lacks(clerk, "channel", channel.Code.Text, ct)) await clerk.Does<CreateChannel, CreateChannel.Request, Done>(channel, caller, ct);
        }

        await ChooseRecognition(clerk, caller, ct);
        await Routes.Lay(clerk, caller, ct);
        await clerk.Does<SaveReasons, SaveReasons.Request, Saved[]>(new(
            [
                new("count", "Counted", MostUnits: 2, NeedsYes: true), new("damaged", "Damaged", MostUnits: 5, NeedsYes: true), new("theft", "Stolen", "lost", NeedsYes: true),
                new("expired", "Expired", "damaged", MostValue: 100, NeedsYes: true), new("water", "Water damage", "damaged", MostUnits: 5, NeedsYes: true),
            ]), caller, ct);
        await AddProducts(clerk, caller, ct);
        await AddPrices(clerk, caller, ct);
        await GiftSet.Found(clerk, caller, assortment, ct);
        await clerk.Does<SaveSuppliers, SaveSuppliers.Request, Saved[]>(new(
            [.. Words.SupplierNames.Select((name, i) => new SaveSuppliers.Item(
                new Contact(name, $"orders@{Plain(name)}.example", null, new PostalAddress($"Industrieweg {i * 7 + 3}", null, $"{4000 + i * 13}", "Havenmond", null, i % 3 == 0 ? "DE" : "NL")),
                VatId: i % 4 == 1 ? null : i % 3 == 0 ? $"DE{811_000_000 + i * 7919}" : $"NL{803_000_000 + i * 7919}B01", LeadTimeDays: 5 + i % 4 * 7))]), caller, ct);
    }

    /// Wholesale is sold delivered at the customer's door: it counts when it is there.
    private static async Task ChooseRecognition(Clerk clerk, Caller caller, CancellationToken ct)
    {
        var chosen = await clerk.Asks<int>($"select version from kernel.policy where company_id = {clerk.Company} and kind = {RevenueRecognition.Kind}", ct);
        if (chosen.Count > 0) return;
        var choice = JsonSerializer.SerializeToElement(new RevenueRecognition([new RecognitionRule(RecognisedAt.Delivery, ["b2b"])]), KeelJson.Options);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(RevenueRecognition.Kind, choice, "head of finance"), caller, ct);
    }

    public static string Plain(string words) => string.Concat(words.Normalize(System.Text.NormalizationForm.FormD).ToLowerInvariant().Where(char.IsAsciiLetter));

    private static async Task<bool> Lacks(Clerk clerk, string table, string code, CancellationToken ct) =>
        (await clerk.Asks<string>($"select code from {new SqlText.Verbatim("kernel." + table)} where company_id = {clerk.Company} and code = {code}", ct)).Count == 0;

    private static async Task AddBins(Clerk clerk, Caller caller, CancellationToken ct)
    {
        var known = await clerk.Asks<string>($"select code from stock.location where company_id = {clerk.Company} and kind in ('PickFace', 'Storage')", ct);
        var main = Enumerable.Range(0, Assortment.Aisles * Assortment.BinsPerAisle).Select(i => new CreateLocations.Place(Assortment.BinAt(i), "MAIN", PlaceKind.PickFace, PickOrder: i + 1));
        var overflow = Enumerable.Range(0, Assortment.OverflowBins).Select(i => new CreateLocations.Place(Assortment.OverflowBinAt(i), "OVERFLOW", PickOrder: i + 1));
        var missing = main.Concat(overflow).Where(p => !known.Contains(p.Code.Text)).ToArray();
        if (missing.Length > 0) await clerk.Does<CreateLocations, CreateLocations.Request, int>(new(missing), caller, ct);
    }

    /// Each site has a printer for labels and one for papers. They are simulated: whoever tries the demo prints at once, and looks at what came out.
    private static async Task AddPrinters(Clerk clerk, Caller caller, CancellationToken ct)
    {
        (string Site, string Labels, string Papers)[] sites = [("MAIN", "Packing bench labels", "Warehouse office"), ("OVERFLOW", "Overflow labels", "Overflow desk")];
        SavePrinters.Item Printer(string name, PaperForm kind, string site) => new(name, kind, site, null, PrinterConnection.Simulated, null);
        await clerk.Does<SavePrinters, SavePrinters.Request, Saved[]>(
            new([.. sites.SelectMany(s => new[] { Printer(s.Labels, PaperForm.Label, s.Site), Printer(s.Papers, PaperForm.Document, s.Site) })]), caller, ct);
        await clerk.Does<SaveStations, SaveStations.Request, Saved[]>(new(
        [
            new("BENCH-1", "Packing bench 1", StationKind.Bench, "MAIN"), new("DOCK-1", "Loading dock", StationKind.Dock, "MAIN"), new("OFFICE", "Office", StationKind.Office, "MAIN"),
            new("BENCH-9", "Packing bench of the overflow", StationKind.Bench, "OVERFLOW"),
        ]), caller, ct);
        var bySite = sites.SelectMany(s => new SaveRoutes.Item[]
        {
            new("shipping-label", s.Labels, s.Papers, s.Site), new("product-label", s.Labels, s.Papers, s.Site), new("bin-label", s.Labels, s.Papers, s.Site),
            new("packing-slip", s.Papers, Site: s.Site), new("pick-list", s.Papers, Site: s.Site),
        });
        SaveRoutes.Item[] everywhere = [new("product-label", sites[0].Labels, sites[0].Papers), new("invoice", sites[0].Papers), new("credit-note", sites[0].Papers)];
        var saved = await clerk.Does<SaveRoutes, SaveRoutes.Request, Saved[]>(new([.. bySite, .. everywhere]), caller, ct);
        if (Array.Find(saved, s => s.Refusal is not null) is { } wrong) throw new InvariantBroken($"The route {wrong.Key} was refused: {wrong.Refusal}");
    }

    private async Task AddProducts(Clerk clerk, Caller caller, CancellationToken ct)
    {
        await clerk.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([.. assortment.All.Select(a => new SaveProducts.Item(
            a.Sku, a.Name, VariantOf: a.VariantOf, WeightGrams: a.WeightGrams, LengthMm: a.Side(0), WidthMm: a.Side(1), HeightMm: a.Side(2), HsCode: a.HsCode,
            Attributes: a.Colour is null ? new Dictionary<string, string> { ["category"] = a.Category } : new Dictionary<string, string> { ["category"] = a.Category, ["colour"] = a.Colour }))]), caller, ct);
        var saved = await clerk.Does<AddBarcodes, AddBarcodes.Request, Saved[]>(new([.. assortment.Sold.DistinctBy(a => a.Gtin).Select(a => new AddBarcodes.Item(a.Sku, a.Gtin))]), caller, ct);
        if (Array.Find(saved, s => s.Refusal is not null) is { } wrong) throw new InvariantBroken($"The barcode {wrong.Key} was refused: {wrong.Refusal}");
    }

    private async Task AddPrices(Clerk clerk, Caller caller, CancellationToken ct)
    {
        var from = DateOnly.FromDateTime(caller.At!.Value.UtcDateTime).AddDays(-1);
        await clerk.Does<SavePriceList, SavePriceList.Request, Saved[]>(new("retail", "Retail", Currency.Eur, ValidFrom: from), caller, ct);
        await clerk.Does<SavePriceList, SavePriceList.Request, Saved[]>(new("wholesale", "Wholesale", Currency.Eur, IncludesTax: false, Channel: "b2b", ValidFrom: from), caller, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [.. assortment.Sold.Select(a => new SetPrices.Item(a.Sku, a.Price, From: from))]), caller, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("wholesale", [.. assortment.Sold.Select(a => new SetPrices.Item(a.Sku, Math.Round(a.Price / 1.21m * 0.58m, 2), From: from))]), caller, ct);
        await clerk.Does<SavePromotion, SavePromotion.Request, Saved[]>(new("volume", "Volume discount", PromotionKind.ByQuantity, "Sales", from, Tiers: "8: 3, 16: 5", Channels: "b2b"), caller, ct);
        await clerk.Does<SavePromotion, SavePromotion.Request, Saved[]>(new("welcome", "Welcome to Harbour Home", PromotionKind.Percent, "Sales", from, Percent: 10, Channels: "webshop", NeedsCoupon: true, MaxPerCustomer: 1), caller, ct);
        await clerk.Does<SavePriceList, SavePriceList.Request, Saved[]>(new("trade", "Trade", Currency.Eur, IncludesTax: false, CustomerClass: "b2b", ValidFrom: from), caller, ct);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("trade", [.. assortment.Sold.Take(6).Select(a => new SetPrices.Item(a.Sku, Math.Round(a.Price / 1.21m * 0.54m, 2), From: from))]), caller, ct);
        await clerk.Does<AddCoupons, AddCoupons.Request, Saved[]>(new([new("welcome", "WELCOME10")]), caller, ct);
    }
}
