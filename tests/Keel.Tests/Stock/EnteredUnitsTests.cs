using Keel.Catalog.Units;
using Keel.Kernel;
using Keel.Sales;
using Keel.Stock;
using Shouldly;
using Xunit;

namespace Keel.Tests.Stock;

/// Quantities in the units and packaging that people have before them.
public class EnteredUnitsTests
{
    [Fact, Feature("IN-20", "IN-21")]
    public async Task Cases_and_pallets_are_received_moved_counted_scrapped_sent_and_announced_as_what_they_hold()
    {
        await using var shop = await Cases();

        await shop.Must<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new("MUG-BL", 2, UnitPrice.Of(1.25m, Currency.Eur), Unit: "pallet"), new("MUG-BL", 5, UnitPrice.Of(1.25m, Currency.Eur))])]));
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(965);
        (await shop.Balance("inventory")).ShouldBe(965 * 125, "the cost is that of one mug");
        await shop.Must<MoveStock, MoveStock.Request, DocumentRef>(new([new("MUG-BL", "MAIN/STOCK", "MAIN/DAMAGED", 3, Unit: "case")]));
        (await shop.Number("select on_hand from stock.level where location = 'MAIN/DAMAGED'")).ShouldBe(36_000);
        await shop.Must<ScrapStock, ScrapStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/DAMAGED", "MUG-BL", 1, "damaged", Unit: "case")]));
        await shop.Must<AdjustStock, AdjustStock.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN/DAMAGED", "MUG-BL", 1, "found", Unit: "case")]));
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(965 - 24);
        var sent = await shop.Must<RequestTransfer, RequestTransfer.Request, DocumentRef>(new("MAIN", "OVERFLOW", [new("MUG-BL", 2, "case")]));
        (await shop.Number($"select quantity from stock.transfer_line where transfer_id = '{sent.Id}'")).ShouldBe(24_000);
        await shop.Must<AnnounceSupplies, AnnounceSupplies.Request, IReadOnlyList<DocumentRef>>(new([new("MUG-BL", "MAIN", 1, new DateOnly(2026, 4, 1), Unit: "pallet")]));
        (await shop.Number("select open from stock.supply")).ShouldBe(480_000);
        var order = await shop.Tries(shop.NewOrder("webshop") with { Lines = [new NewLine("MUG-BL", 2, Unit: "case")] });
        order.Value.Promised[0].Quantity.ShouldBe(24);
        await shop.Must<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", "MUG-BL", 2, "BOWL", 3, "second choice", Unit: "case"));
        (await shop.Position("BOWL")).OnHand.ShouldBe(3);
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(965 - 48);
        var owner = await OwnerTests.Agrees(shop, ("MUG-BL", 3m));
        await shop.Must<ReceiveOwned, ReceiveOwned.Request, DocumentRef>(new(owner, "MAIN", [new("MUG-BL", 2, Unit: "case")]));
        (await shop.Number($"select on_hand from stock.position where owner = '{owner}'")).ShouldBe(24_000);
        (await shop.Does<ConvertGoods, ConvertGoods.Request, DocumentRef>(new("MAIN", "MUG-BL", 1, "BOWL", 1, "second choice", BecomesUnit: "crate"))).Error!.Code.ShouldBe("unit.unknown");
        await shop.Proves();
    }

    [Fact, Feature("IN-20")]
    public async Task What_would_lose_something_or_nobody_knows_is_refused_by_name()
    {
        await using var shop = await Cases();

        (await Receives(shop, "MUG-BL", 3, "crate")).ShouldBe(("unit.unknown", "MUG-BL has no unit 'crate'. Add the unit to the product first."));
        (await Receives(shop, "MUG-BL", Quantity.Of(1.5m), "half")).ShouldBe(("stock.not-whole", "1.5 half of MUG-BL are 0.75 eachs, and MUG-BL is counted in whole ones. Enter a quantity that comes out whole."));
        (await Receives(shop, "MUG-BL", 1, "third")).Code.ShouldBe("unit.not-whole");
        (await Receives(shop, "NOBODY", 1, "case")).Code.ShouldBe("stock.sku-unknown");
        (await Receives(shop, "MUG-BL", Quantity.Of(1.5m), "case")).Code.ShouldBeNull("a case and a half are eighteen");
        (await Receives(shop, "MUG-BL", 3, "third")).Code.ShouldBeNull("three thirds are one");
        (await Receives(shop, "MUG-BL", 7, "each")).Code.ShouldBeNull("the stock unit has a name too");
        (await shop.Position("MUG-BL")).OnHand.ShouldBe(26);
        await shop.Proves();
    }

    private static async Task<Shop> Cases()
    {
        var shop = await Shop.Open();
        await shop.Must<AddUnits, AddUnits.Request, Saved[]>(new([new("MUG-BL", "case", 12), new("MUG-BL", "pallet", 480), new("MUG-BL", "half", 1, 2), new("MUG-BL", "third", 1, 3)]));
        return shop;
    }

    private static async Task<(string? Code, string? Message)> Receives(Shop shop, Sku sku, Quantity quantity, string unit)
    {
        var received = await shop.Does<ReceiveGoods, ReceiveGoods.Request, IReadOnlyList<DocumentRef>>(new([new("MAIN", [new(sku, quantity, UnitPrice.Of(1, Currency.Eur), Unit: unit)])]));
        return (received.Error?.Code, received.Error?.Message);
    }
}
