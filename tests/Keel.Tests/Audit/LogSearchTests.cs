using System.Diagnostics;
using Keel.Kernel.Views;
using Keel.Partners.Contract;
using Keel.Partners.Customers;
using Keel.Pricing.PriceLists;
using Keel.Catalog.Products;
using Keel.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Audit;

public class LogSearchTests
{
    [Fact, Feature("SE-04")]
    public async Task The_log_is_found_by_number_and_by_key_of_a_document()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var order = await shop.Takes(("TEE-M", 2));
        await shop.Takes(("TEE-M", 1));
        await shop.Releases(order);

        var byNumber = await Lines(shop, order.Number!);
        var byKey = await Lines(shop, order.Id!.Value.ToString());

        byNumber.Select(l => l.Operation).ShouldBe(["warehouse.release-orders", "sales.place-order"], ignoreOrder: true);
        byKey.Select(l => l.Id).ShouldBe(byNumber.Select(l => l.Id), ignoreOrder: true);
        (await Lines(shop, order.Number!.ToLowerInvariant())).Count.ShouldBe(2, "however it is typed");
    }

    [Fact, Feature("SE-04")]
    public async Task A_line_is_told_with_how_many_were_done_and_refused()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 5);
        var (one, two, gone) = (await shop.Takes(("TEE-M", 1)), await shop.Takes(("TEE-M", 1)), await shop.Takes(("TEE-M", 1)));
        await shop.Cancels(gone);
        var femke = await shop.Person("Femke", "operations");

        await shop.Does<ReleaseOrders, ReleaseOrders.Request, IReadOnlyList<ReleaseOrders.Answer>>(
            new([one.Id!.Value.Value, two.Id!.Value.Value, gone.Id!.Value.Value]), shop.By(femke));

        await using var scope = shop.Scope();
        var line = (await Lines(shop, one.Number!)).Single(l => l.Operation == "warehouse.release-orders");
        scope.ServiceProvider.GetRequiredService<LogSentence>().Of(line.Line, "at 14:02").ShouldBe("Femke released 2 orders to picking at 14:02 from the page, 1 refused");
        var items = await scope.ServiceProvider.GetRequiredService<KeelDb>().Table<OperationItems>().Find($"operation_id = {line.Id}");
        items!.Refusals.Single().Why!.ToLowerInvariant().ShouldContain("cancelled");
    }

    [Fact, Feature("SE-04")]
    public async Task A_refusal_is_told_as_one()
    {
        await using var shop = await Shop.Open();
        var piet = await shop.Person("Piet", "executive");

        await shop.Does<SaveProducts, SaveProducts.Request, Saved[]>(new([new("HAT", "Hat")]), shop.By(piet));

        await using var scope = shop.Scope();
        var line = (await Question(shop, new OperationList.Args(), "f.outcome=refused")).Single();
        scope.ServiceProvider.GetRequiredService<LogSentence>().Of(line.Line).ShouldStartWith("Piet was refused to save products from the page: ");
    }

    [Fact, Feature("SE-04")]
    public async Task Operations_that_move_money_are_found_by_their_amount()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 50);
        await shop.Takes(("TEE-M", 2));
        var large = await shop.Takes(("TEE-M", 10));

        var found = await Question(shop, new OperationList.Args(), "f.amount.ge=100&f.operation=sales.place-order");

        found.Single().Subjects.ShouldContain(large.Number!);
        found.Single().Amount.ShouldBe(new Money(200_00, Currency.Eur));
    }

    [Fact, Feature("MD-13", "SE-03")]
    public async Task A_changed_price_says_what_it_was_and_what_it_is()
    {
        await using var shop = await Shop.Open();

        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("MUG-BL", 13)]));

        var change = (await Changes(shop, ["price"], "MUG-BL"))[0];
        change.Sentence.ShouldBe("Price on retail: from 12.10 EUR to 13.00 EUR");
        change.ActorName.ShouldBe("Keel");
        (await Lines(shop, "MUG-BL")).Select(l => l.Id).ShouldContain(change.Operation);
    }

    [Fact, Feature("MD-13")]
    public async Task A_products_history_names_each_field_that_changed_and_no_other()
    {
        await using var shop = await Shop.Open();

        await shop.Must<SaveProducts, SaveProducts.Request, Saved[]>(new([new("MUG-BL", "Mug, deep blue", WeightGrams: 310)]));

        var changes = await Changes(shop, ["product"], "MUG-BL");
        changes.Take(2).Select(c => c.Sentence).ShouldBe(["Name: from Mug, blue to Mug, deep blue", "Weight grams: 310"], ignoreOrder: true);
        changes[^1].IsCreation.ShouldBeTrue();
    }

    [Fact, Feature("MD-13", "SE-15")]
    public async Task A_persons_history_stands_under_the_persons_key()
    {
        await using var shop = await Shop.Open();
        var made = (await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Ilse Vos", "ilse@example.org"))])))[0];

        await shop.Must<SaveCustomers, SaveCustomers.Request, Saved[]>(new([new(new Contact("Ilse de Vos", "ilse@example.org"), made.Key)]));

        (await shop.Text("select string_agg(coalesce(before, '') || coalesce(after, ''), '') from kernel.master_change where kind = 'partner'")).ShouldNotContain("Ilse");
        (await Changes(shop, ["partner"], made.Key))[0].Sentence.ShouldBe("Name: from Ilse Vos to Ilse de Vos");
        (await Changes(shop, ["partner"], made.Key, sees: false))[0].Sentence.ShouldBe("Name: from hidden to hidden");
        await using var command = shop.Source.CreateCommand("update kernel.person_key set key = null");
        await command.ExecuteNonQueryAsync();
        (await Changes(shop, ["partner"], made.Key))[0].Sentence.ShouldBe("Name: from erased to erased");
    }

    [Fact, Feature("MD-13")]
    public async Task A_policy_says_what_was_chosen_before()
    {
        await using var shop = await Shop.Open();

        await shop.Chooses("reservation-timing", new { when = "AtPayment" });

        (await Changes(shop, ["policy"], "reservation-timing")).Select(c => c.Sentence).ShouldContain(s => s.StartsWith("When: from ", StringComparison.Ordinal) && s.EndsWith("at payment", StringComparison.Ordinal));
    }

    [Fact, Feature("SE-04")]
    public async Task The_seal_covers_what_was_changed()
    {
        await using var shop = await Shop.Open();
        await shop.Must<SetPrices, SetPrices.Request, Saved[]>(new("retail", [new("MUG-BL", 13)]));
        await Sealing.All(shop);
        (await shop.Differences()).ShouldBeEmpty();

        await using var command = shop.Source.CreateCommand("set session_replication_role = replica; update kernel.master_change set before = '11.00 EUR' where before = '12.10 EUR'; reset session_replication_role");
        await command.ExecuteNonQueryAsync();

        (await shop.Differences()).ShouldContain("kernel.seals");
    }

    [Fact, Feature("SE-04")]
    public async Task Each_search_goes_by_an_index_however_long_the_log_is()
    {
        await using var shop = await Shop.Open();
        await LongLog.Write(shop, 100_000);

        foreach (var (args, question) in LongLog.Searches)
        {
            IReadOnlyList<OperationList.Row> found = [];
            var quickest = long.MaxValue;
            for (var turn = 0; turn < 3; turn++)
            {
                var clock = Stopwatch.StartNew();
                found = await Question(shop, args, question);
                quickest = Math.Min(quickest, clock.ElapsedMilliseconds);
            }

            quickest.ShouldBeLessThanOrEqualTo(50, $"{args.Record} {question}");
            found.Count.ShouldBeGreaterThan(0, $"{args.Record} {question}");
        }
    }

    [Fact]
    public async Task Somebody_is_found_by_a_part_of_their_name()
    {
        await using var shop = await Shop.Open();
        await shop.Takes(("TEE-M", 1));
        var who = await shop.Text("select actor_name from kernel.operation_log where operation = 'sales.place-order' limit 1");

        var found = await Question(shop, new OperationList.Args(null, who[1..^1].ToUpperInvariant()), "f.operation=sales.place-order");

        found.ShouldNotBeEmpty();
        found.ShouldAllBe(l => l.ActorName == who);
        (await Question(shop, new OperationList.Args(null, who + "%_x"), "")).ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<OperationList.Row>> Lines(Shop shop, string record) => Question(shop, new OperationList.Args(record), "");

    private static async Task<IReadOnlyList<OperationList.Row>> Question(Shop shop, OperationList.Args args, string question)
    {
        await using var scope = shop.Scope();
        var query = ViewQuery.Parse(ViewInfo.Of<OperationList>(), question);
        var page = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Page<OperationList, OperationList.Row, OperationList.Args>(args, query.Value);
        return page.Ok ? page.Value.Rows : throw new InvariantBroken(page.Error!.Message);
    }

    private static async Task<IReadOnlyList<HistoryLine>> Changes(Shop shop, string[] kinds, string subject, bool sees = true)
    {
        await using var scope = shop.Scope();
        return await scope.ServiceProvider.GetRequiredService<ChangeDesk>().Of(kinds, subject, sees);
    }
}
