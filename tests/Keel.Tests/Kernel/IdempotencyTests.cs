using Keel.Catalog.Products;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Kernel;

public class IdempotencyTests
{
    [Fact]
    public async Task The_same_key_and_payload_gets_the_same_answer_and_is_done_once()
    {
        await using var shop = await Shop.Open();
        var caller = Caller.Keel(shop.Company) with { IdempotencyKey = "k-1" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Save(shop, caller, "Hat")));

        answers.ShouldAllBe(a => a.Value.Single().As == SavedAs.Created);
        (await shop.Number("select count(*) from kernel.operation_log where subjects = 'HAT' and outcome = 'done'")).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_with_another_payload_is_refused()
    {
        await using var shop = await Shop.Open();
        var caller = Caller.Keel(shop.Company) with { IdempotencyKey = "k-1" };
        await Save(shop, caller, "Hat");

        (await Save(shop, caller, "Cap")).Error!.Code.ShouldBe("gate.idempotency-key-reused");
        (await Save(shop, caller with { IdempotencyKey = "k-2" }, "Cap")).Value.Single().As.ShouldBe(SavedAs.Changed);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_so_that_the_same_key_decides_anew()
    {
        await using var shop = await Shop.Open();
        var caller = Caller.Keel(shop.Company) with { IdempotencyKey = "k-1" };
        Task<Result<Saved[]>> Variant() => shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(
            new([new("HAT-RED", "Hat, red", VariantOf: "HAT")]), caller);

        (await Variant()).Error!.Code.ShouldBe("product.parent-unknown");
        await Save(shop, Caller.Keel(shop.Company), "Hat");
        (await Variant()).Value.Single().As.ShouldBe(SavedAs.Created);
    }

    [Fact]
    public async Task Questions_of_one_page_that_are_asked_at_the_same_time_take_turns()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => db.Query<int>($"select {n}")));

        answers.Select(a => a.Single()).ShouldBe(Enumerable.Range(0, 20));
    }

    private static Task<Result<Saved[]>> Save(Shop shop, Caller caller, string name) =>
        shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new("HAT", name)]), caller);
}
