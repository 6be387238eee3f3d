using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keel.Kernel;

/// One line of the log with what was asked for.
public sealed record LoggedOperation(OperationLogRow Header, string? Payload, long? Seal);

/// One line of those that an operation caused.
public sealed record CausedOperation(Guid Id, DateTimeOffset At, string ActorName, ActorKind ActorKind, Door Door, string Operation, string Outcome, string? Sentence, string Subjects, int? Done, int? Refused)
{
    [NotAColumn]
    public LogSentence.Line Line => new(ActorName, ActorKind, Door, Operation, Outcome, Sentence, Subjects, Done, Refused);
}

/// Reads the log back: a line with its payload, personal data only for those who may see it, and only while the person's key exists.
public sealed class LogDesk(KeelDb db, GuardedFields guarded)
{
    private static readonly JsonSerializerOptions Shown = new() { WriteIndented = true, Encoder = KeelJson.Options.Encoder };

    public async Task<LoggedOperation?> Find(Guid id, bool withPersonal, CancellationToken ct = default)
    {
        Guid[] companies = db.Work.Actor.Companies is null ? [db.Company.Value, Guid.Empty] : [db.Company.Value];
        var header = await db.First<OperationLogRow>(
            $"""
            select id, company_id, at, door, actor_kind, actor_id, actor_name, operation, outcome, code, sentence, subjects, micros, cause, digest, amount, amount_currency, items, changes
            from kernel.operation_log where id = {id} and company_id = any({companies})
            """, ct);
        if (header is null || db.Work.Actor.Reach.IsLimited && header.ActorId != db.Work.Actor.Id) return null;
        var seal = db.Ask<long>(
            $"select s.number from kernel.seal s join kernel.operation_log l on l.xact >= s.from_xact and l.xact < s.to_xact where l.id = {id}");
        var payload = await db.First<byte[]>($"select payload from kernel.operation_payload where operation_id = {id}", ct);
        return new LoggedOperation(
            header, payload is null ? null : await Text(PersonalJson.Read(payload), withPersonal, ct), seal.Value is [var number, ..] ? number : null);
    }

    /// What an operation caused, in its order.
    public async Task<IReadOnlyList<CausedOperation>> CausedBy(Guid id, CancellationToken ct = default) => await db.Query<CausedOperation>(
        $"""
        select l.id, l.at, l.actor_name, l.actor_kind, l.door, l.operation, l.outcome, l.sentence, l.subjects, coalesce(i.done, l.items) as done, i.refused
        from kernel.operation_log l left join kernel.operation_items i on i.operation_id = l.id where l.cause = {id} and l.company_id = any({new[] { db.Company.Value, Guid.Empty }}) order by l.at, l.id limit 100
        """, ct);

    private async Task<string> Text(string json, bool withPersonal, CancellationToken ct)
    {
        if (JsonNode.Parse(json) is not { } root) return json;
        guarded.Strip(root, db.Work.Actor.May);
        var marks = new List<(JsonObject Holder, string? Cipher)>();
        Collect(root, marks);
        var ids = marks.Where(m => m.Cipher is not null).Select(m => Guid.ParseExact(m.Cipher![..32], "N")).Distinct().ToArray();
        var keys = withPersonal && ids.Length > 0 ? await db.Table<PersonKey>().Where($"id = any({ids})", ct) : [];
        foreach (var (holder, cipher) in marks) Reveal(holder, cipher, withPersonal, keys);
        return root.ToJsonString(Shown);
    }

    /// What was asked for, in one line, with persons left out: for those who take it out of the house.
    internal static string WithoutPersons(byte[] payload)
    {
        if (JsonNode.Parse(PersonalJson.Read(payload)) is not { } root) return "";
        var marks = new List<(JsonObject Holder, string? Cipher)>();
        Collect(root, marks);
        foreach (var (holder, _) in marks) holder[PersonalJson.Mark] = HistoryLine.Hidden;
        return root.ToJsonString();
    }

    /// What was asked for, with what stands under one person's key readable and every other person left out; nothing where it does not speak of
    /// that person.
    internal static string? About(byte[] payload, PersonKey person)
    {
        if (JsonNode.Parse(PersonalJson.Read(payload)) is not { } root) return null;
        var marks = new List<(JsonObject Holder, string? Cipher)>();
        Collect(root, marks);
        var own = person.Id.ToString("N");
        if (!marks.Exists(m => m.Cipher?.StartsWith(own, StringComparison.Ordinal) == true)) return null;
        foreach (var (holder, cipher) in marks) Reveal(holder, cipher, cipher?.StartsWith(own, StringComparison.Ordinal) == true, [person]);
        return root.ToJsonString();
    }

    private static void Collect(JsonNode node, List<(JsonObject, string?)> marks)
    {
        switch (node)
        {
            case JsonObject holder when holder.ContainsKey(PersonalJson.Mark):
                marks.Add((holder, holder[PersonalJson.Mark]?.GetValue<string>()));
                break;
            case JsonObject holder:
                foreach (var (_, value) in holder) if (value is not null) Collect(value, marks);
                break;
            case JsonArray list:
                foreach (var item in list) if (item is not null) Collect(item, marks);
                break;
        }
    }

    private static void Reveal(JsonObject holder, string? cipher, bool withPersonal, List<PersonKey> keys)
    {
        if (!withPersonal)
        {
            holder[PersonalJson.Mark] = HistoryLine.Hidden;
            return;
        }

        var key = cipher is null ? null : keys.Find(k => k.Id == Guid.ParseExact(cipher[..32], "N"));
        if (cipher is null || key?.Decrypt(cipher) is not { } clear || JsonNode.Parse(clear) is not JsonObject person)
        {
            holder[PersonalJson.Mark] = HistoryLine.Erased;
            return;
        }

        holder.Remove(PersonalJson.Mark);
        foreach (var (name, value) in person.ToArray())
        {
            person.Remove(name);
            holder[name] = value;
        }
    }
}
