using Shouldly;
using Xunit;

namespace Keel.Tests.Audit;

public class SpokenOperationsTests
{
    /// The log, the story of a record and the bar after an act tell what was done: each operation says it itself, in the past.
    [Fact]
    public async Task Every_operation_says_what_it_did()
    {
        await using var shop = await Shop.Open();

        shop.Catalog.Operations.Where(o => string.IsNullOrWhiteSpace(o.Said)).Select(o => o.Name).ShouldBeEmpty("give it a Said: what was done, told in the past");
        shop.Catalog.Operations.Where(o => o.Said!.StartsWith("ran ", StringComparison.Ordinal) || char.IsUpper(o.Said[0])).Select(o => o.Name).ShouldBeEmpty();
        shop.Catalog.Operations.Where(o => OperationWords.Story(o, o.Name).Contains('{', StringComparison.Ordinal)).Select(o => o.Name).ShouldBeEmpty();
        var icons = File.ReadAllText(Path.Combine(Tidy.FindRoot(), "src", "App", "wwwroot", "icons.svg"));
        shop.Catalog.Operations.Where(o => !icons.Contains($"id=\"i-{o.Icon}\"", StringComparison.Ordinal)).Select(o => $"{o.Name}: {o.Icon}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("warehouse.release-orders", null, "released it to picking")]
    [InlineData("warehouse.release-orders", 3, "released 3 orders to picking")]
    [InlineData("kernel.close-case", 1, "closed the case SO-1")]
    [InlineData("sales.place-order", 1, "placed order SO-1")]
    public async Task One_sentence_serves_the_story_and_the_log(string operation, int? count, string said)
    {
        await using var shop = await Shop.Open();
        var info = shop.Catalog.Find(operation);

        (count is null ? OperationWords.Story(info, operation) : OperationWords.Did(info, operation, count, "SO-1")).ShouldBe(said);
    }

    [Fact]
    public async Task The_amount_of_a_credit_in_the_log_is_the_credit_notes()
    {
        await using var shop = await Shop.Open();
        await shop.Stocks("TEE-M", onHand: 3, worth: 10_00);
        var order = await shop.Takes(("TEE-M", 1));
        await shop.Ships(order);

        var credit = (await shop.Must<Keel.Sales.CreditOrders, Keel.Sales.CreditOrders.Request, IReadOnlyList<Keel.Sales.CreditOrders.Answer>>(
            new([new(order.Id!.Value, [new(1, 1)], "came back")]))).Single();

        (await shop.Number("select amount from kernel.operation_log where operation = 'sales.credit-orders'")).ShouldBe(credit.Gross!.Value.Minor);
    }
}
