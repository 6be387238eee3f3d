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

    [Fact]
    public void A_number_that_could_be_two_numbers_stays_text_and_is_refused_later()
    {
        var json = FormBody.Read(Form(("counted", "1,234"), ("unheard", "x")), FormField.RequestOf(typeof(GalleryAdjust)));

        json.ToJsonString().ShouldBe("""{"counted":"1,234","unheard":"x"}""");
    }

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
