using System.Text.Json;
using Keel.Accounting;
using Keel.Kernel.Views;
using Keel.Pricing.Contract;
using Keel.Sales;
using Keel.Ui;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ui;

/// A policy as a form asks for it: what is chosen comes back as it was, whatever parts and lists it has.
public class ShapeTests
{
    public static readonly TheoryData<object> Choices =
    [
        new Sourcing(false), new ReservationTiming(ReserveWhen.ByHand), new TaxRegistration(true, ["DE", "FR"]), new TaxRegistration(false, []),
        new RevenueRecognition([]),
        new RevenueRecognition([new(RecognisedAt.Shipment, Terms: [DeliveryTerm.Exw, DeliveryTerm.Fca]), new(RecognisedAt.Delivery, ["b2b", "webshop"])]),
        new ApprovalPolicy([new("stock.adjust", [new("kernel.approvals.decide"), new("ledger.post", 48, "kernel.policies")], Money.Of(250.5m, Currency.Eur), ["MAIN"], ["webshop"])]),
    ];

    [Theory, MemberData(nameof(Choices)), Feature("AP-10")]
    public void What_a_form_shows_of_a_policy_is_what_it_sends(object choice)
    {
        var form = Shape.Values(choice, "choice.").ToDictionary(v => v.Key, v => new StringValues(v.Value));
        form["kind"] = "any";
        form["choice.rules[7].operation"] = "";

        var sent = FormBody.Read(form, typeof(SetPolicy.Request), choice.GetType());

        var back = sent["choice"].Deserialize(choice.GetType(), KeelJson.Options);
        JsonSerializer.Serialize(back, choice.GetType(), KeelJson.Options).ShouldBe(JsonSerializer.Serialize(choice, choice.GetType(), KeelJson.Options));
        Shape.Differences(choice, back!).ShouldBeEmpty();
    }

    [Fact]
    public void A_change_is_said_in_the_words_of_its_fields()
    {
        var differences = Shape.Differences(
            new RevenueRecognition([new(RecognisedAt.Delivery, ["b2b"])]),
            new RevenueRecognition([new(RecognisedAt.Shipment, ["b2b"], [DeliveryTerm.Dap])]));

        differences.ShouldBe([("Rule 1, at", "Delivery", "Shipment"), ("Rule 1, terms", "", "dap")]);
    }
}
