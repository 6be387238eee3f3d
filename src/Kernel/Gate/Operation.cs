using System.Reflection;

namespace Keel.Kernel;

/// A change of state that anyone may ask for: a named, typed request and the class that runs it behind the gate.
/// `Run` touches nothing outside the database; it may be run again in a fresh scope after a deadlock.
public interface IOperation<TRequest, TAnswer>
{
    Task<Result<TAnswer>> Run(TRequest request, CancellationToken ct);
}

/// An operation whose single requests are collected into one transaction while the last one is being flushed, each with its own
/// idempotency and its own line in the log.
public interface IGroupedOperation<TRequest, TAnswer>
{
    /// Requests with the same key queue for the same rows, and are run together.
    string GroupOf(TRequest request);

    /// An answer per request, in the order given.
    Task<Result<TAnswer>[]> Run(IReadOnlyList<TRequest> requests, CancellationToken ct);
}

/// An operation that writes rows which many want at once: at most a few writers per key run at a time, the others wait outside the database.
public interface IContended<TRequest>
{
    IEnumerable<string> KeysOf(TRequest request);
}

/// An operation that can need somebody's approval says what it has just done, before it is committed. It is asked only where a policy may
/// hold the operation; what needs a yes is undone and waits.
public interface IAssess<TRequest, TAnswer>
{
    Task<Effect> Assess(TRequest request, TAnswer answer, CancellationToken ct);
}

/// An operation whose own data, beside the policies, may want another person's yes: only where it may for this request is it assessed for that,
/// and `Effect.Needs` then says who decides.
public interface IMayNeedYes<TRequest>
{
    Task<bool> MayNeedYes(TRequest request, CancellationToken ct);
}

/// Looks at what every operation has done, in its own transaction, after its events were told and before the commit: for those who watch.
/// It may write; it may not refuse.
public interface IAfterOperation
{
    Task Look(OperationInfo operation, CancellationToken ct);
}

/// An operation on many things at once, about each of which somebody decides by itself: what needs a yes leaves the set before it runs and
/// waits one by one, the rest is done. A thing is as large as what is decided as one, so that it is no way around a limit to cut it in pieces.
public interface IAssessEach<TRequest, TAnswer> : IAssess<TRequest, TAnswer>
{
    /// The request taken apart, in a stable order.
    IReadOnlyList<TRequest> Parts(TRequest request);

    /// The request with some of its parts only; there is at least one.
    TRequest Only(TRequest request, IReadOnlyList<TRequest> parts);

    /// What the answer says about one part.
    TAnswer AnswerOf(TAnswer answer, TRequest part);

    /// The answer with those parts that wait now; nothing was done where `answer` is missing.
    TAnswer With(TAnswer? answer, IReadOnlyList<(TRequest Part, string Waits)> waiting);
}

/// What an operation does: how much money is at stake, which documents in which versions, and one sentence that names no key that a second
/// run would make anew.
public sealed record Effect(Money? Amount, IReadOnlyList<DocumentVersion> Subjects, string Sentence)
{
    /// Nothing was done, so that there is nothing to say yes to: each thing asked for was refused by itself.
    public static readonly Effect Nothing = new(null, [], "");

    /// The nodes that it is about.
    public IReadOnlyList<NodeCode> Nodes { get; init; } = [];

    /// The channel that it is about.
    public ChannelCode? Channel { get; init; }

    /// The categories of the goods that it is about.
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// In which ways it is out of the ordinary, in words that the operation documents, such as the reason of an adjustment.
    public IReadOnlyList<string> Exceptions { get; init; } = [];

    /// Who must say yes whatever the policy says, because the operation's own data wants it; null where it does not.
    public ApprovalLevel? Needs { get; init; }

    /// What it makes of master data, field by field; null where it is about something else.
    public IReadOnlyList<FieldEdit>? Changes { get; init; }

    /// The digest of all changes, where there are more than are kept.
    public string? Rest { get; init; }

    /// What becomes of single quantities, for whoever decides; null where it is about something else.
    public IReadOnlyList<EffectLine>? Lines { get; init; }
}

/// What becomes of the quantity of one product in one place, and why.
public sealed record EffectLine(Sku Sku, string Product, LocationCode Place, Quantity Before, Quantity After, string Reason, string? Note = null)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public Quantity Difference => After - Before;
}

/// A document in the version that somebody looked at.
public sealed record DocumentVersion(DocumentRef Document, int Version);

/// Names an operation and the permission that it asks for. The name is its address on every door: `sales.capture-orders`.
[AttributeUsage(AttributeTargets.Class)]
public sealed class OperationAttribute(string name, string permission) : Attribute
{
    public string Name => name;
    public string Permission => permission;

    /// A sentence in the imperative for menus, the palette and OpenAPI; made from the name where it is not given.
    public string? Title { get; init; }

    /// What was done, told in the past, with what is counted in braces and how the record's own story calls it: `released {orders|it} to
    /// picking`. The log, the story of a record, and those who watch it read the same.
    public string? Said { get; init; }

    /// The picture beside it in a story.
    public string Icon { get; init; } = "edit";

    /// The log keeps no payload: for requests with secrets, such as a password.
    public bool Secret { get; init; }

    /// It changes settings that are kept in memory: every node reads them again.
    public bool ChangesSettings { get; init; }

    /// It belongs to no company: companies themselves, users.
    public bool Global { get; init; }

    /// The domain of master data that it changes: its owner may have a say, and it can be planned for a later instant.
    public string? Domain { get; init; }
}

/// An operation as the doors know it.
public sealed class OperationInfo
{
    internal OperationInfo(Type type, string module)
    {
        var attribute = type.GetCustomAttribute<OperationAttribute>() ?? throw new InvariantBroken($"{type.Name} has no [Operation].");
        var contract = type.GetInterfaces().Single(i => i.IsGenericType &&
            (i.GetGenericTypeDefinition() == typeof(IOperation<,>) || i.GetGenericTypeDefinition() == typeof(IGroupedOperation<,>)));
        Type = type;
        Module = module;
        Name = attribute.Name;
        Permission = attribute.Permission;
        Secret = attribute.Secret;
        ChangesSettings = attribute.ChangesSettings;
        Global = attribute.Global;
        Said = attribute.Said;
        Icon = attribute.Icon;
        Domain = attribute.Domain;
        Title = attribute.Title ?? Words(type.Name);
        Request = contract.GetGenericArguments()[0];
        Answer = contract.GetGenericArguments()[1];
        Grouped = contract.GetGenericTypeDefinition() == typeof(IGroupedOperation<,>);
        MayWait = Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAssess<,>));
    }

    public Type Type { get; }
    public string Module { get; }
    public string Name { get; }
    public string Permission { get; }
    public string Title { get; }

    /// What was done, told in the past, with what is counted in braces.
    public string? Said { get; }
    public string Icon { get; }
    public bool Secret { get; }
    public bool ChangesSettings { get; }
    public bool Global { get; }
    public bool Grouped { get; }

    /// The domain of master data that it changes, where it changes any.
    public string? Domain { get; }

    /// Whether it says what it would do, so that a policy may make it wait for another person's yes.
    public bool MayWait { get; }
    public Type Request { get; }
    public Type Answer { get; }

    /// The last part of the name: `capture-orders`.
    public string Verb => Name[(Name.IndexOf('.') + 1)..];

    private static string Words(string name)
    {
        var words = Snake.Of(name).Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
