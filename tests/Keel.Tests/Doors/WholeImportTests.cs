using Keel.Catalog.Aliases;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

/// Rows of a file that are one thing together, such as the parts of a kit: all of them come in, or none.
public class WholeImportTests
{
    private const string Door = "/api/v1/import/catalog.save-kits";
    private const string MadeOf = "select string_agg(kit || ': ' || parts, '; ' order by kit) from (select kit, string_agg(trim_scale(quantity / 1000.0) || ' ' || component, ', ' order by place) as parts from catalog.kit_component group by kit) k";

    [Fact, Feature("MD-08", "OM-28")]
    public async Task A_kit_with_one_wrong_row_does_not_come_in_and_the_others_do()
    {
        await using var web = await Sells("GIFT", "HAMPER", "CHEST");
        const string file = "kit;part;quantity;kind\nGIFT;MUG-BL;2;virtual\nHAMPER;BOWL;1;preBuilt\nGIFT;NOBODY;1;\nCHEST;CANDLE;few;\nHAMPER;CANDLE;4;\nCHEST;BOWL;1;\n";

        var tried = await Send(web, Door + "?dryRun=true", file);
        var there = await web.Shop.Number("select count(*) from catalog.kit");
        var done = await Send(web, Door, file);

        there.ShouldBe(0);
        Totals(tried).ShouldBe((6, 2, 4));
        Totals(done).ShouldBe((6, 2, 4));
        (await web.Shop.Text(MadeOf)).ShouldBe("HAMPER: 1 BOWL, 4 CANDLE");
        (await web.Shop.Text("select kind from catalog.kit")).ShouldBe("PreBuilt");
        Reasons(done).ShouldBe([
            (2, "Row 4 of the same kit is wrong: its rows come in together or not at all."), (4, "There is no product NOBODY. Create it first, or take it out of the kit."),
            (5, Reasons(done).Single(r => r.Row == 5).Reason), (7, "Row 5 of the same kit is wrong: its rows come in together or not at all.")]);
        Reasons(done).Single(r => r.Row == 5).Reason.ShouldStartWith("components.quantity");
    }

    [Theory, Feature("MD-08")]
    [InlineData("GIFT,MUG-BL,2,\nGIFT,BOWL\n", 3, "The row has 2 fields")]
    [InlineData("GIFT,MUG-BL\nGIFT,BOWL,1,\n", 2, "The row has 2 fields")]
    [InlineData("GIFT,MUG-BL,2,\n,BOWL,1,\n", 3, "sku is empty")]
    [InlineData("GIFT,MUG-BL,2,\nGIFT,,1,\n", 3, "components.sku is empty")]
    [InlineData("GIFT,MUG-BL,2,\nGIFT,BOWL,=1+1,\n", 3, "components.quantity holds the formula")]
    [InlineData("GIFT,MUG-BL,2,virtual\ngift,BOWL,1,preBuilt\n", 3, "kind is preBuilt here and virtual in another row of the same kit")]
    [InlineData("GIFT,MUG-BL,2,\nGIFT,MUG-BL,1,\n", 3, "MUG-BL stands twice in GIFT")]
    [InlineData("GIFT,MUG-BL,2,\nGIFT,CANDLE,0.5,\n", 3, "CANDLE is counted in whole")]
    public async Task Whatever_is_wrong_with_a_row_takes_its_kit_along(string rows, int wrong, string why)
    {
        await using var web = await Sells("GIFT");

        var done = await Send(web, Door, "kit,part,quantity,kind\n" + rows);

        Totals(done).ShouldBe((2, 0, 2));
        Reasons(done).Single(r => r.Row == wrong).Reason.ShouldStartWith(why);
        Reasons(done).Single(r => r.Row != wrong).Reason.ShouldBe($"Row {wrong} of the same kit is wrong: its rows come in together or not at all.");
        (await web.Shop.Number("select count(*) from catalog.kit")).ShouldBe(0);
    }

    [Fact, Feature("MD-08")]
    public async Task What_is_wrong_with_the_kit_itself_is_said_of_all_its_rows_and_two_names_of_one_kit_are_none()
    {
        await using var web = await Sells("GIFT", "HAMPER");
        await web.Shop.Must<AddAliases, AddAliases.Request, Saved[]>(new([new("PRESENT", "GIFT")]));

        var done = await Send(web, Door, "kit,part,quantity\nNOKIT,MUG-BL,1\nNOKIT,BOWL,1\nGIFT,MUG-BL,1\nPRESENT,BOWL,1\nHAMPER,BOWL,1\n");

        Totals(done).ShouldBe((5, 1, 4));
        Reasons(done).Take(2).ShouldAllBe(r => r.Reason.StartsWith("There is no product with this SKU"));
        Reasons(done).Skip(2).ShouldAllBe(r => r.Reason.StartsWith("The list names this kit twice"));
        (await web.Shop.Text(MadeOf)).ShouldBe("HAMPER: 1 BOWL");
    }

    [Fact, Feature("MD-08")]
    public async Task Kits_come_in_whole_however_many_and_however_their_rows_stand()
    {
        string[] kits = [.. Enumerable.Range(1, 130).Select(k => $"KIT-{k:000}")];
        await using var web = await Sells(kits);

        var done = await Send(web, Door, "kit,part,quantity\n" + string.Concat(new[] { "MUG-BL", "BOWL", "CANDLE" }.SelectMany(p => kits.Select(k => $"{k},{p},1\n"))));

        Totals(done).ShouldBe((390, 390, 0));
        (await web.Shop.Number("select count(*) from (select kit from catalog.kit_component group by kit having string_agg(component, ' ' order by place) = 'MUG-BL BOWL CANDLE') k")).ShouldBe(130);
    }

    private static async Task<WebShop> Sells(params string[] kits)
    {
        var web = await WebShop.Open();
        foreach (var kit in kits) await web.Shop.Sells(new(kit, "Set " + kit));
        return web;
    }

    private static (long, long, long) Totals(Said said) => (said.Json.GetProperty("read").GetInt64(), said.Json.GetProperty("accepted").GetInt64(), said.Json.GetProperty("refused").GetInt64());

    private static (int Row, string Reason)[] Reasons(Said said) => [.. said.Json.GetProperty("rows").EnumerateArray().Select(r => (r.GetProperty("row").GetInt32(), r.GetProperty("reason").GetString()!)).OrderBy(r => r.Item1)];

    private static async Task<Said> Send(WebShop web, string address, string file)
    {
        using var content = new StringContent(file, System.Text.Encoding.UTF8, "text/csv");
        using var response = await web.Http.PostAsync(new Uri(address, UriKind.Relative), content);
        return new Said((int)response.StatusCode, await response.Content.ReadAsStringAsync(), false);
    }
}
