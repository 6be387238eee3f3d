using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Sales;
using Keel.Sales.Contract;
using Shouldly;
using Xunit;

namespace Keel.Tests.Sales;

public class DoubtfulOrderTests
{
    [Fact, Feature("OM-22", "AI-09")]
    public async Task The_same_order_twice_waits_beside_the_first_and_another_is_not_taken_for_it()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Checks(shop, new OrderCheck(CheckKind.Repeated, CheckEffect.Hold, Hours: 2));

        var first = (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 2)))).Value;
        var twice = (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 2)))).Value;
        var more = (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 3)))).Value;
        var others = (await shop.Tries(OrderRiskTests.From(shop, "eva@example.org", ("BOWL", 2)))).Value;
        shop.Clock.Step(TimeSpan.FromHours(3));
        var later = (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 2)))).Value;
        var list = (await shop.Does<CaptureOrders, CaptureOrders.Request, IReadOnlyList<CapturedOrder>>(new([OrderRiskTests.From(shop, "may@example.org", ("BOWL", 1)), OrderRiskTests.From(shop, "may@example.org", ("BOWL", 1))]))).Value;

        new[] { first, twice, more, others, later, list[0], list[1] }.Select(o => o.Hold).ShouldBe([null, "repeated", null, null, null, null, "repeated"]);
        (await shop.Text($"select sentence || ' ' || (other_order = '{first.Id}') from sales.order_check where order_id = '{twice.Id}'")).ShouldBe($"The customer ordered the same for 48.40 EUR as {first.Number}, within 2 hours. true");
        (await shop.Text($"select kind from kernel.work_case where subject_id = '{twice.Id}'")).ShouldBe("order-repeated");
        await shop.Proves();
    }

    [Fact, Feature("OM-22", "EX-08")]
    public async Task Orders_of_a_blocked_customer_wait_until_the_block_is_lifted_under_whatever_name_they_come()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Checks(shop, new OrderCheck(CheckKind.BlockedCustomer, CheckEffect.Hold));
        (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 1)))).Value.Hold.ShouldBeNull();
        var number = await shop.Text("select number from partners.partner where email = 'ida@example.org'");

        (await shop.Must<BlockCustomers, BlockCustomers.Request, Saved[]>(new([number], "never paid", "Maren")))[0].As.ShouldBe(SavedAs.Changed);
        (await shop.Must<BlockCustomers, BlockCustomers.Request, Saved[]>(new([number], "once more")))[0].As.ShouldBe(SavedAs.Unchanged);
        var held = (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 1)))).Value;
        var byReference = OrderRiskTests.From(shop, "Ida@example.org", ("BOWL", 1));
        byReference = byReference with { Customer = byReference.Customer! with { Reference = "4711" } };

        (await shop.Tries(byReference)).Value.Hold.ShouldBe("blocked-customer", "the mailbox is the same");
        held.Hold.ShouldBe("blocked-customer");
        (await shop.Text($"select sentence from sales.order_check where order_id = '{held.Id}'")).ShouldBe("The customer is blocked: never paid Maren answers for it.");
        (await shop.Text($"select owner from kernel.work_case where subject_id = '{held.Id}'")).ShouldBe("finance");
        (await shop.Must<UnblockCustomers, UnblockCustomers.Request, Saved[]>(new([number])))[0].As.ShouldBe(SavedAs.Changed);
        (await shop.Tries(OrderRiskTests.From(shop, "ida@example.org", ("BOWL", 1)))).Value.Hold.ShouldBeNull();
        (await shop.Asks<BlockCustomers>(new BlockCustomers.Request(["C-NOBODY"], "why not"), Caller.Keel(shop.Company))).Error.ShouldNotBeNull();
    }

    [Fact, Feature("OM-43")]
    public async Task Restricted_goods_wait_where_they_may_not_go_by_SKU_or_by_category()
    {
        await using var shop = await Shop.Open();
        await shop.Sells(new("KNIFE", "Knife", Attributes: new Dictionary<string, string> { ["category"] = "blades" }));
        await shop.Stocks("KNIFE", onHand: 50);
        await shop.Stocks("BOWL", onHand: 50);
        await Checks(shop, new OrderCheck(CheckKind.Restricted, CheckEffect.Hold, Goods: ["Blades", "CANDLE"], Countries: ["DE"]));

        (await shop.Tries(To(shop, "NL", "2013 DH", ("KNIFE", 1)))).Value.Hold.ShouldBeNull();
        (await shop.Tries(To(shop, "DE", "10115", ("BOWL", 1)))).Value.Hold.ShouldBeNull();
        var held = (await shop.Tries(To(shop, "DE", "10115", ("BOWL", 1), ("KNIFE", 1)))).Value;
        held.Hold.ShouldBe("restricted");
        (await shop.Text($"select sentence from kernel.work_case where subject_id = '{held.Id}'")).ShouldBe($"{held.Number}: KNIFE is restricted in DE.");
    }

    [Fact, Feature("OM-25")]
    public async Task An_address_that_breaks_its_countrys_rules_waits_with_what_may_be_meant_and_an_untidy_one_is_tidied()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("BOWL", onHand: 50);
        await Checks(shop, new OrderCheck(CheckKind.Address, CheckEffect.Hold));

        var untidy = (await shop.Tries(To(shop, "NL", " 2013dh", ("BOWL", 1)))).Value;
        var wrong = (await shop.Tries(To(shop, "DE", "1O115", ("BOWL", 1)))).Value;
        var unknown = (await shop.Tries(To(shop, "CL", "8320000", ("BOWL", 1)))).Value;

        (await shop.Text($"select hold is null || ' ' || (ship_to ->> 'postalCode') from sales.orders where id = '{untidy.Id}'")).ShouldBe("true 2013 DH");
        wrong.Hold.ShouldBe("address");
        (await shop.Text($"select kind || ': ' || sentence from kernel.work_case where subject_id = '{wrong.Id}'")).ShouldBe($"order-address: {wrong.Number}: 1O115 is no postal code of DE, which is written like 10115; 10115 may be meant.");
        unknown.Hold.ShouldBeNull("what nobody can check stops nothing");
        (await shop.Text($"select effect || ' ' || sentence from sales.order_check where order_id = '{unknown.Id}'")).ShouldBe("Warn Nobody wrote down how addresses in CL are written: it was not checked.");

        await shop.Must<ChangeAddress, ChangeAddress.Request, Done>(new(wrong.Id!.Value, new PostalAddress("Kai 1", null, "d-10115", "Berlin", null, "DE")));
        (await shop.Text($"select ship_to ->> 'postalCode' from sales.orders where id = '{wrong.Id}'")).ShouldBe("10115");
        (await shop.Must<ConfirmOrders, ConfirmOrders.Request, IReadOnlyList<ConfirmOrders.Answer>>(new([wrong.Id.Value])))[0].Status.ShouldBe(OrderStatus.Reserved);
        await shop.Proves();
    }

    [Theory, Feature("OM-25")]
    [InlineData("NL", "1234ab", "1234 AB", null)]
    [InlineData("NL", "0234 AB", "0234 AB", "0234 AB is no postal code of NL, which is written like 2013 DH.")]
    [InlineData("GB", "ec1y8sy", "EC1Y 8SY", null)]
    [InlineData("PL", "00950", "00-950", null)]
    [InlineData("LV", "1073", "LV-1073", null)]
    [InlineData("LV", "LV-1073", "LV-1073", null)]
    [InlineData("SE", "SE-11455", "114 55", null)]
    [InlineData("FR", "1000", "1000", "1000 is no postal code of FR, which is written like 75001; 01000 may be meant.")]
    [InlineData("US", "950141234", "95014-1234", "The state is missing, which addresses in US have.")]
    [InlineData("IE", "", "", null)]
    public void Postal_codes_are_written_as_their_country_writes_them(string country, string code, string tidy, string? wrong)
    {
        var look = AddressRules.Look(new PostalAddress("Main street 1", null, code, "Town", null, country));

        (look.Tidy.PostalCode, look.Wrong).ShouldBe((tidy, wrong));
    }

    [Fact, Feature("OM-25")]
    public void Every_example_of_the_reference_data_passes_the_rules_of_its_country()
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("KEEL_DATA") ?? Path.Combine(Tidy.FindRoot(), "..", "shared", "data"), "reference/libaddressinput/testdata/countryinfo.txt");
        if (!File.Exists(path)) Assert.Skip("The reference data is not here: name its folder in KEEL_DATA.");
        var wrong = new List<string>();
        var looked = 0;
        foreach (var line in File.ReadLines(path).Where(l => l.StartsWith("data/", StringComparison.Ordinal) && l.IndexOf('=') == 7))
        {
            using var country = System.Text.Json.JsonDocument.Parse(line[8..]);
            if (!country.RootElement.TryGetProperty("zipex", out var examples) || !country.RootElement.TryGetProperty("zip", out var pattern)) continue;
            foreach (var example in examples.GetString()!.Split(','))
            {
                if (!System.Text.RegularExpressions.Regex.IsMatch(example, $"^(?:{pattern.GetString()})$")) continue;
                var look = AddressRules.Look(new PostalAddress("Street 1", null, example, "Town", "State", line[5..7]));
                if (!look.IsKnown) continue;
                looked++;
                if (look.Wrong is not null) wrong.Add($"{line[5..7]} {example}: {look.Wrong}");
            }
        }

        wrong.ShouldBeEmpty();
        looked.ShouldBeGreaterThan(80);
    }

    private static Task Checks(Shop shop, params OrderCheck[] checks) => shop.Chooses(OrderChecks.Kind, new OrderChecks(checks));

    private static NewOrder To(Shop shop, string country, string code, params (Sku Sku, int Quantity)[] lines) => shop.NewOrder("webshop", lines) with { ShipTo = new PostalAddress("Kai 1", null, code, "Town", null, country) };
}
