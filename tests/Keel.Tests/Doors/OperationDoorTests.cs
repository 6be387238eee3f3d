using Shouldly;
using Xunit;

namespace Keel.Tests.Doors;

public class OperationDoorTests
{
    private const string Save = "/api/v1/catalog/save-products";

    [Fact, Feature("CH-16")]
    public async Task The_same_key_and_request_is_done_once_and_another_request_under_it_is_refused()
    {
        await using var web = await WebShop.Open();
        const string order = """{"channel":"webshop","number":"W-1","lines":[{"sku":"MUG-BL","quantity":1}],"customer":{"name":"Ann"}}""";

        var first = await web.Post("/api/v1/sales/place-order", order, "k-1");
        var again = await web.Post("/api/v1/sales/place-order", order, "k-1");
        var other = await web.Post("/api/v1/sales/place-order", order.Replace("W-1", "W-2"), "k-1");

        first.Status.ShouldBe(200);
        (again.Status, again.Body, again.Replayed).ShouldBe((200, first.Body, true));
        (other.Status, other.Code).ShouldBe((409, "gate.idempotency-key-reused"));
        (await web.Shop.Number("select count(*) from sales.orders")).ShouldBe(1);
    }

    [Fact]
    public async Task A_dry_run_answers_and_changes_nothing()
    {
        await using var web = await WebShop.Open();

        var tried = await web.Post(Save + "?dryRun=true", """{"products":[{"sku":"NEW-1","name":"New"}]}""");

        tried.Status.ShouldBe(200);
        (await web.Shop.Number("select count(*) from catalog.product where sku = 'NEW-1'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"products":[{"sku":"A","nme":"B"}]}""", 400, "request.unknown-field", "products[0].nme")]
    [InlineData("""{"products":[{"sku":"A"}]}""", 400, "request.incomplete", "products[0].name")]
    [InlineData("""{"products":[{"sku":5,"name":"B"}]}""", 400, "request.wrong-value", "products[0].sku")]
    [InlineData("""{"products":[{"sku":"A","name":"B","weightGrams":"heavy"}]}""", 400, "request.wrong-value", "products[0].weightGrams")]
    [InlineData("""{"products":[{"sku":"A","name":"B\u0007"}]}""", 400, "gate.invalid", "products[0].name")]
    [InlineData("""{"products":[]}""", 400, "gate.invalid", "products")]
    public async Task What_is_wrong_with_a_request_is_said_with_its_place(string json, int status, string code, string field)
    {
        await using var web = await WebShop.Open();

        var said = await web.Post(Save, json);

        (said.Status, said.Code, said.Field).ShouldBe((status, code, field));
        said.Json.GetProperty("type").GetString().ShouldBe("/problems/" + code);
    }

    [Fact]
    public async Task What_is_no_request_at_all_is_refused_with_what_to_do()
    {
        await using var web = await WebShop.Open();

        (await web.Post(Save, """{"products":[""")).Code.ShouldBe("request.malformed");
        (await web.Post(Save, "")).Code.ShouldBe("request.empty");
        (await web.Post(Save, "null")).Code.ShouldBe("request.empty");
        (await web.Post(Save, "[]")).Status.ShouldBe(400);
        (await web.Post(Save, string.Concat(Enumerable.Repeat("""{"products":[""", 5_000)))).Code.ShouldBe("request.malformed");
        (await WebShop.Post(web.Http, Save, "{}", type: "text/plain")).Status.ShouldBe(415);
        (await WebShop.Post(web.Http, Save, "{}", key: new string('k', 201))).Code.ShouldBe("request.idempotency-key");
        (await web.Post("/api/v1/catalog/no-such-thing", "{}")).Status.ShouldBe(404);
        (await web.Post(Save, "\"" + new string('x', 17 * 1024 * 1024) + "\"")).Status.ShouldBe(413);
    }

    [Fact, Feature("SE-01"), Feature("SE-08"), Feature("CH-15")]
    public async Task A_key_opens_what_it_is_for_and_nothing_else()
    {
        await using var web = await WebShop.Open();
        using var nobody = web.Client(null);
        using var stranger = web.Client("keel_abcdefghij_" + new string('x', 43));
        using var reader = await web.Program(["catalog.read"], "harbour");
        using var hasty = await web.Program(["catalog.*"], "harbour", perSecond: 1);

        (await WebShop.Post(nobody, Save, "{}")).Status.ShouldBe(401);
        (await WebShop.Post(stranger, Save, "{}")).Status.ShouldBe(401);
        (await WebShop.Post(reader, Save, """{"products":[{"sku":"A","name":"B"}]}""")).Status.ShouldBe(403);
        (await WebShop.Get(reader, "/api/v1/catalog/products")).Status.ShouldBe(200);
        (await WebShop.Get(reader, "/api/v1/access/users")).Status.ShouldBe(403);
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => WebShop.Get(hasty, "/api/v1/catalog/products")));
        answers.ShouldContain(a => a.Status == 429);
    }

    [Fact, Feature("CH-15")]
    public async Task A_revoked_key_is_refused_at_once()
    {
        await using var web = await WebShop.Open();
        var made = await web.Post("/api/v1/access/create-api-key", """{"name":"app","permissions":["catalog.read"],"company":"harbour"}""");
        using var app = web.Client(made.Json.GetProperty("key").GetString());
        (await WebShop.Get(app, "/api/v1/catalog/products")).Status.ShouldBe(200);

        await web.Post("/api/v1/access/revoke-api-key", $$"""{"key":"{{made.Json.GetProperty("id").GetString()}}"}""");

        (await WebShop.Get(app, "/api/v1/catalog/products")).Status.ShouldBe(401);
        (await web.Shop.Number("select count(*) from kernel.operation_log l join kernel.operation_payload p on p.operation_id = l.id where l.operation = 'access.create-api-key'")).ShouldBe(0);
    }
}
