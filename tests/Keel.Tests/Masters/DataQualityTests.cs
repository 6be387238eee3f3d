using Keel.Catalog.Barcodes;
using Keel.Catalog.Products;
using Keel.Kernel.Views;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class DataQualityTests
{
    [Fact, Feature("MD-05")]
    public async Task What_a_product_lacks_is_found_and_what_was_put_right_is_forgotten()
    {
        await using var shop = await Shop.Open();
        await shop.Runs<CareForMasters>();
        (await RulesOf(shop, "BOWL")).ShouldBe("barcode category cost customs-code size weight");
        var before = await Score(shop);

        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("BOWL", "Bowl", WeightGrams: 640, LengthMm: 240, WidthMm: 240, HeightMm: 90, HsCode: "691200", Attributes: new Dictionary<string, string> { ["category"] = "table" })]));
        await shop.Must<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("BOWL", "4006381333931")]));
        await shop.Stocks("BOWL", 5);
        await shop.Runs<CareForMasters>();

        (await RulesOf(shop, "BOWL")).ShouldBe("");
        (await Score(shop)).ShouldBeGreaterThan(before);
        (await shop.Number("select count(*) from kernel.quality_score where domain = 'products'")).ShouldBe(1);
    }

    [Fact, Feature("MD-05")]
    public async Task A_domains_score_is_the_average_of_its_records_and_its_trend_has_one_point_a_day()
    {
        await using var shop = await Shop.Open();
        await shop.Customer("Fam. Jansen", "jansen@example.org");
        await shop.Customer("Fam. Smit", phone: null);
        await shop.Runs<CareForMasters>();

        (await shop.Text("select records || ' ' || flawed || ' ' || findings || ' ' || score from kernel.quality_score where domain = 'customers'")).ShouldBe("2 1 1 90.00");
        shop.Clock.Step(TimeSpan.FromDays(1));
        await shop.Runs<CareForMasters>();

        await using var scope = shop.Scope();
        var customers = (await scope.ServiceProvider.GetRequiredService<QualityBook>().Load()).Single(s => s.Domain.Name == "customers");
        customers.Days.Select(d => d.Score).ShouldBe([90m, 90m]);
    }

    [Fact, Feature("MD-05")]
    public async Task A_waiver_has_a_reason_and_an_end_and_only_who_answers_for_the_data_gives_it()
    {
        await using var shop = await Shop.Open();
        var (owner, other) = (await shop.Person("Olga", "merchandiser"), await shop.Person("Bram", "buyer"));
        await shop.Owns(owner, "products");
        await shop.Runs<CareForMasters>();
        var finding = Guid.Parse(await shop.Text("select id from kernel.quality_finding where key = 'CORD' and rule = 'cost'"));
        var before = await Score(shop);

        var refused = await shop.Does<WaiveFindings, WaiveFindings.Request, IReadOnlyList<WaiveFindings.Answer>>(new([finding], "sold on commission"), shop.By(other));
        var forever = await shop.Does<WaiveFindings, WaiveFindings.Request, IReadOnlyList<WaiveFindings.Answer>>(new([finding], "sold on commission", new DateOnly(2030, 1, 1)), shop.By(owner));
        var waived = await shop.Does<WaiveFindings, WaiveFindings.Request, IReadOnlyList<WaiveFindings.Answer>>(new([finding], "sold on commission", new DateOnly(2026, 3, 20)), shop.By(owner));
        await shop.Runs<CareForMasters>();

        refused.Value.ShouldHaveSingleItem().Why!.ShouldContain("Olga answers for products");
        forever.Error.ShouldBe(WaiveFindings.Span);
        waived.Value.ShouldHaveSingleItem().Why.ShouldBeNull();
        (await Score(shop)).ShouldBeGreaterThan(before);
        shop.Clock.Step(TimeSpan.FromDays(12));
        await shop.Runs<CareForMasters>();
        (await Score(shop)).ShouldBe(before);
    }

    [Fact, Feature("MD-05")]
    public async Task The_record_says_what_it_lacks_and_where_to_put_it_right()
    {
        await using var shop = await Shop.Open();
        await shop.Runs<CareForMasters>();
        await using var scope = shop.Scope();

        var sheet = (await scope.ServiceProvider.GetRequiredService<MasterFile>().Load("products", "BOWL"))!;

        sheet.Findings.Single(f => f.Rule == "barcode").ShouldSatisfyAllConditions(f => f.Says.ShouldBe("Nothing can be scanned for it"), f => f.Fix.ShouldBe("/barcodes/new?sku=BOWL"));
        sheet.Score.ShouldBe(0m);
        var list = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<QualityFindingList, QualityFindingList.Row>(ViewQuery.All);
        list.Value.Rows[0].Severity.ShouldBe(Severity.High);
    }

    [Fact, Feature("MD-05")]
    public async Task A_family_needs_no_barcode_price_or_cost_of_its_own()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("VASE", "Vase"), new("VASE-BL", "Vase, blue", VariantOf: "VASE")]));

        await shop.Runs<CareForMasters>();

        (await RulesOf(shop, "VASE")).ShouldBe("category customs-code size weight");
        (await RulesOf(shop, "VASE-BL")).ShouldBe("barcode category cost customs-code price size weight");
    }

    private static Task<string> RulesOf(Shop shop, string key) => shop.Text($"select string_agg(rule, ' ' order by rule) from kernel.quality_finding where key = '{key}'");

    private static async Task<decimal> Score(Shop shop) => decimal.Parse(await shop.Text("select score::text from kernel.quality_score where domain = 'products' order by day desc limit 1"), System.Globalization.CultureInfo.InvariantCulture);
}
