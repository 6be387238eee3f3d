using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Keel.Kernel.Views;

namespace Keel.Kernel;

/// Where an operation on master data says what it changes: the gate asks here whether it waits for the owner, and requests for the same
/// fields learn that they are based on old values.
public sealed class MasterDesk(KeelDb db)
{
    private const int MostKept = 400;
    private readonly List<FieldEdit> changes = [];
    private readonly List<DocumentVersion> subjects = [];
    private string domain = "";

    /// Everything that this operation changes, in the order in which it was said.
    public IReadOnlyList<FieldEdit> Changes => changes;

    /// The fields of one record that are changed.
    public IReadOnlyList<string> FieldsOf(string subject) => [.. changes.Where(c => c.Subject == subject).Select(c => c.Field)];

    /// The operation makes something new of a record, or a new record.
    public void Changed(string of, DocumentRef subject, IEnumerable<FieldEdit> some)
    {
        domain = of;
        var before = changes.Count;
        changes.AddRange(some);
        // Versions are left out: another field's change is none of this request's business.
        if (changes.Count > before && subjects.Count < MostKept && subjects.All(s => s.Document != subject)) subjects.Add(new DocumentVersion(subject, 0));
    }

    /// What the operation does, for the gate; and, with the same round trip as its writes, a word to the requests that it overtakes.
    public Effect Effect()
    {
        var kept = changes.Take(MostKept).ToArray();
        return new Effect(null, subjects, Sentence())
        {
            Changes = kept,
            Rest = changes.Count > kept.Length ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(changes, KeelJson.Options)))) : null,
        };
    }

    /// Tells requests for the same fields that wait that they are based on old values. One statement, and none where nothing changes.
    internal void QueueOvertaken(Guid? own)
    {
        var some = changes.Where(c => c.Field.Length > 0).ToArray();
        if (some.Length == 0) return;
        db.Queue(
            $"""
            with said as (
              select a.id, jsonb_agg(jsonb_build_object('subject', u.subject, 'field', u.field, 'now', u.value, 'by', {db.Work.Actor.Name}::text, 'at', {db.Now}::timestamptz,
                'personal', u.personal)) as stale
              from kernel.approval a cross join lateral jsonb_array_elements(a.effect -> 'changes') c
              join unnest({some.Select(c => c.Subject).ToArray()}::text[], {some.Select(c => c.Field).ToArray()}::text[], {some.Select(c => c.After ?? "").ToArray()}::text[],
                {some.Select(c => c.Personal ? 1 : 0).ToArray()}::integer[]) as n (subject, field, value, is_personal) on n.subject = c ->> 'subject' and n.field = c ->> 'field'
              cross join lateral (select n.subject, n.field, n.value, n.is_personal = 1 as personal) u
              where a.company_id = {db.Company} and a.domain = {domain} and a.state = 'Waiting' and a.id is distinct from {own}::uuid
              group by a.id)
            update kernel.approval a set stale = s.stale, version = a.version + 1 from said s where a.id = s.id and a.state = 'Waiting'
            """);
    }

    /// Calls off what waits or is planned for a record, because the record itself is gone: an erased person's requests hold personal data.
    public void CallOff(string of, string subject, string why) => db.Queue(
        $"""
        update kernel.approval set state = 'Withdrawn', outcome = {why}, ended_at = {db.Now}, payload = null, stale = null, version = version + 1,
          effect = jsonb_set(effect, array['changes'], '[]'::jsonb)
        where company_id = {db.Company} and domain = {of} and state in ('Waiting', 'Approved') and begun_at is null
          and effect -> 'changes' @> jsonb_build_array(jsonb_build_object('subject', {subject}::text))
        """);

    private string Sentence()
    {
        var names = changes.Select(c => c.Subject).Distinct().ToArray();
        var fresh = changes.Count(c => c.Field.Length == 0);
        if (changes.Count == 0) return "Changes nothing.";
        if (fresh == changes.Count) return names.Length == 1 ? $"Creates {names[0]}." : $"Creates {names.Length} records, {names[0]} among them.";
        if (names.Length > 1) return $"Changes {changes.Count} fields of {names.Length} records, {names[0]} among them.";
        var fields = changes.Select(c => ViewInfo.Spoken(c.Field).ToLowerInvariant()).ToArray();
        if (changes is [{ Personal: false } one]) return $"Changes {fields[0]} of {one.Subject}: {Short(one.Before)} → {Short(one.After)}.";
        return fields.Length == 1 ? $"Changes {fields[0]} of {names[0]}." : $"Changes {fields.Length} fields of {names[0]}: {string.Join(", ", fields.Take(6))}{(fields.Length > 6 ? " …" : "")}.";
    }

    private static string Short(string? value) => value switch { null or "" => "nothing", { Length: > 60 } => value[..60] + "…", _ => value };
}
