using System.Text.RegularExpressions;

namespace Keel.Kernel;

/// A kind of event that rules may follow, as its module declared it: its name (`sales.order-placed`), what people call it, one sentence with
/// its fields in braces, and what it is about.
public sealed partial record TriggerKind(string Name, string Title, string Sentence, string Module, Type Type, Func<object, DocumentRef> About)
{
    /// What it says.
    public FactShape Shape => FactShape.Of(Type);

    /// The sentence for one event.
    internal string Say(Fact fact) => Braces().Replace(Sentence, m => fact.Json(m.Groups[1].Value) is { } value ? RequestTemplate.Text(value) : "");

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9.]*)\}")]
    private static partial Regex Braces();
}

/// All kinds of events that rules may follow.
public sealed class Triggers(IReadOnlyList<TriggerKind> kinds)
{
    private readonly Dictionary<string, TriggerKind> byName = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);
    private readonly Dictionary<Type, TriggerKind> byType = kinds.ToDictionary(k => k.Type);

    public IReadOnlyList<TriggerKind> All => kinds;

    public TriggerKind? Find(string name) => byName.GetValueOrDefault(name);

    /// Keeps an event for the rules, where rules may follow its kind; it is written with everything else when the operation commits.
    internal void Keep(KeelDb db, IEvent happened)
    {
        if (!byType.TryGetValue(happened.GetType(), out var kind)) return;
        var work = db.Work;
        db.Table<EventRow>().Gather(new EventRow(
            Guid.CreateVersion7(db.Now), db.Company, kind.Name, db.Now, work.Operation, work.Cause, work.Actor.Kind, work.Actor.Id, kind.About(happened), kind.Shape.Write(happened)));
    }
}

/// Something that happened, kept for the rules.
[Rows("kernel.event", "id")]
internal sealed record EventRow(
    Guid Id, Id<Company> CompanyId, string Kind, DateTimeOffset At, Guid Operation, Guid? Cause, ActorKind ActorKind, Guid ActorId, DocumentRef Subject,
    [property: Json] System.Text.Json.JsonElement Facts);
