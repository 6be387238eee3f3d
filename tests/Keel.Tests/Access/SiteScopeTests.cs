using System.Collections.Frozen;
using Keel.App.Doors;
using Keel.Kernel.Views;
using Keel.Sales;
using Keel.Stock;
using Keel.Stock.Contract;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

public class SiteScopeTests
{
    private static readonly Actor OfOverflow = new(ActorKind.Person, Guid.NewGuid(), "Piet") { Permissions = FrozenSet.Create(StringComparer.Ordinal, "*"), Nodes = FrozenSet.Create(StringComparer.Ordinal, "OVERFLOW") };

    [Fact, Feature("SE-02")]
    public async Task Who_works_at_one_site_receives_there_and_nowhere_else()
    {
        await using var shop = await Shop.Open();

        var here = await Receives(shop, "OVERFLOW");
        var there = await Receives(shop, "MAIN");

        here.Ok.ShouldBeTrue();
        there.Error!.Code.ShouldBe("gate.no-permission");
        there.Error.Message.ShouldContain("may not act at MAIN");
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(0);
        (await shop.Number("select count(*) from kernel.operation_log where outcome = 'refused' and actor_name = 'Piet'")).ShouldBe(1);
    }

    [Fact, Feature("SE-02")]
    public async Task A_document_of_another_site_is_out_of_reach_though_the_request_names_no_site()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));

        var shipped = await shop.Does<ShipOrders, ShipOrders.Request, IReadOnlyList<ShipOrders.Answer>>(new([order.Id!.Value.Value]), new Caller(OfOverflow, Door.Page, shop.Company));
        var counted = await shop.Does<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(
            new([new AdjustStock.Line("MAIN/STOCK", "TEE-M", 1, "count")]), new Caller(OfOverflow, Door.Page, shop.Company));

        shipped.Error!.Code.ShouldBe("gate.no-permission");
        counted.Error!.Code.ShouldBe("gate.no-permission");
        (await shop.StatusOf(order)).ShouldBe(OrderStatus.Reserved);
        (await shop.Position("TEE-M")).OnHand.ShouldBe(5);
    }

    [Fact, Feature("SE-02")]
    public async Task Lists_show_the_rows_of_the_own_site()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        await shop.Stocks("TEE-M", onHand: 7, node: "OVERFLOW");

        (await Nodes(shop, null)).ShouldBe(["MAIN", "OVERFLOW"]);
        (await Nodes(shop, ["OVERFLOW"])).ShouldBe(["OVERFLOW"]);
    }

    [Fact, Feature("SE-02")]
    public async Task Who_is_limited_to_some_companies_founds_no_others()
    {
        await using var shop = await Shop.Open();
        var limited = OfOverflow with { Nodes = null, Companies = FrozenSet.Create(shop.Company.Value) };

        var founded = await shop.Does<CreateCompany, CreateCompany.Request, Id<Company>>(new("other", "Other", "GB", Currency.Eur, "Europe/London"), new Caller(limited, Door.Api, shop.Company));

        founded.Error!.Code.ShouldBe("company.not-yours");
        (await shop.Number("select count(*) from kernel.company where code = 'other'")).ShouldBe(0);
    }

    private static Task<Result<IReadOnlyList<DocumentRef>>> Receives(Shop shop, NodeCode node) => shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(
        new([new ReceiveGoods.Receipt(node, [new ReceiveGoods.Line("MUG-BL", 10, new UnitPrice(4_000_000, Currency.Eur))])]), new Caller(OfOverflow, Door.Page, shop.Company));

    private static async Task<string[]> Nodes(Shop shop, string[]? nodes)
    {
        await using var scope = shop.Scope();
        scope.ServiceProvider.GetRequiredService<Lookout>().Viewer = new Viewer(_ => true) { Reach = new Reach(nodes, null) };
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<ReceiptList, DocumentList.Row>(ViewQuery.All);
        return [.. page.Value.Rows.Select(r => r.Node.Text).Order()];
    }
}
