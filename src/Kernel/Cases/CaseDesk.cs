namespace Keel.Kernel;

/// The exception queue's desk. One case per kind and subject that is not closed: opening it again changes nothing.
public sealed class CaseDesk(KeelDb db, CaseKinds kinds)
{
    public void Open(CaseKind kind, DocumentRef subject, string sentence) => Open([(kind, subject, sentence)]);

    public void Open(IReadOnlyList<(CaseKind Kind, DocumentRef Subject, string Sentence)> cases)
    {
        if (cases.Count == 0) return;
        foreach (var (kind, _, _) in cases) kinds.MustKnow(kind);
        db.Work.Made?.Add(cases.Select(c => new OpenedCase(c.Kind, c.Subject, c.Sentence)));
        var actor = db.Work.Actor;
        db.Queue(
            $"""
            with asked as (
              select * from unnest(
                {cases.Select(_ => db.NewId<Case>().Value).ToArray()}::uuid[], {cases.Select(c => c.Kind.Name).ToArray()}::text[], {cases.Select(c => c.Subject.Kind).ToArray()}::text[],
                {cases.Select(c => c.Subject.Id).ToArray()}::uuid[], {cases.Select(c => c.Subject.Number).ToArray()}::text[], {cases.Select(c => c.Kind.Severity.ToString()).ToArray()}::text[],
                {cases.Select(c => c.Sentence).ToArray()}::text[], {cases.Select(c => c.Kind.Owner).ToArray()}::text[], {cases.Select(c => (long)c.Kind.Target.TotalSeconds).ToArray()}::bigint[],
                {cases.Select(c => c.Kind.EscalatesWhenLate).ToArray()}::boolean[])
              as u (id, kind, subject_kind, subject_id, subject, severity, sentence, owner, seconds, escalates)),
            fresh as (
              insert into kernel.work_case (id, company_id, kind, subject_kind, subject_id, subject, severity, sentence, owner, opened_at, due_at, state, operation, escalates_at)
              select id, {db.Company}::uuid, kind, subject_kind, subject_id, subject, severity, sentence, owner, {db.Now}::timestamptz, {db.Now}::timestamptz + make_interval(secs => seconds), 'Open',
                {db.Work.Operation}::uuid, case when escalates then {db.Now}::timestamptz + make_interval(secs => seconds) end
              from asked on conflict do nothing returning id, company_id, kind, subject_kind, subject_id, subject, severity, owner, opened_at, due_at, sentence, operation),
            told as (
              insert into kernel.event (id, company_id, kind, at, operation, cause, actor_kind, actor_id, subject_kind, subject_id, subject_number, facts)
              select gen_random_uuid(), company_id, {CaseOpened.Trigger}::text, opened_at, operation, {db.Work.Cause}::uuid, {actor.Kind}::text, {actor.Id}::uuid, 'case', id, subject,
                jsonb_build_object('case', jsonb_build_object('kind', 'case', 'id', id, 'number', subject), 'kind', kind, 'severity', lower(severity), 'sentence', sentence, 'team', owner,
                  'about', jsonb_build_object('kind', subject_kind, 'id', subject_id, 'number', subject), 'due', due_at)
              from fresh)
            insert into kernel.case_step (id, company_id, case_id, at, kind, actor_kind, actor_id, actor_name, words, operation)
            select gen_random_uuid(), company_id, id, opened_at, 'Opened', {actor.Kind}::text, {actor.Id}::uuid, {actor.Name}::text, sentence, operation from fresh
            """);
    }

    /// Closes what was open of a kind about subjects, because what it waited for has happened.
    public void Close(CaseKind kind, IReadOnlyList<Guid> subjects, string resolution) => Close([kind], subjects, resolution);

    /// Closes what was open of some kinds about subjects, because what it waited for has happened.
    public void Close(IReadOnlyList<CaseKind> of, IReadOnlyList<Guid> subjects, string resolution, string code = CaseKind.Settled)
    {
        if (subjects.Count == 0) return;
        string[] names = [.. of.Select(k => k.Name)];
        Close(subjects, resolution, code, $"and kind = any({names})");
    }

    /// Closes everything that was open about subjects, because nobody has to look at them any more.
    public void CloseAll(IReadOnlyList<Guid> subjects, string resolution, string code = CaseKind.Settled)
    {
        if (subjects.Count > 0) Close(subjects, resolution, code, $"");
    }

    private void Close(IReadOnlyList<Guid> subjects, string resolution, string code, FormattableString which)
    {
        var actor = db.Work.Actor;
        db.Queue(
            $"""
            with done as (
              update kernel.work_case set state = 'Closed', closed_at = {db.Now}, resolution = {resolution}, resolution_code = {code}, closed_by = {actor.Name}, snoozed_until = null, escalates_at = null
              where company_id = {db.Company} and subject_id = any({subjects}) and state <> 'Closed' {which} returning id)
            insert into kernel.case_step (id, company_id, case_id, at, kind, actor_kind, actor_id, actor_name, words, operation)
            select gen_random_uuid(), {db.Company}::uuid, id, {db.Now}::timestamptz, 'Closed', {actor.Kind}::text, {actor.Id}::uuid, {actor.Name}::text, {resolution}::text, {db.Work.Operation}::uuid from done
            """);
    }

    /// What people noted in cases about some subjects goes with the person that they are about; the rest of the story stays. `subjects` is a
    /// query of their keys.
    public void ForgetNotes(FormattableString subjects) => db.Queue(
        $"""
        update kernel.case_step set words = 'Erased with the person' where kind = 'Noted' and case_id in (
          select id from kernel.work_case where company_id = {db.Company} and subject_id in ({subjects}))
        """);
}
