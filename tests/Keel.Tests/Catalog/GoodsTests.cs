using Keel.Catalog.Barcodes;
using Keel.Catalog.Contract;
using Keel.Catalog.Units;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Catalog;

/// Goods as people give them: out of a spreadsheet, out of a scanner.
public class GoodsTests
{
    [Theory]
    [InlineData("BOWL\t12\t9.99", "BOWL 12 9.99")]
    [InlineData("bowl", "BOWL 1")]
    [InlineData("12 x BOWL", "BOWL 12")]
    [InlineData("12x BOWL", "BOWL 12")]
    [InlineData("BOWL x 12", "BOWL 12")]
    [InlineData("BOWL 12", "BOWL 12")]
    [InlineData("12\tBOWL", "BOWL 12")]
    [InlineData("BOWL;Bowl, white;1,5;1.234,50", "BOWL 1.5 1234.5")]
    [InlineData("SKU\tName\tQuantity\r\nBOWL\tBowl\t3\r\n\r\nTHROW\tThrow\t2\r\n", "BOWL 3, THROW 2")]
    [InlineData("BOWL\nTHROW\nBOWL\nBOWL", "BOWL 3, THROW 1")]
    [InlineData("BOWL\t2\nBOWL\t3", "BOWL 2, BOWL 3")]
    [InlineData("4006381333931", "CANDLE 1")]
    [InlineData("04006381333931\t2", "CANDLE 2")]
    [InlineData("CASE-CANDLE\t2", "CANDLE 48")]
    public async Task Rows_are_understood_as_they_are_pasted(string text, string understood)
    {
        await using var shop = await Shop.Open();
        await shop.Must<AddUnits, AddUnits.Request, Saved[]>(new([new("CANDLE", "case", 24)]));
        await shop.Must<AddBarcodes, AddBarcodes.Request, Saved[]>(new([new("CANDLE", "4006381333931"), new("CANDLE", "CASE-CANDLE", BarcodeKind.Internal, "case")]));

        var lines = await Reads(shop, text);

        string.Join(", ", lines.Select(l => string.Join(' ', new[] { l.Code, l.Quantity, l.Price }.OfType<string>()))).ShouldBe(understood);
        lines.ShouldAllBe(l => l.Wrong == null && l.Name != null);
    }

    [Fact]
    public async Task What_nobody_knows_stays_as_it_was_typed_and_a_number_that_could_be_two_is_asked_about()
    {
        await using var shop = await Shop.Open();

        var lines = await Reads(shop, "BOWLL\t4\nBOWL\t1,234\n");

        lines[0].ShouldBe(new GoodsLine("BOWLL", null, "4", null, "Nobody knows BOWLL: no SKU, no barcode and no other name is written like this. Correct it, or create the product first.", true));
        (lines[1].Code, lines[1].Quantity, lines[1].Wrong).ShouldBe(("BOWL", "1,234", "1,234 could be two numbers. Write 1234 or 1.234."));
    }

    [Fact]
    public async Task Typing_finds_by_the_beginning_of_the_code_and_by_a_word_of_the_name()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        var desk = scope.ServiceProvider.GetRequiredService<GoodsDesk>();

        (await desk.Find("mug")).Select(f => f.Sku).ShouldBe(["MUG-BL"]);
        (await desk.Find("linen")).Select(f => f.Sku).ShouldBe(["THROW"]);
        (await desk.Find("zebra")).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<GoodsLine>> Reads(Shop shop, string text)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<GoodsDesk>().Read(text);
    }
}
