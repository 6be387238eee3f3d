using Keel.Accounting;
using Keel.Kernel.Views;
using Keel.Ledger;
using Keel.Sales.Contract;
using Keel.Tests.Accounting;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ledger;

public class ViewTests
{
    [Fact]
    public async Task Every_figure_leads_to_its_postings_and_they_add_up_to_it()
    {
        await using var shop = await BookShop.Open();
        await shop.Tells(Facts.Payment(PaymentKind.Captured, Facts.Eur(12100)));
        await shop.RollUp();
        await shop.Tells(Facts.Invoice("I-1", Facts.Eur(10000), Facts.Eur(2100), paidBefore: Facts.Eur(5000)), Facts.Received("R-1", ("MUG", 2, 999)));

        var balances = await Rows<TrialBalance, TrialBalance.Row>(shop, new TrialBalance.Args());
        balances.Sum(b => b.Balance.Minor).ShouldBe(0);
        foreach (var line in balances)
        {
            var postings = await Rows<PostingList, PostingList.Row>(shop, new PostingList.Args(Account: line.Account));
            postings.Sum(p => (p.Debit?.Minor ?? 0) - (p.Credit?.Minor ?? 0)).ShouldBe(line.Balance.Minor);
        }
    }

    [Fact]
    public async Task The_trial_balance_is_as_it_was_known_then()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(JournalTests.Draft("bank", "equity", 1000, new DateOnly(2026, 3, 1)));
        var then = shop.Now;
        await shop.RollUp();
        shop.Now += TimeSpan.FromDays(1);
        await shop.Posts(JournalTests.Draft("bank", "equity", 500, new DateOnly(2026, 3, 2)));
        await shop.RollUp();

        (await Bank(shop, new TrialBalance.Args())).ShouldBe(1500);
        (await Bank(shop, new TrialBalance.Args(AsOf: new DateOnly(2026, 3, 1)))).ShouldBe(1000);
        (await Bank(shop, new TrialBalance.Args(KnownAt: then))).ShouldBe(1000);
    }

    [Fact, Feature("AC-37")]
    public async Task Lists_of_the_books_answer()
    {
        await using var shop = await BookShop.Open();
        await shop.Tells(Facts.Invoice("I-1", Facts.Eur(10000), Facts.Eur(2100)), Facts.Received("R-1", ("MUG", 2, 999)));
        await ProofTests.Proves(shop, ProofDepth.Full);

        var journal = await Rows<JournalList, JournalList.Row>(shop);
        journal.Select(e => e.Total.Minor).ShouldBe([12100L, 999L], ignoreOrder: true);
        (await Rows<EntryView, EntryView.Row>(shop, new EntryView.Args(journal[0].Id))).Single().Operation.ShouldBe("telling.tell-facts");
        (await Rows<OpenItemList, OpenItemList.Row>(shop)).Single().OpenAmount.Minor.ShouldBe(12100);
        (await Rows<LateFacts, LateFacts.Row>(shop)).ShouldBeEmpty();
        (await Rows<PeriodList, PeriodList.Row>(shop)).Single().Postings.ShouldBe(5);
        (await Rows<PostingRuleList, PostingRuleList.Row>(shop)).Count.ShouldBeGreaterThan(20);
        (await Rows<ClearingAccounts, ClearingAccounts.Row>(shop)).ShouldAllBe(a => a.Balance == a.Listed);
        (await Rows<ClearingDocuments, ClearingDocuments.Row>(shop, new ClearingDocuments.Args("goods-received-not-invoiced"))).Single().Sum.Minor.ShouldBe(-999);
        (await Rows<ProofList, ProofList.Row>(shop)).Count.ShouldBe(1);
        (await Rows<ProofCheckList, ProofCheckList.Row>(shop, new ProofCheckList.Args())).Count.ShouldBeGreaterThan(10);
        (await Rows<ProofDifferenceList, ProofDifferenceList.Row>(shop, new ProofDifferenceList.Args())).Select(d => d.Check).Distinct().First().ShouldStartWith("Inventory");
    }

    private static async Task<long> Bank(BookShop shop, TrialBalance.Args args) =>
        (await Rows<TrialBalance, TrialBalance.Row>(shop, args)).Single(r => r.Account == "bank").Balance.Minor;

    private static async Task<IReadOnlyList<TRow>> Rows<TView, TRow>(BookShop shop, object? args = null)
    {
        await using var scope = shop.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Work>().Company = shop.Company;
        var rows = await scope.ServiceProvider.GetRequiredService<ViewRunner>().Rows<TView, TRow>(args);
        return rows.Ok ? rows.Value : throw new InvariantBroken(rows.Error!.Message);
    }
}
