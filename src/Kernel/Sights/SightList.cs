using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Who saw personal data: which list or record, how, on which day and how often. The latest first.
[View("kernel.sights", KernelPermissions.ReadLog, Sort = "-last-at")]
internal sealed class SightList(KeelDb db, ModuleCatalog catalog) : IView<SightList.Row>
{
    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required DateOnly Day { get; init; }
        [Search, Title("Who")] public required string ActorName { get; init; }
        [Title("As")] public required ActorKind ActorKind { get; init; }
        [Title("How")] public required SightWay Way { get; init; }
        public required string What { get; init; }
        public string? Record { get; init; }
        public Guid? RecordId { get; init; }
        public required int Times { get; init; }
        public required long Rows { get; init; }
        public required DateTimeOffset FirstAt { get; init; }
        [Title("Last")] public required DateTimeOffset LastAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select s.id, s.day, s.actor_name, s.actor_kind, s.way, s.what, s.record_id, coalesce({NumberOf("s.record_id")}, nullif(s.record, '')) as record, s.times, s.rows, s.first_at, s.last_at
        from kernel.sight s where s.company_id = {db.Company}
        """;

    /// The number that people know the record by, whichever kind of document it is.
    private SqlText NumberOf(string key) => new SqlText().Words(
        "coalesce(" + string.Join(", ", catalog.Numbered.Select(n => $"(select r.number::text from {n.Table} r where r.id = {key} and r.company_id = s.company_id)").Append("null")) + ")");
}
