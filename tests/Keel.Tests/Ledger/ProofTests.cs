using Keel.Kernel;
using Keel.Tests.Accounting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ledger;

public class ProofTests
{
    [Fact]
    public async Task The_books_are_proven_in_full_and_then_as_far_as_they_are_new()
    {
        await using var shop = await BookShop.Open();
        await shop.Tells(Facts.Adjusted("A-1", "count", ("MUG", 10, 0)));
        await shop.Posts(JournalTests.Draft("bank", "equity", 1000));

        var full = await Proves(shop, ProofDepth.Full);
        await shop.Posts(JournalTests.Draft("bank", "equity", 500));
        var next = await Proves(shop, ProofDepth.WhatIsNew);

        full.Checks.Where(c => c.Differences > 0).Select(c => $"{c.Name}: {string.Join(';', c.Examples)}").ShouldBeEmpty();
        full.Full.ShouldBeTrue();
        next.Full.ShouldBeFalse();
        next.IsClean.ShouldBeTrue();
        (await shop.Scalar("select count(*) from kernel.proof")).ShouldBe(2);
    }

    [Fact, Feature("AC-09")]
    public async Task Every_kind_of_damage_is_found()
    {
        await using var shop = await BookShop.Open();
        await shop.Tells(Facts.Invoice("I-1", Facts.Eur(10000), Facts.Eur(2100)));
        await shop.Tells(Facts.Received("R-1", ("MUG", 1, 700)));
        await shop.RollUp();

        await shop.Execute("set local session_replication_role = replica; update ledger.posting set company_amount = company_amount + 1 where leg = 1");
        await shop.Execute("update ledger.open_item set open_amount = open_amount - 1");

        var report = await Proves(shop, ProofDepth.Full);
        var found = report.Checks.Where(c => c.Differences > 0).Select(c => c.Name).ToArray();
        found.ShouldContain("ledger.entries-balance");
        found.ShouldContain("ledger.items-are-their-steps");
        found.ShouldContain("accounting.inventory-is-cost-pools");
    }

    [Fact]
    public async Task A_changed_line_of_the_log_breaks_its_seal()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(JournalTests.Draft("bank", "equity", 1000));
        await Seals(shop);
        await shop.Posts(JournalTests.Draft("bank", "equity", 1000));
        await Seals(shop);
        (await Proves(shop, ProofDepth.Full)).Checks.Single(c => c.Name == "kernel.seals").Differences.ShouldBe(0);

        await shop.Execute("set local session_replication_role = replica; update kernel.operation_log set actor_name = 'somebody else' where operation = 'kernel.create-company'");
        (await Proves(shop, ProofDepth.Full)).Checks.Single(c => c.Name == "kernel.seals").Differences.ShouldBe(1);
        await shop.Execute("set local session_replication_role = replica; delete from kernel.operation_log where operation = 'kernel.create-company'");
        var seals = (await Proves(shop, ProofDepth.Full)).Checks.Single(c => c.Name == "kernel.seals");

        seals.Differences.ShouldBe(1);
        seals.Examples[0].Subject.ShouldBe("Seal 1");
    }

    internal static Task<ProofReport> Proves(BookShop shop, ProofDepth depth) => shop.Services.GetRequiredService<Prover>().Run(depth);

    private static async Task Seals(BookShop shop)
    {
        var before = await shop.Scalar("select count(*) from kernel.seal");
        for (var i = 0; i < 50 && await shop.Scalar("select count(*) from kernel.seal") == before; i++)
        {
            await using var scope = shop.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SealLog>().Run(default);
            await Task.Delay(50);
        }
    }
}
