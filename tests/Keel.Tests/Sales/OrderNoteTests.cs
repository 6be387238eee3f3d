using Keel.Sales;
using Keel.Sales.Contract;
using Keel.Tests.Printing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

/// The customer's own number of an order, and what is said about it to whoever picks it and to the customer.
public class OrderNoteTests
{
    [Fact, Feature("CR-03", "OM-31")]
    public async Task A_purchase_order_and_notes_come_with_the_order_and_stand_on_its_papers()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5);
        var order = (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 2)) with { PurchaseOrder = " PO-77/b ", PickerNote = "wrap each alone", CustomerNote = "Have a good start!" })).Value;
        (await shop.Rows<OrderList, OrderList.Row>("q=po-77")).Single().Number.ShouldBe(order.Number);
        await shop.Releases(order);
        (await Reads(shop, "pick-list", await Shipment(shop))).ShouldContain("wrap each alone");
        await shop.Must<Keel.Warehouse.ShipShipments, Keel.Warehouse.ShipShipments.Request, IReadOnlyList<Keel.Warehouse.ShipmentAnswer>>(new([new Id<Keel.Warehouse.Shipment>(Guid.Parse(await Shipment(shop)))]));
        await shop.Must<NumberInvoices, NumberInvoices.Request, int>(new());

        var slip = await Reads(shop, "packing-slip", await Shipment(shop));
        slip.ShouldContain("PO-77/b");
        slip.ShouldContain("Have a good start!");
        slip.ShouldNotContain("wrap each alone");
        (await Reads(shop, "invoice", await shop.Text("select id from sales.invoice"))).ShouldContain("PO-77/b");
    }

    [Fact, Feature("CR-03")]
    public async Task Notes_are_written_while_the_order_is_open()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("MUG-BL", 5);
        var order = await shop.Takes(("MUG-BL", 2));
        await shop.Must<NoteOrder, NoteOrder.Request, Done>(new(order.Id!.Value, "4711", "", "  "));
        (await shop.Text($"select purchase_order || ' ' || (picker_note is null) || ' ' || (customer_note is null) from sales.orders where id = '{order.Id}'")).ShouldBe("4711 true true");
        await shop.Ships(order);
        (await shop.Does<NoteOrder, NoteOrder.Request, Done>(new(order.Id!.Value, "4712"))).Error!.Message.ShouldBe($"{order.Number} is shipped: its papers are written.");
    }

    [Fact, Feature("CR-03", "OM-47")]
    public async Task A_purchase_order_that_is_lacking_or_comes_twice_is_doubted_where_the_house_wants_it()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.PurchaseOrder, CheckEffect.Hold, ["webshop"])]));
        var like = shop.NewOrder("webshop", ("MUG-BL", 1));
        async Task<string?> Comes(string? own) => (await shop.Tries(shop.NewOrder("webshop", ("MUG-BL", 1)) with { Customer = like.Customer, PurchaseOrder = own })).Value.Hold;

        (await Comes(null)).ShouldBe("purchase-order");
        (await Comes("A-1")).ShouldBeNull();
        (await Comes("a-1")).ShouldBe("purchase-order");
        (await Comes("A-2")).ShouldBeNull();
        (await shop.Text("select string_agg(sentence, '; ' order by sentence) from sales.order_check")).ShouldContain("The customer gave the purchase order a-1 with SO-2026-000002 already.");
        shop.Clock.Step(TimeSpan.FromDays(31));
        (await Comes("A-1")).ShouldBeNull();
    }

    [Fact, Feature("CR-04")]
    public async Task The_number_that_a_customer_accepts_a_quote_with_goes_on_the_order()
    {
        await using var shop = await Shop.Open();
        var hotel = await QuoteTests.Customer(shop);
        var quote = await QuoteTests.Writes(shop, hotel, null, new SaveQuote.Item("BOWL", 3));
        await QuoteTests.Sends(shop, quote);

        var order = await shop.Must<AcceptQuote, AcceptQuote.Request, AcceptQuote.Answer>(new(quote.Id, "H-2026-9"));

        (await shop.Text($"select purchase_order from sales.orders where id = '{order.Id}'")).ShouldBe("H-2026-9");
    }

    private static Task<string> Shipment(Shop shop) => shop.Text("select id::text from warehouse.shipment where status <> 'Cancelled'");

    private static async Task<string> Reads(Shop shop, string paper, string key)
    {
        await using var scope = shop.Scope();
        var printed = (await scope.ServiceProvider.GetRequiredService<Keel.Printing.PaperBook>().Print(paper, key, copy: 1, null)).Value;
        return string.Join(' ', PdfText.Of(printed.Content).Pages[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
