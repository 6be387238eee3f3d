using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The operation log: who asked for what, through which door, and what came of it. `record` finds everything about one document, by its number
/// or code, or by its key.
[View("kernel.operations", KernelPermissions.ReadLog, Sort = "-at")]
internal sealed class OperationList(KeelDb db, ModuleCatalog catalog) : IView<OperationList.Row, OperationList.Args>
{
    /// `Who` is part of a name.
    public sealed record Args(string? Record = null, string? Who = null);

    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        public required string Operation { get; init; }
        public required string ActorName { get; init; }
        public required ActorKind ActorKind { get; init; }
        public required Door Door { get; init; }
        public required string Outcome { get; init; }
        public string? Code { get; init; }
        public string? Sentence { get; init; }
        [Title("About")] public required string Subjects { get; init; }
        public Money? Amount { get; init; }
        public Currency? AmountCurrency { get; init; }
        public required int Micros { get; init; }
        public Guid? Cause { get; init; }
        public int? Done { get; init; }
        public int? Refused { get; init; }

        /// As a person reads it.
        [NotAColumn]
        internal LogSentence.Line Line => new(ActorName, ActorKind, Door, Operation, Outcome, Sentence, Subjects, Done, Refused);
    }

    public FormattableString Rows(Args args) =>
        $"""
        select l.id, l.at, l.operation, l.actor_name, l.actor_kind, l.door, l.outcome, l.code, l.sentence, l.subjects, l.amount, l.amount_currency, l.micros, l.cause,
          coalesce((select i.done from kernel.operation_items i where i.operation_id = l.id), l.items) as done,
          (select i.refused from kernel.operation_items i where i.operation_id = l.id) as refused
        from kernel.operation_log l where {Own}{(db.Work.Actor.Reach.IsLimited ? $" and l.actor_id = {db.Work.Actor.Id}" : (FormattableString)$"")}{(args.Record?.Trim() is { Length: > 0 } record ? About(record) : $"")}{(args.Who?.Trim() is { Length: > 0 } who ? $" and l.actor_name = any(array({LogChoices.Names(db, who)}))" : (FormattableString)$"")}
        """;

    /// The log knows no sites and no channels: who is limited to some reads the own lines. What belongs to no company is shown to those who may act for all.
    private FormattableString Own => db.Work.Actor.Companies is null
        ? (FormattableString)$"l.company_id = any({new[] { db.Company.Value, Guid.Empty }})"
        : $"l.company_id = {db.Company}";

    /// The lines are found first, by the index of subjects, whatever the list is sorted by.
    private FormattableString About(string record)
    {
        string[] words = [record, record.ToUpperInvariant()];
        if (!Guid.TryParse(record, out var key)) return $" and l.id = any(array(select s.id from kernel.operation_log s where string_to_array(s.subjects, ' ') && {words}))";
        return $"""
             and l.id = any(array(
              select {key}::uuid
              union all select s.id from kernel.operation_log s where s.cause = {key}
              union all select s.id from kernel.operation_log s where string_to_array(s.subjects, ' ') && array({NumbersOf(key)})))
            """;
    }

    /// The numbers of whatever documents have a key.
    private FormattableString NumbersOf(Guid key)
    {
        FormattableString all = $"select c.subject from kernel.work_case c where c.company_id = {db.Company} and c.id = {key}";
        foreach (var (_, table) in catalog.Numbered)
        {
            all = $"{all} union all select r.number::text from {new SqlText.Verbatim(table)} r where r.company_id = {db.Company} and r.id = {key}";
        }

        return all;
    }
}
