using System.IO.Compression;
using Keel.App.Privacy;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Partners.Privacy;
using Shouldly;
using Xunit;

namespace Keel.Tests.Audit;

public class PrivacyTests
{
    [Fact, Feature("SE-06")]
    public async Task A_request_is_due_within_a_month_and_ends_with_what_was_done()
    {
        await using var shop = await Shop.Open();
        var customer = await Customer(shop);
        var id = await shop.Must<OpenPrivacyRequest, OpenPrivacyRequest.Request, Guid>(new(customer, PrivacyWish.Erase, new DateOnly(2026, 3, 2)));
        (await shop.Does<OpenPrivacyRequest, OpenPrivacyRequest.Request, Guid>(new(customer, PrivacyWish.Erase))).Error.ShouldBe(OpenPrivacyRequest.IsOpen);
        (await shop.Text($"select due_on::text from partners.privacy_request where id = '{id}'")).ShouldBe("2026-04-02");

        await shop.Must<ErasePerson, ErasePerson.Request, Done>(new(customer));

        (await shop.Text($"select state || ' ' || ended_by || ' ' || outcome from partners.privacy_request where id = '{id}'")).ShouldBe("Done Keel The person was erased.");
        await shop.Proves();
    }

    [Fact, Feature("SE-06")]
    public async Task A_copy_that_was_made_is_not_handed_over_before_somebody_says_how()
    {
        await using var shop = await Shop.Open();
        var customer = await Customer(shop);
        var partner = new Id<Partner>(Guid.Parse(await shop.Text($"select id from partners.partner where number = '{customer}'")));
        var id = await shop.Must<OpenPrivacyRequest, OpenPrivacyRequest.Request, Guid>(new(customer, PrivacyWish.Export));
        var tooEarly = await shop.Does<HandOverCopies, HandOverCopies.Request, int>(new([id], "by registered letter"));

        await shop.Must<ExportPerson, ExportPerson.Request, string>(new(partner));
        var made = await shop.Text($"select state || ' ' || copied_by from partners.privacy_request where id = '{id}'");
        await shop.Must<HandOverCopies, HandOverCopies.Request, int>(new([id], "by registered letter"));

        tooEarly.Error.ShouldBe(HandOverCopies.NoCopy);
        made.ShouldBe("Open Keel");
        (await shop.Text($"select state || ' ' || outcome from partners.privacy_request where id = '{id}'")).ShouldBe("Done by registered letter");
        (await shop.Number($"select count(*) from kernel.operation_log where subjects like '%' || (select number from partners.privacy_request where id = '{id}') || '%'")).ShouldBe(3);
    }

    [Fact, Feature("SE-06")]
    public async Task The_copy_holds_what_each_module_knows_and_what_the_log_holds()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));
        await shop.Takes(("TEE-M", 1));
        await shop.Ships(order);
        var person = Guid.Parse(await shop.Text($"select customer_id::text from sales.orders where id = '{order.Id}'"));
        var path = Path.GetTempFileName();

        await new PersonFile(shop.Source, shop.Catalog).Write(shop.Company, person, path, default);

        using var zip = ZipFile.OpenRead(path);
        async Task<string> Read(string name)
        {
            using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
            return await reader.ReadToEndAsync();
        }

        (await Read("person.json")).ShouldContain("customer1@example.org");
        (await Read("orders.csv")).ShouldContain(order.Number!);
        (await Read("shipments.csv")).ShouldContain("Zijlweg 12");
        (await Read("log.json")).ShouldContain("customer1@example.org");
        string.Concat(await Task.WhenAll(zip.Entries.Select(e => e.Name).Where(n => n.EndsWith(".csv", StringComparison.Ordinal)).Select(Read))).ShouldNotContain("customer2@");
        File.Delete(path);
    }

    [Fact, Feature("SE-06")]
    public async Task Notes_in_a_persons_cases_go_with_the_person_and_the_story_stays()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Takes(("TEE-M", 1));
        var id = Guid.Parse(await shop.Text($"select id::text from kernel.work_case where subject_id = '{order.Id}'"));
        await shop.Must<NoteCase, NoteCase.Request, CaseAnswer[]>(new([new(id)], "Ms Jansen rang, she is ill"));
        await shop.Cancels(order);
        var customer = await shop.Text("select p.number from partners.partner p join sales.orders o on o.customer_id = p.id");

        await shop.Must<ErasePerson, ErasePerson.Request, Done>(new(customer));

        (await shop.Text($"select string_agg(kind || ': ' || words, '; ' order by position) from kernel.case_step where case_id = '{id}' and kind = 'Noted'")).ShouldBe("Noted: Erased with the person");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => shop.Text("update kernel.case_step set words = 'other' where kind = 'Opened' returning words"));
    }

    [Fact, Feature("SE-06", "DO-04")]
    public async Task A_legal_hold_on_an_order_keeps_its_customer()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 1));
        await shop.Ships(order);
        var customer = await shop.Text("select p.number from partners.partner p join sales.orders o on o.customer_id = p.id");
        var hold = await shop.Must<PlaceLegalHold, PlaceLegalHold.Request, Guid>(new(order.Number!, "lawsuit 26/118", "finance"));

        var refused = await shop.Does<ErasePerson, ErasePerson.Request, Done>(new(customer));
        await shop.Must<LiftLegalHolds, LiftLegalHolds.Request, int>(new([hold], "the lawsuit ended"));

        refused.Error!.Message.ShouldBe($"A legal hold stands on {order.Number} since 2026-03-10: lawsuit 26/118 It is kept until finance has the hold lifted.");
        (await shop.Does<ErasePerson, ErasePerson.Request, Done>(new(customer))).Ok.ShouldBeTrue();
        (await shop.Does<LiftLegalHolds, LiftLegalHolds.Request, int>(new([hold], "once more"))).Error.ShouldBe(LiftLegalHolds.None);
    }

    [Fact, Feature("DO-04")]
    public async Task What_is_due_is_purged_and_what_is_held_stays_and_both_are_written_down()
    {
        await using var shop = await Shop.Open();
        await shop.Chooses(RetentionPolicy.Kind, new { rules = new[] { new { recordType = "customers", months = 12 } } });
        var (gone, held) = (await Customer(shop), await Customer(shop, "Jan Blik"));
        await shop.Must<PlaceLegalHold, PlaceLegalHold.Request, Guid>(new(held, "lawsuit 26/118", "finance"));
        shop.Clock.Step(TimeSpan.FromDays(370));
        var recent = await Customer(shop, "Neu Ling");

        await shop.Runs<PurgeDueJob>();

        (await shop.Text("select string_agg(number, ' ') from partners.partner where erased_at is not null")).ShouldBe(gone);
        (await shop.Text("select record_type || ' ' || rows || ' ' || held from kernel.purge")).ShouldBe("customers 1 1");
        (await shop.Text($"select name from partners.partner where number = '{recent}'")).ShouldBe("Neu Ling");
    }

    [Fact, Feature("DO-04")]
    public async Task A_rule_for_a_type_that_does_not_exist_is_refused()
    {
        await using var shop = await Shop.Open();

        var refused = await shop.Does<SetPolicy, SetPolicy.Request, int>(
            new(RetentionPolicy.Kind, System.Text.Json.JsonSerializer.SerializeToElement(new { rules = new[] { new { recordType = "dreams", months = 12 } } }), "auditor"));

        refused.Error!.Message.ShouldStartWith("There is no record type dreams. Known are ");
    }

    private static async Task<string> Customer(Shop shop, string name = "Ilse Vos") =>
        (await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact(name, name.Replace(' ', '.').ToLowerInvariant() + "@example.org"))])))[0].Key;
}
