using Keel.Ledger;
using Keel.Ledger.Contract;
using Npgsql;
using Shouldly;
using Xunit;

namespace Keel.Tests.Ledger;

public class JournalTests
{
    [Fact]
    public async Task The_database_refuses_an_entry_that_does_not_balance_and_legs_that_come_later()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(Draft("bank", "equity", 1000));
        var entry = (await shop.Texts("select id from ledger.entry"))[0];

        var later = await Should.ThrowAsync<PostgresException>(shop.Execute(Leg(entry, 3, 100)));
        var again = await Should.ThrowAsync<PostgresException>(shop.Execute(Leg(entry, 1, 0)));
        var nowhere = await Should.ThrowAsync<PostgresException>(shop.Execute(Leg(Guid.NewGuid().ToString(), 1, 0)));

        later.SqlState.ShouldBe("KE002");
        again.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        nowhere.SqlState.ShouldBe("KE002");
    }

    [Fact]
    public async Task Nothing_posted_is_ever_changed()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(Draft("bank", "equity", 1000));

        foreach (var sql in new[] { "update ledger.entry set sentence = ''", "delete from ledger.posting", "truncate ledger.posting", "update ledger.posting set account = 'x'" })
        {
            (await Should.ThrowAsync<PostgresException>(shop.Execute(sql))).SqlState.ShouldBe("KE001");
        }
    }

    [Fact, Feature("AC-34")]
    public async Task A_fact_of_a_locked_month_goes_to_the_first_open_day_and_keeps_its_own()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(Draft("bank", "equity", 1000, new DateOnly(2026, 2, 3)));
        (await shop.Does<LockPeriod, LockPeriod.Request, Done>(new(new DateOnly(2026, 2, 1)))).Ok.ShouldBeTrue();

        (await shop.Posts(Draft("bank", "equity", 500, new DateOnly(2026, 2, 27)))).Ok.ShouldBeTrue();

        (await shop.Texts("select day::text, late_for::text from ledger.entry where late_for is not null")).ShouldBe(["2026-03-01 | 2026-02-27"]);
    }

    [Fact, Feature("AC-12")]
    public async Task Closing_waits_for_who_is_posting_and_whoever_comes_later_runs_again()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(Draft("bank", "equity", 1000, new DateOnly(2026, 2, 3)));
        await using var holder = await shop.Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select pg_advisory_xact_lock(ledger.period_lock('{shop.Company}', '2026-02-01'))", holder)) await hold.ExecuteNonQueryAsync();
        var posting = shop.Posts(Draft("bank", "equity", 500, new DateOnly(2026, 2, 27)));
        await Task.Delay(300);
        posting.IsCompleted.ShouldBeFalse();

        await using (var close = new NpgsqlCommand(
            $"insert into ledger.period values ('{shop.Company}', '2026-02-01', 'Locked', 'x', '2026-03-10'); " +
            $"insert into kernel.settings_stamp values ('{shop.Company}', 1) on conflict (company_id) do update set stamp = kernel.settings_stamp.stamp + 1", holder)) await close.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        (await posting).Ok.ShouldBeTrue();
        (await shop.Scalar("select count(*) from ledger.entry where late_for = '2026-02-27'")).ShouldBe(1);
    }

    [Fact, Feature("AC-18")]
    public async Task A_manual_entry_balances_and_leaves_controlled_accounts_alone()
    {
        await using var shop = await BookShop.Open();
        PostManualEntry.Request Entry(string debit, long amount) => new(BookShop.Today, "Rent of March",
            [new(debit, Debit: new Money(amount, Currency.Eur)), new("bank", Credit: new Money(1000, Currency.Eur))]);

        (await shop.Does<PostManualEntry, PostManualEntry.Request, PostManualEntry.Posted>(Entry("fees", 999))).Error!.Code.ShouldBe("entry.unbalanced");
        (await shop.Does<PostManualEntry, PostManualEntry.Request, PostManualEntry.Posted>(Entry("inventory", 1000))).Error!.Code.ShouldBe("entry.account-controlled");
        var posted = (await shop.Does<PostManualEntry, PostManualEntry.Request, PostManualEntry.Posted>(Entry("fees", 1000))).Value;
        (await shop.Does<ReverseEntry, ReverseEntry.Request, Id<Entry>>(new(posted.Entry, "Wrong month"))).Ok.ShouldBeTrue();

        posted.Number.ShouldBe("JE-2026-000001");
        (await shop.Balance("fees")).ShouldBe(0);
        (await shop.Does<ReverseEntry, ReverseEntry.Request, Id<Entry>>(new(posted.Entry, "Once more"))).Error!.Code.ShouldBe("entry.reversed");
    }

    [Fact]
    public async Task Day_balances_and_tail_are_the_postings()
    {
        await using var shop = await BookShop.Open();
        await shop.Posts(Draft("bank", "equity", 1000));
        await shop.RollUp();
        await shop.Posts(Draft("bank", "equity", 500, new DateOnly(2026, 3, 9)), Draft("fees", "bank", 20));

        (await shop.Scalar("select balance from ledger.pub_account_balance where account = 'bank'")).ShouldBe(1480);
        for (var i = 0; i < 50 && await shop.Scalar("select sum(postings)::bigint from ledger.day_balance") < 6; i++) { await Task.Delay(100); await shop.RollUp(); }
        (await shop.Scalar("select sum(debit - credit)::bigint from ledger.day_balance where account = 'bank'")).ShouldBe(1480);
    }

    internal static EntryDraft Draft(string debit, string credit, long cents, DateOnly? day = null)
    {
        var money = new Money(cents, Currency.Eur);
        return new EntryDraft(Journals.Manual, new DocumentRef("journal-entry", Guid.NewGuid(), "JE"), day ?? BookShop.Today, new DateTimeOffset(2026, 3, 10, 9, 0, 0, TimeSpan.Zero), "Test",
            [new Leg(debit, money, money, 1, Dimensions.None), new Leg(credit, -money, -money, 1, Dimensions.None)]);
    }

    private static string Leg(string entry, int number, long amount) =>
        "insert into ledger.posting (entry_id, leg, company_id, day, account, amount, currency, company_amount, company_amount_currency, rate) " +
        $"select '{entry}', {number}, (select id from kernel.company limit 1), '2026-03-10', 'bank', {amount}, 'EUR', {amount}, 'EUR', 1";
}
