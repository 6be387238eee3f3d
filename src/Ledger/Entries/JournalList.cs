using Keel.Kernel.Views;

namespace Keel.Ledger;

/// The journal, the newest day first: what was posted, for which document, how much.
[View("ledger.journal", LedgerPermissions.Read, Sort = "-day")]
internal sealed class JournalList(KeelDb db) : IView<JournalList.Row>
{
    public sealed record Row
    {
        public required Id<Entry> Id { get; init; }
        public required DateOnly Day { get; init; }
        public required string Journal { get; init; }
        [Search, Title("Document")] public required string DocumentNumber { get; init; }
        [Title("Kind")] public required string DocumentKind { get; init; }
        public required string Sentence { get; init; }
        public required short Legs { get; init; }
        public required Money Total { get; init; }
        public required Currency Currency { get; init; }
        [Title("Late for")] public DateOnly? LateFor { get; init; }
        [Title("Recorded")] public required DateTimeOffset RecordedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select e.id, e.day, e.journal, e.document_number, e.document_kind, e.sentence, e.legs, e.late_for, e.recorded_at, c.currency,
          (select coalesce(sum(p.company_amount), 0)::bigint from ledger.posting p where p.entry_id = e.id and p.company_amount > 0) as total
        from ledger.entry e cross join (select currency from kernel.company where id = {db.Company}) c
        where e.company_id = {db.Company}
        """;
}

/// One entry with everything that it names.
[View("ledger.entry", LedgerPermissions.Read)]
internal sealed class EntryView(KeelDb db) : IView<EntryView.Row, EntryView.Args>
{
    public sealed record Args(Id<Entry> Entry);

    public sealed record Row
    {
        public required Id<Entry> Id { get; init; }
        public required string Journal { get; init; }
        public required DateOnly Day { get; init; }
        public required DateTimeOffset HappenedAt { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required string DocumentKind { get; init; }
        public required Guid DocumentId { get; init; }
        public required string DocumentNumber { get; init; }
        public required string Sentence { get; init; }
        public DateOnly? LateFor { get; init; }
        public Guid? Reverses { get; init; }
        public Guid? ReversedBy { get; init; }
        public required string Operation { get; init; }
        public required string ActorName { get; init; }
        public required bool Controlled { get; init; }
    }

    public FormattableString Rows(Args args) =>
        $"""
        select e.id, e.journal, e.day, e.happened_at, e.recorded_at, e.document_kind, e.document_id, e.document_number, e.sentence, e.late_for, e.reverses,
          (select r.id from ledger.entry r where r.reverses = e.id) as reversed_by,
          coalesce(l.operation, '') as operation, coalesce(l.actor_name, '') as actor_name,
          exists (select from ledger.posting p join ledger.account a on a.company_id = p.company_id and a.code = p.account
                  where p.entry_id = e.id and a.control <> 'None') as controlled
        from ledger.entry e left join kernel.operation_log l on l.id = e.operation_id
        where e.company_id = {db.Company} and e.id = {args.Entry}
        """;
}
