using System.Reflection;

namespace Keel.Kernel;

/// A kind of case, declared among a module's contents: its name, the team that looks after it, how soon, how bad. Each kind is a queue of
/// its own, with its own way up and its own ways out.
public sealed record CaseKind(string Name, string Owner, TimeSpan Target, Severity Severity)
{
    /// The code of what the house closed by itself, because what it waited for had happened.
    public const string Settled = "settled";

    /// The code of what was closed because its subject was called off.
    public const string CalledOff = "called-off";

    /// What whoever takes it does next, in a few words without a full stop.
    public string Next { get; init; } = "Decide, then close it";

    /// The team that gets it when it is passed up.
    public string Supervisor { get; init; } = "operations";

    /// Whether it is passed up by itself when its time is over, and once more after twice its time.
    public bool EscalatesWhenLate { get; init; } = true;

    /// How such a case can end when a person closes it.
    public IReadOnlyList<string> Resolutions { get; init; } = ["solved", "not-needed", "duplicate"];

    /// What can be done about it in one click, the usual one first.
    public IReadOnlyList<CaseWay> Ways { get; init; } = [];

    /// The ways out of a case about this subject.
    public IEnumerable<CaseWay> WaysFor(DocumentRef subject) => Ways.Where(w => w.SubjectKind is null || w.SubjectKind == subject.Kind);

    /// The code that is meant by a word as people type it; null where it is none of this kind's.
    public string? CodeOf(string word)
    {
        var spoken = word.Trim().Replace(' ', '-');
        return Resolutions.FirstOrDefault(c => c.Equals(spoken, StringComparison.OrdinalIgnoreCase));
    }
}

/// A way out of a case: an operation on its subject, or the page where it is settled.
public sealed record CaseWay(string Label)
{
    /// The operation's name, and its permission; null for a page.
    public string? Operation { get; private init; }
    public string Permission { get; private init; } = "";

    /// The field of the request that takes the subject's id.
    public string? Field { get; private init; }

    /// The field of the request that a person fills in first, and the question.
    public string? Asks { get; private init; }
    public string? Question { get; private init; }

    /// The kind of subject that it is for, where a kind of case has subjects of several: `order`.
    public string? SubjectKind { get; init; }

    /// The page's address; `{id}` and `{number}` stand for the subject's.
    public string? Href { get; private init; }

    /// Runs an operation on the subject: `CaseWay.On<ConfirmOrders>("Confirm order", "orders")`.
    public static CaseWay On<TOperation>(string label, string field)
    {
        var operation = typeof(TOperation).GetCustomAttribute<OperationAttribute>() ?? throw new InvariantBroken($"{typeof(TOperation).Name} has no [Operation].");
        return new CaseWay(label) { Operation = operation.Name, Permission = operation.Permission, Field = field };
    }

    /// Runs an operation after it has asked for one field of the request.
    public static CaseWay Asking<TOperation>(string label, string field, string asks, string question) =>
        On<TOperation>(label, field) with { Asks = asks, Question = question };

    /// Goes to the page where it is settled.
    public static CaseWay Go(string label, string href, string permission) => new(label) { Href = href, Permission = permission };

    /// The page's address for a subject.
    public string? HrefFor(DocumentRef subject) => Href?
        .Replace("{id}", subject.Id.ToString(), StringComparison.Ordinal)
        .Replace("{number}", Uri.EscapeDataString(subject.Number), StringComparison.Ordinal);
}

/// All kinds of cases of the house, each with the ways out that upper modules add to a lower module's kind.
public sealed class CaseKinds(IEnumerable<CaseKind> kinds, ILookup<string, CaseWay> more)
{
    private readonly Dictionary<string, CaseKind> byName = kinds.ToDictionary(k => k.Name, k => k with { Ways = [.. k.Ways, .. more[k.Name]] }, StringComparer.Ordinal);

    public IReadOnlyCollection<CaseKind> All => byName.Values;

    public CaseKind? Find(string name) => byName.GetValueOrDefault(name);

    internal void MustKnow(CaseKind kind)
    {
        if (!byName.ContainsKey(kind.Name)) throw new InvariantBroken($"The case kind {kind.Name} is in no module's contents.");
    }
}
