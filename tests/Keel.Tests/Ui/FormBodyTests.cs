using System.Globalization;
using Keel.Ui;
using Keel.Ui.Gallery;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ui;

/// A posted form becomes the same JSON that the API takes.
public class FormBodyTests
{
    [Fact]
    public void Fields_lines_and_amounts_become_the_request()
    {
        var json = FormBody.Read(
            Form(("location", "MAIN/A-03-2"), ("sku", "MUG"), ("counted", "1,234.5"), ("reason", "found"),
                ("worth.amount", "12,50"), ("worth.currency", "eur"),
                ("day", "2026-11-20"), ("recount", "false"), ("note", ""), ("lines[0].sku", "A"), ("lines[0].quantity", "−3"),
                ("lines[0].price.price", ""),
                ("lines[0].price.currency", "EUR"), ("lines[2].sku", ""), ("lines[2].price.currency", "EUR"), ("__key", "k"),
                ("__RequestVerificationToken", "t")),
            FormField.RequestOf(typeof(GalleryAdjust)));

        json.ToJsonString().ShouldBe(
            """{"location":"MAIN/A-03-2","sku":"MUG","counted":1234.5,"reason":"found",""" +
            "\"worth\":{\"amount\":12.50,\"currency\":\"EUR\"},\"day\":\"2026-11-20\"," +
            "\"recount\":false,\"lines\":[{\"sku\":\"A\",\"quantity\":-3}]}");
    }

    [Theory, Feature("IN-20")]
    [InlineData("3 case", """{"sku":"MUG","quantity":3,"unit":"case"}""")]
    [InlineData("1.5m", """{"sku":"MUG","quantity":1.5,"unit":"m"}""")]
    [InlineData("2 Pallet-80", """{"sku":"MUG","quantity":2,"unit":"pallet-80"}""")]
    [InlineData("12", """{"sku":"MUG","quantity":12}""")]
    [InlineData("case", """{"sku":"MUG","quantity":"case"}""")]
    [InlineData("3 of them", """{"sku":"MUG","quantity":"3 of them"}""")]
    public void A_quantity_may_be_entered_with_its_unit(string typed, string line) =>
        FormBody.Read(Form(("lines[0].sku", "MUG"), ("lines[0].quantity", typed)), typeof(Keel.Stock.RequestTransfer.Request)).ToJsonString().ShouldBe($$"""{"lines":[{{line}}]}""");

    [Fact]
    public void A_number_that_could_be_two_numbers_stays_text_and_is_refused_later()
    {
        var json = FormBody.Read(Form(("counted", "1,234"), ("unheard", "x")), FormField.RequestOf(typeof(GalleryAdjust)));

        json.ToJsonString().ShouldBe("""{"counted":"1,234","unheard":"x"}""");
    }

    [Theory]
    [InlineData("de", "10.000", null)]
    [InlineData("de", "10,000", null)]
    [InlineData("de", "10.000,00", "10000.00")]
    [InlineData("de", "1.234,5", "1234.5")]
    [InlineData("de", "12,5", "12.5")]
    [InlineData("de", "1,125", "1.125")]
    [InlineData("de", "12.50", "12.50")]
    [InlineData("de", "10000", "10000")]
    [InlineData("de", "0.125", "0.125")]
    [InlineData("en", "10.000", null)]
    [InlineData("en", "1,234", null)]
    [InlineData("en", "1,234.50", "1234.50")]
    [InlineData("en", "1.125", "1.125")]
    [InlineData("en", "−12.5", "-12.5")]
    public void A_figure_is_read_as_its_writer_means_it_and_doubted_where_it_could_be_two(string language, string typed, string? read)
    {
        var writer = new FormWriter(language == "de" ? CultureInfo.GetCultureInfo("de-DE") : CultureInfo.InvariantCulture, TimeZoneInfo.Utc);

        var json = FormBody.Read(Form(("counted", typed)), FormField.RequestOf(typeof(GalleryAdjust)), null, writer);

        if (read is null) writer.Doubts.ShouldHaveSingleItem().Message.ShouldStartWith($"{typed} could be two numbers. Write ");
        else writer.Doubts.ShouldBeEmpty();
        json.ToJsonString().ShouldBe(read is null ? $$"""{"counted":"{{typed}}"}""" : $$"""{"counted":{{read}}}""");
    }

    [Fact]
    public void A_doubt_says_both_ways_to_write_it()
    {
        var writer = new FormWriter(CultureInfo.GetCultureInfo("de-DE"), TimeZoneInfo.Utc);
        FormBody.Read(Form(("counted", "10.000")), FormField.RequestOf(typeof(GalleryAdjust)), null, writer);

        writer.Doubts.ShouldHaveSingleItem().ShouldBe(new FieldError("counted", "10.000 could be two numbers. Write 10000 or 10,0."));
    }

    [Fact]
    public void A_time_is_meant_where_its_writer_is()
    {
        var writer = new FormWriter(CultureInfo.InvariantCulture, Zones.Of("Europe/Amsterdam"));

        var json = FormBody.Read(Form(("to", "00000000-0000-0000-0000-000000000001"), ("until", "2026-07-01T18:00")), FormField.RequestOf(typeof(HandOverDecisions)), null, writer);

        json["until"]!.ToString().ShouldBe("2026-07-01T16:00:00Z");
    }

    [Theory]
    [InlineData("products[0].weightGrams", true, "Weight grams")]
    [InlineData("products[1].weightGrams", false, "Product 2, weight grams")]
    [InlineData("products", false, "Products")]
    [InlineData("unheard[3].of", false, "Unheard, of")]
    public void A_field_is_called_as_the_form_calls_it(string path, bool isAlone, string said) =>
        FieldPath.Spoken(FormField.RequestOf(typeof(Keel.Catalog.Products.SaveProducts)), path, null, _ => isAlone).ShouldBe(said);

    [Fact]
    public void Selected_rows_go_into_the_first_list_of_the_request()
    {
        var act = Act.On<GalleryRelease>("Release");
        var json = FormBody.Read(
            Form(("ids", "7"), (FormField.SelectionName, act.Selection!)), FormField.RequestOf(typeof(GalleryRelease)));

        act.Url.ShouldBe("/do/gallery/release");
        json.ToJsonString().ShouldBe("""{"orders":[7]}""");
    }

    private static Dictionary<string, StringValues> Form(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(f => f.Name, f => new StringValues(f.Value), StringComparer.Ordinal);
}
