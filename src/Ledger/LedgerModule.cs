namespace Keel.Ledger;

/// The money book: chart, months, journal, open items, balances. It knows how to post; what to post is said above it.
public sealed class LedgerModule : IModule
{
    public void Describe(ModuleContents contents)
    {
        contents
            .Operation<AddAccount>().Operation<OpenPeriod>().Operation<LockPeriod>()
            .Operation<PostManualEntry>().Operation<ReverseEntry>()
            .Desk<Journal>().Desk<CreditDesk>()
            .Handles<GiveChartOfAccounts>()
            .Job<RollUpDays>(every: TimeSpan.FromMinutes(1));
        LedgerProof.AddTo(contents);
    }
}

/// The permissions of the money book.
public static class LedgerPermissions
{
    public const string Read = "ledger.read";
    public const string Chart = "ledger.chart";
    public const string Periods = "ledger.periods";
    public const string PostManually = "ledger.post-manually";
}
