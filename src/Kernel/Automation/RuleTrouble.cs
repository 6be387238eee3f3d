using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Opens a case about a rule that cannot do what it says, or that goes round in a circle, and gives it to the rule's owner.
[Operation("kernel.report-rule", KernelPermissions.Jobs, Said = "reported trouble of a rule", Icon = "alert")]
internal sealed class RuleTrouble(KeelDb db, CaseDesk cases, IActors actors) : IOperation<RuleTrouble.Request, Done>
{
    public static readonly CaseKind Failed = new("rule-failed", "operations", TimeSpan.FromHours(4), Severity.Normal)
    {
        Next = "Mend the rule or what it met, then try again",
        Supervisor = "administrator",
        Resolutions = ["mended", "done-by-hand", "not-needed"],
        Ways = [CaseWay.Go("Open the rule", "/rules/{id}", KernelPermissions.ReadRules)],
    };

    public static readonly CaseKind Circle = new("rule-circle", "operations", TimeSpan.FromHours(4), Severity.High)
    {
        Next = "Change one of the rules, so that they do not call each other",
        Supervisor = "administrator",
        Resolutions = ["mended", "not-needed"],
        Ways = [CaseWay.Go("Open the rule", "/rules/{id}", KernelPermissions.ReadRules)],
    };

    public static readonly CaseKind[] Kinds = [Failed, Circle];

    public sealed record Request(Id<Rule> Rule, bool IsCircle, [Required, MaxLength(1_000)] string Sentence);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Rule>().Find($"company_id = {db.Company} and id = {request.Rule}", ct) is not { } rule) return SaveRule.Unknown;
        var kind = request.IsCircle ? Circle : Failed;
        db.Work.Concerns("rule:" + rule.Id);
        cases.Open(kind, rule.Ref, request.Sentence);
        if (rule.OwnerKind is not ActorKind.Person || await actors.Find(rule.OwnerKind, rule.OwnerId, ct) is not { } owner || !owner.May(KernelPermissions.Cases)) return Done.It;

        db.Queue(
            $"""
            with given as (
              update kernel.work_case set assignee_id = {owner.Id}, assignee = {owner.Name}
              where company_id = {db.Company} and kind = {kind.Name} and subject_id = {rule.Id.Value} and state <> 'Closed' and operation = {db.Work.Operation} returning id)
            insert into kernel.case_step (id, company_id, case_id, at, kind, actor_kind, actor_id, actor_name, words, operation)
            select gen_random_uuid(), {db.Company}::uuid, id, {db.Now}::timestamptz, 'Assigned', {db.Work.Actor.Kind}::text, {db.Work.Actor.Id}::uuid, {db.Work.Actor.Name}::text,
              {$"given to {owner.Name}, who owns the rule"}::text, {db.Work.Operation}::uuid from given
            """);
        return Done.It;
    }
}
