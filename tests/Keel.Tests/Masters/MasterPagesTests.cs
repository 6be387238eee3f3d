using Keel.Catalog.Products;
using Keel.Partners.Merging;
using Keel.Pricing.PriceLists;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

/// The pages of master data open, show what is true, and what they offer works by hand.
public class MasterPagesTests
{
    [Fact]
    public async Task Every_page_of_master_data_opens_without_a_complaint_and_without_barriers()
    {
        await using var shop = await Shop.Open();
        await using var site = await Site.Open(shop);
        var addresses = await Fill(shop);

        (await site.Walks(addresses)).ShouldBeEmpty();
    }

    [Fact, Feature("MD-01", "MD-02")]
    public async Task An_owner_is_named_and_decides_with_before_and_after_in_view()
    {
        await using var shop = await Shop.Open();
        var clerk = await shop.Person("Bram", "buyer");
        await using var site = await Site.Open(shop, "operations");
        await site.Goes("/settings/data-owners/products");
        await site.Page.SelectOptionAsync("select[name=person]", new Microsoft.Playwright.SelectOptionValue { Label = "Operations Person" });
        await site.Presses("Save");
        await site.Page.WaitForURLAsync("**/settings/data-owners");
        await site.Sees("Operations Person");
        await shop.AsksFor("products");
        var asked = await shop.Saves(clerk, new("BOWL", "Bowl", WeightGrams: 640));

        await site.Goes($"/approvals/{asked.Waiting!.Approval}");
        await site.Sees("Weight grams");
        await site.Sees("640", "#changes");
        await site.Page.Locator("main button").Filter(new() { HasText = "Approve" }).First.ClickAsync();
        await site.Page.FillAsync("#ask-answer", "weighed it");
        await site.Agrees();
        await site.Sees("Operations Person said yes");
        shop.Clock.StepTo(TimeProvider.System.GetUtcNow());
        await shop.Delivers();

        (await shop.Weight("BOWL")).ShouldBe("640");
        await site.Goes("/product/BOWL");
        await site.Sees("Operations Person", "#care");
        site.Complaints.ShouldBeEmpty();
    }

    /// A shop in which master data is owned, asked about, lacking and doubled.
    private static async Task<IReadOnlyList<(string Name, string Address)>> Fill(Shop shop)
    {
        var (owner, clerk) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products", clerk);
        await shop.Must<SetDataOwner, SetDataOwner.Request, Done>(new("tax-rules", Team: "finance"));
        await shop.AsksFor("products", "customers");
        var asker = await shop.Person("Carla", "channel-manager");
        var first = await shop.Saves(asker, new("BOWL", "Salad bowl", WeightGrams: 640, Only: ["name", "weightGrams"]));
        await shop.Saves(owner, new("BOWL", "Bowl", WeightGrams: 600, Only: ["weightGrams"]));
        var planned = await shop.Saves(owner, new("BOWL", "Bowl", TaxCategory: "reduced", Only: ["taxCategory"]), shop.Clock.GetUtcNow().AddDays(40));
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("BOWL", 26.5m, From: DateOnly.FromDateTime(shop.Clock.GetUtcNow().UtcDateTime).AddDays(30))]));
        var (one, other) = (await shop.Customer("Piet Jansen", "piet@example.org", "+31 6 1234 5678"), await shop.Customer("JANSEN, Piet", "p.jansen@example.net", "06-12345678"));
        var third = await shop.Customer("P. Jansen", "pj@example.net");
        await shop.Must<MergePartners, MergePartners.Request, Done>(new(one, third, "the same man"));
        for (var i = 0; i < 3; i++)
        {
            await shop.Runs<CareForMasters>();
            shop.Clock.Step(TimeSpan.FromDays(1));
        }

        var pair = await shop.Text("select id from kernel.duplicate_pair where domain = 'customers'");
        return
        [
            ("owners", "/settings/data-owners"), ("owner", "/settings/data-owners/products"), ("quality", "/data-quality"), ("findings", "/data-quality/findings?f.waived.is=empty"),
            ("duplicates", "/duplicates"), ("duplicate", $"/duplicates/{pair}"), ("request", $"/approvals/{first.Waiting!.Approval}"), ("plan", $"/approvals/{planned.Waiting!.Approval}"),
            ("approvals", "/approvals"), ("product", "/product/BOWL"), ("edit", "/products/edit?sku=BOWL"), ("customer", $"/partners/number/{one}"), ("merged", $"/partners/number/{third}"),
            ("customers", "/customers"), ("other", $"/partners/number/{other}"),
        ];
    }
}
