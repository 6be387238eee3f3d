using Keel.Kernel.Views;

namespace Keel.Kernel;

/// The operation log: who asked for what, through which door, and what came of it. `record` finds everything about one document or code.
[View("kernel.operations", KernelPermissions.ReadLog, Sort = "-id")]
internal sealed class OperationList(KeelDb db) : IView<OperationList.Row, OperationList.Args>
{
    public sealed record Args(string? Record = null);

    public sealed record Row
    {
        public required Guid Id { get; init; }
        public required DateTimeOffset At { get; init; }
        [Search] public required string Operation { get; init; }
        [Search] public required string ActorName { get; init; }
        public required ActorKind ActorKind { get; init; }
        public required Door Door { get; init; }
        public required string Outcome { get; init; }
        public string? Code { get; init; }
        public string? Sentence { get; init; }
        public required string Subjects { get; init; }
        public required int Micros { get; init; }
        public Guid? Cause { get; init; }
    }

    public FormattableString Rows(Args args)
    {
        var all = args.Record is not { Length: > 0 };
        string[] record = all ? [] : [args.Record!];
        return $"""
            select l.id, l.at, l.operation, l.actor_name, l.actor_kind, l.door, l.outcome, l.code, l.sentence, l.subjects, l.micros, l.cause
            from kernel.operation_log l
            where l.company_id = any({Companies()}) and ({all} or string_to_array(l.subjects, ' ') @> {record})
            """;
    }

    /// What belongs to no company is shown to those who may act for all.
    private Guid[] Companies() => db.Work.Actor.Companies is null ? [db.Company.Value, Guid.Empty] : [db.Company.Value];
}
