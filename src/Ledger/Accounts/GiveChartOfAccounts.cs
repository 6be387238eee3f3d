namespace Keel.Ledger;

/// A new company begins with a chart of accounts.
internal sealed class GiveChartOfAccounts(KeelDb db) : IHandle<CompanyFounded>
{
    public Task Handle(CompanyFounded happened, CancellationToken ct)
    {
        db.Table<Account>().InsertMissing(ChartTemplate.For(happened.Company.Id));
        return Task.CompletedTask;
    }
}
