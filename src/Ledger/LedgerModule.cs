using Keel.Ui;

namespace Keel.Ledger;

/// The money book: chart, months, journal, open items, balances. It knows how to post; what to post is said above it.
public sealed class LedgerModule : IModule
{
    public void Describe(ModuleContents contents)
    {
        contents
            .StandsWith("journal entry", "ledger.entry", about: "document_id")
            .Evidence(new EvidencePart("postings", "Postings", """
                select p.day, e.recorded_at, p.journal, p.document_kind, p.document_number, p.leg, p.account, p.amount as amount_minor, p.currency,
                  p.company_amount as company_amount_minor, p.company_amount_currency, p.channel, p.node, p.sku, e.sentence, e.operation_id as operation, p.entry_id as entry
                from ledger.entry e join ledger.pub_posting p on p.entry_id = e.id where e.company_id = @company and {scope} order by p.day, p.entry_id, p.leg
                """, "e.document_id = any(@ids)", "e.day >= @from_day and e.day <= @until_day"))
            .Operation<AddAccount>().Operation<OpenPeriod>().Operation<LockPeriod>()
            .Operation<PostManualEntry>().Operation<ReverseEntry>()
            .View<JournalList>().View<EntryView>().View<PostingList>().View<LateFacts>().View<TrialBalance>().View<OpenItemList>().View<PeriodList>()
            .Record("entry", "/journal/", LedgerPermissions.Read, "document_number from ledger.entry")
            .Page<JournalPage>("Journal", "Books", "/journal", LedgerPermissions.Read)
            .Page<TrialBalancePage>("Trial balance", "Books", "/trial-balance", LedgerPermissions.Read)
            .Tile<OpenItemList>("Overdue, owed to us", "f.is-overdue=true", "/open-items", StateRole.Waiting, "Remind them")
            .Page<OpenItemsPage>("Open items", "Books", "/open-items", LedgerPermissions.Read)
            .Page<PeriodsPage>("Months", "Books", "/periods", LedgerPermissions.Read)
            .Page<LateFactsPage>("Late facts", "Books", "/late-facts", LedgerPermissions.Read)
            .Page<ProofPage>("Proof", "Books", "/proof", KernelPermissions.Proof)
            .Desk<Journal>().Desk<CreditDesk>()
            .Record("journal-entry", "/journal/")
            .Begins("Post by hand", "/journal/new").Begins("Lock a month", "/periods/lock").Begins("Open a month", "/periods/open")
            .Depends("partner", "select i.partner::text as key, 'open items' as what from ledger.open_item i where i.company_id = $1 and i.partner::text = any($2) group by i.partner")
            .JoinsRecord<DocumentEntries>().Foretells<ForetellEntries>()
            .Handles<GiveChartOfAccounts>()
            .Measure(LedgerMeasures.All)
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
