using System.Text.Json;
using Keel.Catalog.Products;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Merging;
using Keel.Partners.Suppliers;
using Keel.Pricing.PriceLists;

namespace Keel.Simulators;

/// How Harbour Home cares for its master data: who answers for what, what is looked at, who asks for which change, who was entered twice.
internal sealed class Masters(Clerk clerk, Assortment assortment)
{
    private static readonly (string Domain, string Team)[] Owners =
    [
        ("products", "merchandiser"), ("prices", "merchandiser"), ("customers", "service"), ("suppliers", "buyer"), ("tax-rules", "finance"), ("locations", "warehouse"), ("channels", "channel-manager"),
    ];

    /// The first day: who answers for what.
    public async Task Found(DateTimeOffset at, CancellationToken ct)
    {
        foreach (var (domain, team) in Owners) await clerk.Does<SetDataOwner, SetDataOwner.Request, Done>(new(domain, Team: team), clerk.At(at), ct);
    }

    /// The early round over the records: what they lack, and who may be one.
    public async Task Look(DateTimeOffset at, CancellationToken ct)
    {
        await clerk.Does<CheckDataQuality, CheckDataQuality.Request, int>(new(), clerk.At(at), ct);
        foreach (var domain in new[] { "products", "customers", "suppliers" }) await clerk.Does<FindDuplicates, FindDuplicates.Request, int>(new(domain), clerk.At(at), ct);
    }

    /// The last hour: changes that are asked for, one over another, a change to come, two customers who are one.
    public async Task Scene(DateTimeOffset at, CancellationToken ct)
    {
        var policy = new MasterChanges([new MasterChangeRule("products", ChangeWay.Request), new MasterChangeRule("customers", ChangeWay.Request, ["vatId", "creditLimit", "paymentTermsDays"])]);
        await clerk.Does<SetPolicy, SetPolicy.Request, int>(new(MasterChanges.Kind, JsonSerializer.SerializeToElement(policy, KeelJson.Options), "head of operations"), clerk.At(at), ct);
        var articles = assortment.Sold.OrderByDescending(a => a.Liking).Take(6).ToArray();
        await Asks("Carla Mendes", at.AddSeconds(10), ct, new(articles[0].Sku, articles[0].Name, WeightGrams: articles[0].WeightGrams + 40, Only: ["weightGrams"]));
        await Asks("Wim de Boer", at.AddSeconds(20), ct, new(articles[0].Sku, articles[0].Name, WeightGrams: articles[0].WeightGrams + 55, Only: ["weightGrams"]));
        await Asks("Bianca Rossi", at.AddSeconds(30), ct, new(articles[2].Sku, articles[2].Name + ", boxed", HsCode: "691200", Only: ["name", "hsCode"]));
        await Asks("Fiona Byrne", at.AddSeconds(40), ct, new(articles[4].Sku, articles[4].Name, TaxCategory: "reduced", Only: ["taxCategory"]));
        await Plan(articles[1], at.AddSeconds(50), ct);
        await Doubles(at.AddMinutes(1), ct);
        await Look(at.AddMinutes(2), ct);
    }

    private Task Asks(string who, DateTimeOffset at, CancellationToken ct, SaveProducts.Item item) =>
        clerk.Tries<SaveProducts, SaveProducts.Request, Saved[]>(new([item]), clerk.At(at) with { Actor = Staff.Of(who), Door = Door.Page }, ct);

    /// A dearer price and a longer way from the first of the month after next.
    private async Task Plan(Article article, DateTimeOffset at, CancellationToken ct)
    {
        var first = new DateOnly(at.Year, at.Month, 1).AddMonths(2);
        await clerk.Does<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new(article.Sku, decimal.Round(article.Price * 1.05m, 2), From: first)]), clerk.At(at), ct);
        var suppliers = await clerk.Asks<Known>($"select number, name, email from partners.partner where company_id = {clerk.Company} and is_supplier order by number limit 1", ct);
        foreach (var supplier in suppliers)
        {
            await clerk.Tries<SaveSuppliers, SaveSuppliers.Request, Saved[]>(
                new([new(new Contact(supplier.Name, supplier.Email, null, null), supplier.Number, LeadTimeDays: 28, Only: ["leadTimeDays"])]),
                clerk.At(at) with { Actor = Staff.Of("Bianca Rossi"), Door = Door.Page, From = new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) }, ct);
        }
    }

    /// Two who were entered twice, and a pair that was made one already.
    private async Task Doubles(DateTimeOffset at, CancellationToken ct)
    {
        var place = new PostalAddress("Zeedijk 41", null, "4501 KB", "Havenmond", null, "NL");
        string[] numbers =
        [
            await Enters(new Contact("Femke Noordhoek", "femke.noordhoek@example.org", "+31 6 5550 1234", place), at, ct), await Enters(new Contact("Noordhoek, Femke", "f.noordhoek@example.net", "06-55501234", place), at, ct),
            await Enters(new Contact("Hotel Vogelaar", "inkoop@vogelaar.example", "+31 118 555 010", place with { Line1 = "Kade 2" }), at, ct),
            await Enters(new Contact("Vogelaar Hotel", "receptie@vogelaar.example", "+31 118 555 010", place with { Line1 = "Kade 2" }), at, ct),
            await Enters(new Contact("Otto Quist", "otto@quist.example", null, place with { Line1 = "Boulevard 9" }), at, ct), await Enters(new Contact("O. Quist", "o.quist@example.net", null, place with { Line1 = "Boulevard 9" }), at, ct),
        ];
        await clerk.Does<ClassifyCustomers, ClassifyCustomers.Request, Saved[]>(new([numbers[2], numbers[3]], Class: "b2b"), clerk.At(at), ct);
        await clerk.Does<MergePartners, MergePartners.Request, Done>(new(numbers[4], numbers[5], "rang him: one man, two addresses of mail"), clerk.At(at), ct);
    }

    private async Task<string> Enters(Contact contact, DateTimeOffset at, CancellationToken ct) =>
        (await clerk.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(contact)]), clerk.At(at), ct))[0].Key;

    private sealed record Known(string Number, string Name, string? Email);
}
