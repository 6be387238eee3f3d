using System.Text.Json;
using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

public class JunkTests
{
    private const int PerOperation = 40;

    [Fact]
    public async Task No_operation_ever_breaks_on_what_it_is_given()
    {
        await using var web = await WebShop.Open();
        await web.Shop.Stocks("MUG-BL", onHand: 20);
        var ids = await Ids(web);
        using var document = JsonDocument.Parse(await web.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var junk = new Junk(document.RootElement, seed: 7, ids);
        var broken = new List<string>();

        foreach (var operation in web.Catalog.Operations.Where(o => o.Name != "access.revoke-api-key"))
        {
            for (var i = 0; i < PerOperation; i++)
            {
                var request = junk.Request(operation.Name);
                var said = await web.Post("/api/v1/" + operation.Name.Replace('.', '/'), request);
                if (said.Status >= 500) broken.Add($"{operation.Name} {said.Status} {request[..Math.Min(600, request.Length)]}");
            }
        }

        broken.ShouldBeEmpty();
        (await web.Shop.Number("select count(*) from stock.position where on_hand < 0 or reserved > sellable")).ShouldBe(0);
    }

    [Fact]
    public async Task No_list_ever_breaks_on_its_address()
    {
        await using var web = await WebShop.Open();
        string[] tails = ["", "?q=%27%25_", "?sort=nope", "?size=0", "?size=999", "?after=xyz", "?after=W251bGwsIngiLDBd", "?f.nope=1", "?format=xml", "?f.id=abc", "?cols=id,nope", "?f.state.is=set", "?q=%00"];
        var broken = new List<string>();

        foreach (var view in web.Catalog.Views.Select(v => Keel.Kernel.Views.ViewInfo.Of(v)))
        {
            foreach (var tail in tails.Concat(view.Columns.Select(c => $"?f.{c.Name}.ge=%F0%9F%99%82")).Concat(view.Columns.Select(c => $"?sort=-{c.Name}&f.{c.Name}.is=set")))
            {
                var said = await WebShop.Get(web.Http, "/api/v1/" + view.Name.Replace('.', '/') + tail);
                if (said.Status >= 500) broken.Add($"{view.Name}{tail} {said.Body}");
            }
        }

        broken.ShouldBeEmpty();
    }

    /// Keys of real things, so that some junk hits something.
    internal static async Task<string[]> Ids(WebShop web)
    {
        var order = await web.Shop.Takes(("MUG-BL", 2));
        await web.Shop.Ships(order);
        var other = await web.Shop.Takes(("MUG-BL", 3));
        return [order.Id!.Value.ToString(), other.Id!.Value.ToString(), web.Shop.Company.ToString()];
    }
}
