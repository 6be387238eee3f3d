using Keel.Messages;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class CardNumberTests
{
    /// Numbers that card schemes publish for tests, in the ways that people write them.
    [Theory, Feature("SE-07")]
    [InlineData("4111111111111111")]
    [InlineData("5500 0000 0000 0004")]
    [InlineData("paid with 3400 000000 00009 today")]
    public async Task The_number_of_a_card_is_refused_and_nothing_of_it_is_kept(string written)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));

        var paid = await shop.Does<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(new([new(order.Id!.Value, PaymentKind.Captured, "card", Money.Of(10, Currency.Eur), written)]));
        var noted = await shop.Does<AddNote, AddNote.Request, Id<Note>>(new("order", order.Id!.Value.Value, written));

        paid.Error!.Code.ShouldBe("gate.card-number");
        noted.Error!.Code.ShouldBe("gate.card-number");
        paid.Error.Message.ShouldNotContain(written);
        (await shop.Text("select coalesce(string_agg(payload::text, ''), '') from kernel.operation_payload")).ShouldNotContain(written);
        (await shop.Number("select count(*) from sales.payment")).ShouldBe(0);
    }

    [Theory]
    [InlineData("pi_3OqX2eLkdIwHu7ix1GzL4111")]
    [InlineData("4111111111111112")]
    [InlineData("00340123450000000018")]
    [InlineData("4006381333931")]
    public async Task References_tokens_and_barcodes_are_kept(string reference)
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));

        (await shop.Does<RecordPayments, RecordPayments.Request, IReadOnlyList<RecordPayments.Answer>>(new([new(order.Id!.Value, PaymentKind.Captured, "card", Money.Of(10, Currency.Eur), reference)]))).Value[0].Booked.ShouldBeTrue();
    }
}
