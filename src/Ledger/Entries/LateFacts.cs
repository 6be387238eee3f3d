using Keel.Kernel.Views;

namespace Keel.Ledger;

/// Facts whose month was locked when they became known: posted on the first open day, with the day on which they took place.
[View("ledger.late-facts", LedgerPermissions.Read, Sort = "-day")]
internal sealed class LateFacts(KeelDb db) : IView<LateFacts.Row>
{
    public sealed record Row
    {
        public required Id<Entry> Id { get; init; }
        [Title("Posted on")] public required DateOnly Day { get; init; }
        [Title("Took place")] public required DateOnly LateFor { get; init; }
        [Search, Title("Document")] public required string DocumentNumber { get; init; }
        public required string Sentence { get; init; }
        public required Money Total { get; init; }
        public required Currency Currency { get; init; }
        [Title("Recorded")] public required DateTimeOffset RecordedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select e.id, e.day, e.late_for, e.document_number, e.sentence, e.recorded_at, c.currency,
          (select coalesce(sum(p.company_amount), 0)::bigint from ledger.posting p where p.entry_id = e.id and p.company_amount > 0) as total
        from ledger.entry e cross join (select currency from kernel.company where id = {db.Company}) c
        where e.company_id = {db.Company} and e.late_for is not null
        """;
}
