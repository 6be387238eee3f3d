using Keel.App.Imports;
using Keel.Catalog.Products;
using Keel.Tests.Doors;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Masters;

public class ReconcileTests
{
    [Fact, Feature("MD-09")]
    public async Task What_a_file_brought_ties_with_what_is_there_until_somebody_changes_it()
    {
        await using var web = await WebShop.Open();
        await Sends(web, "catalog.save-products", "sku,name,weightGrams\nP-1,Jug,300\nP-2,Vase,\"450\"\n");

        var sheet = await Load(web);

        sheet.Ties.ShouldBeTrue();
        (sheet.Read, sheet.Keys, sheet.Found).ShouldBe((2, 2, 2));
        sheet.Figures.ShouldHaveSingleItem().ShouldBe(new Reconciliation.Figure("weightGrams", 750, 750, 750));

        await web.Shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("P-2", "Vase", WeightGrams: 500)]));
        var later = await Load(web);
        later.Ties.ShouldBeFalse();
        later.Differences.ShouldHaveSingleItem().ShouldBe(new Reconciliation.Difference(3, "P-2", "weightGrams", 450, 500));
        later.Figures[0].Difference.ShouldBe(50);
    }

    [Fact, Feature("MD-09")]
    public async Task Refused_rows_stand_in_the_files_sums_and_not_in_what_was_accepted()
    {
        await using var web = await WebShop.Open();
        await Sends(web, "pricing.set-prices", "list,sku,price\nretail,BOWL,25.50\nretail,NOTHING,9.00\nretail,THROW,61\n");

        var sheet = await Load(web);

        (sheet.Read, sheet.Accepted, sheet.Refused, sheet.Keys, sheet.Found, sheet.Ties).ShouldBe((3, 2, 1, 2, 2, false));
        sheet.Figures.ShouldHaveSingleItem().ShouldBe(new Reconciliation.Figure("price", 95.50m, 86.50m, 86.50m));
        sheet.Differences.ShouldBeEmpty();
    }

    [Fact, Feature("MD-09")]
    public async Task Counted_opening_stock_ties_with_the_stock_book()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("BOWL", 3);
        await Sends(web, "stock.adjust", "location,sku,counted,reason\nMAIN/STOCK,BOWL,12,count\nMAIN/STOCK,THROW,0,count\n");

        var sheet = await Load(web);

        sheet.Figures.ShouldHaveSingleItem().ShouldBe(new Reconciliation.Figure("counted", 12, 12, 12));
        sheet.Ties.ShouldBeTrue();
    }

    private static async Task Sends(WebShop web, string operation, string file)
    {
        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(file));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        using var response = await web.Http.PostAsync(new Uri("/api/v1/import/" + operation, UriKind.Relative), content);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }

    private static async Task<Reconciliation.Sheet> Load(WebShop web)
    {
        await using var scope = web.Shop.Scope();
        var job = await scope.ServiceProvider.GetRequiredService<KeelDb>().Table<ImportJob>().Find($"true order by id desc limit 1");
        return (await scope.ServiceProvider.GetRequiredService<Reconciliation>().Load(job!))!;
    }
}
