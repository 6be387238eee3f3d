using System.Globalization;
using Keel.Catalog.Contract;
using Keel.Stock;
using Keel.Tests.Doors;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// What lay in the places when Keel began, at what it cost.
public class OpeningTests
{
    [Theory, Feature("AC-05", "IN-01")]
    [InlineData(CostingMethod.Average)]
    [InlineData(CostingMethod.Fifo)]
    public async Task Opening_stock_is_inventory_against_equity_at_its_cost(CostingMethod method)
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot));
        if (method is not CostingMethod.Average) await ValuationTests.Values(shop, method);
        var papers = await Opens(shop, new("MAIN/STOCK", "MUG-BL", 10, 3.25m), new("OVERFLOW/STOCK", "MUG-BL", 2, 4), new("MAIN/STOCK", "TEA", 5, 1.10m, Lot: "T-1", ExpiresOn: new DateOnly(2027, 1, 31)));

        papers.Count.ShouldBe(2, "one paper per site");
        (await shop.Balance("inventory"), await shop.Balance("opening-balance")).ShouldBe((46_00, -46_00));
        (await shop.Position("MUG-BL")).Available.ShouldBe(10);
        await shop.Ships(await shop.Takes(("MUG-BL", 1)));
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(method is CostingMethod.Fifo ? 3_25 : 3_38);
        await shop.Proves();
    }

    [Fact, Feature("IN-01", "AC-05")]
    public async Task What_cannot_be_taken_over_is_refused_with_what_to_do()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("TEA", "Tea", Tracking: Tracking.Lot));
        await Opens(shop, new OpenStock.Line("MAIN/STOCK", "MUG-BL", 10, 3));

        (await Refused(shop, new OpenStock.Line("MAIN/STOCK", "MUG-BL", 10, 3))).ShouldBe("MAIN/STOCK holds 10 of MUG-BL already. Count it instead.", "the same file again changes nothing");
        (await Refused(shop, new("MAIN/STOCK", "BOWL", 1, 3), new("MAIN/STOCK", "BOWL", 2, 3))).ShouldBe("BOWL stands on two lines for MAIN/STOCK. Put it on one.");
        (await Refused(shop, new OpenStock.Line("MAIN/STOCK", "TEA", 1, 3))).ShouldBe("Units of TEA are told apart. Say of which lot these are.");
        (await Refused(shop, new OpenStock.Line("MAIN/NOWHERE", "BOWL", 1, 3))).ShouldBe("There is no place MAIN/NOWHERE. Create it first.");
        (await Refused(shop, new OpenStock.Line("MAIN/STOCK", "BOWL", new Quantity(500), 3))).ShouldContain("whole");
        (await shop.Does<OpenStock, OpenStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "BOWL", 1, 3), new("MAIN/NOWHERE", "BOWL", 1, 3), new("MAIN/STOCK", "MUG-BL", 1, 3), new("MAIN/LOST", "MUG-BL", 1, 3)])))
            .Error!.Fields.ShouldBe([new FieldError("lines[1].location", "There is no place MAIN/NOWHERE. Create it first."), new FieldError("lines[3].location", "There is no place MAIN/LOST. Create it first.")], "every line that is wrong is named at once");
        (await shop.Does<OpenStock, OpenStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/STOCK", "NOBODY", 1, 3), new("MAIN/STOCK", "BOWL", 1, 3), new("MAIN/STOCK", "BOWL", new Quantity(500), 3)]))).Error!.Fields.Select(f => f.Field).ShouldBe(["lines[2].sku"]);
        (await shop.Asks<OpenStock>(new OpenStock.Request([new("MAIN/STOCK", "BOWL", 1, 3)]), shop.By(await shop.Person("Lea", "warehouse")))).Error!.Kind.ShouldBe(Refusal.Forbidden, "what goods cost is not for everybody to say");
        await shop.Proves();
    }

    /// A file of many balances, three in a hundred of them wrong: each wrong row is refused with its reason, all others are in, and undone they are gone.
    [Fact, Feature("MD-08", "IN-01")]
    public async Task Wrong_rows_of_a_file_are_refused_one_by_one_and_the_others_are_in()
    {
        const int rows = 1_000;
        await using var web = await WebShop.Open();
        var shop = web.Shop;
        await shop.Must<GenerateLocations, GenerateLocations.Request, GenerateLocations.Answer>(new(
            "MAIN", "{zone}-{aisle:00}-{rack:00}-{level}", [new("zone", "A"), new("aisle", "1-5"), new("rack", "1-40"), new("level", "1-5")]));
        var bins = (await shop.Text("select string_agg(code, ' ' order by code) from stock.location where tier = 'Bin'")).Split(' ');
        bins.Length.ShouldBe(rows);
        var file = "location,sku,quantity,unitCost\n" + string.Concat(bins.Select((bin, i) => (i % 100) switch
        {
            7 => $"{bin},NOBODY,5,2.50\n",
            40 => $"MAIN/NOWHERE-{i},MUG-BL,5,2.50\n",
            77 => $"{bin},MUG-BL,-5,2.50\n",
            _ => string.Create(CultureInfo.InvariantCulture, $"{bin},MUG-BL,{1 + (i % 9)},{2 + (i % 3) * 0.25m}\n"),
        }));

        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(file));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        using var response = await web.Http.PostAsync(new Uri("/api/v1/import/stock.open", UriKind.Relative), content);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());

        (await shop.Text("select accepted || ' + ' || refused || ' of ' || read from kernel.import_job")).ShouldBe("970 + 30 of 1000");
        (await shop.Number("select count(*) from stock.level where on_hand > 0")).ShouldBe(970);
        (await shop.Balance("inventory") + await shop.Balance("opening-balance")).ShouldBe(0);
        await shop.Proves();
    }

    private static Task<IReadOnlyList<DocumentRef>> Opens(Shop shop, params OpenStock.Line[] lines) => shop.Must<OpenStock, OpenStock.Request, IReadOnlyList<DocumentRef>>(new(lines));

    private static async Task<string> Refused(Shop shop, params OpenStock.Line[] lines) => (await shop.Does<OpenStock, OpenStock.Request, IReadOnlyList<DocumentRef>>(new(lines))).Error!.Message;
}
