using Keel.Kernel;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Privacy;
using Keel.Partners.Suppliers;
using Keel.Sales;
using Keel.Sales.Contract;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Partners;

public class CustomerTests
{
    private static readonly PostalAddress Home = new("Zijlweg 12", null, "2013 DH", "Haarlem", null, "NL");

    [Fact, Feature("MD-07")]
    public async Task Who_orders_again_is_the_same_customer()
    {
        await using var shop = await Shop.Open();
        var contact = new Contact("Ada Boer", "ada@example.org", null, Home);

        await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { Customer = contact });
        await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { Customer = contact with { Email = "ADA@example.org " } });
        await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 1)) with { Customer = new Contact("A. B.", Reference: "4711") });

        (await shop.Number("select count(*) from partners.partner where identity = 'mailto:ada@example.org'")).ShouldBe(1);
        (await shop.Number("select count(*) from partners.partner where identity = 'bazaar:4711'")).ShouldBe(1);
        (await shop.Number("select count(*) from partners.address where line1 = 'Zijlweg 12'")).ShouldBe(1);
    }

    [Fact, Feature("CR-08")]
    public async Task However_channels_write_somebody_it_is_one_customer_with_one_address()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(OrderChecks.Kind, new OrderChecks([new OrderCheck(CheckKind.Address, CheckEffect.Hold)]));
        var contact = new Contact("Ada Boer", "ada@example.org", null, Home);

        await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { Customer = contact });
        await shop.Tries(shop.NewOrder("bazaar", ("TEE-M", 1)) with { Customer = contact with { Email = " ADA@Example.org", Address = Home with { PostalCode = "2013dh", Line1 = " Zijlweg  12" } } });
        await shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { Customer = contact with { Name = " Ada Boer ", Address = Home with { PostalCode = "2013  dh ", City = "Haarlem " } } });

        (await shop.Text("select string_agg(name || ' ' || email, ', ') from partners.partner where is_customer and identity <> 'anonymous'")).ShouldBe("Ada Boer ada@example.org");
        (await shop.Text("select string_agg(distinct concat_ws('|', ship_to->>'line1', ship_to->>'postalCode', ship_to->>'city'), ', ') from sales.orders")).ShouldBe("Zijlweg 12|2013 DH|Haarlem");
        (await shop.Text("select string_agg(distinct concat_ws('|', line1, postal_code, city), ', ') from partners.address")).ShouldBe("Zijlweg 12|2013 DH|Haarlem");
    }

    [Fact, Feature("MD-07")]
    public async Task Eight_orders_of_a_new_customer_at_once_make_one_customer()
    {
        await using var shop = await Shop.Open();
        var contact = new Contact("Ada Boer", "ada@example.org", null, Home);

        var orders = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => shop.Tries(shop.NewOrder("webshop", ("TEE-M", 1)) with { Customer = contact })));

        orders.ShouldAllBe(o => o.Ok);
        (await shop.Number("select count(*) from partners.partner where email = 'ada@example.org'")).ShouldBe(1);
    }

    [Fact, Feature("MD-07")]
    public async Task Customers_of_many_orders_are_resolved_with_a_handful_of_statements()
    {
        await using var shop = await Shop.Open();
        await using var scope = shop.Scope();
        var db = scope.ServiceProvider.GetRequiredService<KeelDb>();
        var partners = scope.ServiceProvider.GetRequiredService<PartnersDesk>();
        await Network.Of(scope.ServiceProvider.GetRequiredService<Settings>());
        var before = db.Statements;

        (ChannelCode, Contact?)[] contacts = [.. Enumerable.Range(0, 300)
            .Select(i => ((ChannelCode)"webshop", (Contact?)new Contact($"N{i % 100}", $"n{i % 100}@example.org", null, Home))),
        ("webshop", null)];
        var asked = partners.Ask(contacts);
        await db.Flush();
        var customers = await partners.Resolve(asked.Value);
        await db.Flush();

        (db.Statements - before).ShouldBe(5);
        customers.Select(c => c.Id).Distinct().Count().ShouldBe(101);
        customers[^1].Name.ShouldBe("Anonymous customer");
        (await shop.Number("select count(*) from kernel.person_key k join partners.partner p on p.id = k.id")).ShouldBe(100);
    }

    [Fact, Feature("MD-07")]
    public async Task A_customer_is_changed_by_its_number_and_found_by_its_mail()
    {
        await using var shop = await Shop.Open();
        var made = await shop.SavesCustomer(new(new Contact("Ada", "ada@example.org", null, Home), PaymentTermsDays: 14,
            CreditLimit: Money.Of(500, Currency.Eur)));

        var moved = await shop.SavesCustomer(new(new Contact("Ada Boer", "ada@example.org", null, Home with { City = "Delft" }),
            PaymentTermsDays: 14));
        var same = await shop.SavesCustomer(new(new Contact("Ada Boer", "ada@example.org"), Number: made.Value[0].Key,
            PaymentTermsDays: 14));
        var wrong = await shop.SavesCustomer(new(new Contact("Eve"), Number: "P-1"));

        (moved.Value[0].Key, moved.Value[0].As).ShouldBe((made.Value[0].Key, SavedAs.Changed));
        same.Value[0].As.ShouldBe(SavedAs.Unchanged);
        wrong.Error!.Code.ShouldBe("partner.unknown");
        (await shop.Text(
            """
            select a.city || p.credit_limit from partners.partner p join partners.address a on a.partner_id = p.id
            where p.email = 'ada@example.org'
            """)).ShouldBe("Delft50000");
    }

    [Fact, Feature("MD-07")]
    public async Task A_supplier_has_its_lead_time_and_currency()
    {
        await using var shop = await Shop.Open();
        var saved = await shop.Does<SaveSuppliers, SaveSuppliers.Request, Saved[]>(
            new([new(new Contact("Loom & Sons"), Currency: Currency.Gbp, LeadTimeDays: 21)]));
        await using var scope = shop.Scope();

        var asked = scope.ServiceProvider.GetRequiredService<PartnersDesk>().AskSuppliers([saved.Value[0].Key, "P-0"]);
        await scope.ServiceProvider.GetRequiredService<KeelDb>().Flush();

        var supplier = asked.Value.ShouldHaveSingleItem().Value;
        (supplier.Name, supplier.Currency, supplier.LeadTimeDays, supplier.PaymentTermsDays)
            .ShouldBe(("Loom & Sons", Currency.Gbp, 21, 30));
    }

    [Fact, Feature("MD-07")]
    public async Task Who_is_erased_is_nowhere_to_be_read_and_the_books_stay()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 1);
        var order = await shop.Tries(shop.NewOrder("webshop",
            ("TEE-M", 1)) with { Customer = new Contact("Ada Boer", "ada@example.org", "+31 6 1234", Home) });
        await shop.Ships(order.Value);
        var number = await shop.Text("select number from partners.partner where email = 'ada@example.org'");
        var before = await shop.Balance("cost-of-goods-sold");

        (await shop.Does<ErasePerson, ErasePerson.Request, Done>(new(number))).Ok.ShouldBeTrue();

        (await shop.Text($"select name || coalesce(email, '') || coalesce(phone, '') from partners.partner where number = '{number}'"))
            .ShouldBe("Erased person");
        (await shop.Number("select count(*) from partners.address where line1 like 'Zijl%'")).ShouldBe(0);
        (await shop.Number(
            $"""
            select count(*) from kernel.person_key k join partners.partner p on p.id = k.id
            where p.number = '{number}' and k.key is not null
            """)).ShouldBe(0);
        (await shop.Balance("cost-of-goods-sold")).ShouldBe(before);
        foreach (var payload in await Payloads(shop)) payload.ShouldNotContain("Ada Boer");
        (await shop.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Ada"), Number: number)])))
            .Error!.Code.ShouldBe("partner.erased");
    }

    [Fact, Feature("MD-07")]
    public async Task The_log_never_holds_a_name_in_clear()
    {
        await using var shop = await Shop.Open();

        await shop.SavesCustomer(new(new Contact("Ada Boer", "ada@example.org", null, Home)));
        await shop.Tries(shop.NewOrder("webshop", ("NO-SUCH", 1)) with { Customer = new Contact("Bo Ek", "bo@example.org") });

        foreach (var payload in await Payloads(shop))
        {
            payload.ShouldNotContain("example.org");
            payload.ShouldNotContain("Zijlweg");
        }
    }

    private static async Task<List<string>> Payloads(Shop shop)
    {
        await using var command = shop.Source.CreateCommand("select payload from kernel.operation_payload");
        await using var reader = await command.ExecuteReaderAsync();
        var all = new List<string>();
        while (await reader.ReadAsync()) all.Add(PersonalJson.Read(reader.GetFieldValue<byte[]>(0)));
        return all;
    }
}

internal static class CustomerVerbs
{
    /// Somebody saves a customer.
    public static Task<Result<Saved[]>> SavesCustomer(this Shop shop, SaveCustomers.Item customer) =>
        shop.Does<SaveCustomers, SaveCustomers.Request, Saved[]>(new([customer]));
}
