using System.Collections.Frozen;
using Keel.Kernel.Views;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Kernel;

/// All modules of the process, lower ones first.
public sealed class ModuleCatalog
{
    private readonly Dictionary<string, OperationInfo> operations;
    private readonly Dictionary<Type, OperationInfo> byType;
    private readonly ILookup<Type, Type> handlers;
    private readonly ILookup<Type, Type> deliverers;
    private FrozenSet<string>? permissions;

    public ModuleCatalog(IReadOnlyList<ModuleContents> modules)
    {
        Modules = modules;
        Numbered = [.. modules.SelectMany(m => m.AllNumbered)];
        Scoped = [.. modules.SelectMany(m => m.AllScoped)];
        operations = modules.SelectMany(m => m.AllOperations).ToDictionary(o => o.Name);
        byType = operations.Values.ToDictionary(o => o.Type);
        handlers = modules.SelectMany(m => m.AllHandlers).ToLookup(h => h.Event, h => h.Handler);
        deliverers = modules.SelectMany(m => m.AllDeliverers).ToLookup(h => h.Event, h => h.Deliverer);
        DeliveredEvents = modules.SelectMany(m => m.AllDeliverers).Select(d => d.Event).Distinct().ToDictionary(e => e.FullName!);
    }

    public IReadOnlyList<ModuleContents> Modules { get; }
    public IReadOnlyCollection<OperationInfo> Operations => operations.Values;
    public IEnumerable<Type> Views => Modules.SelectMany(m => m.AllViews);
    public IEnumerable<PageInfo> Pages => Modules.SelectMany(m => m.AllPages);
    public IEnumerable<ProofCheck> Checks => Modules.SelectMany(m => m.AllChecks);
    public IEnumerable<ProofGlance> Glances => Modules.SelectMany(m => m.AllGlances);
    public IEnumerable<JobInfo> Jobs => Modules.SelectMany(m => m.AllJobs);

    /// Where the documents that people know by a number stand, by their kind.
    internal IReadOnlyList<(string Kind, string Table)> Numbered { get; }

    /// Where documents stand whose reach is limited by site or channel.
    internal IReadOnlyList<ScopedDocument> Scoped { get; }

    internal IEnumerable<EvidencePart> Evidence => Modules.SelectMany(m => m.AllEvidence);
    internal IEnumerable<PersonalPart> Personal => Modules.Skip(1).Concat(Modules.Take(1)).SelectMany(m => m.AllPersonal);
    /// The types of record that the retention policy may name.
    public IEnumerable<RetainedType> Retained => Modules.SelectMany(m => m.AllRetained);
    internal IEnumerable<string> Related => Modules.SelectMany(m => m.AllRelated);

    /// Every permission that an operation, a view or a page asks for.
    public IReadOnlySet<string> Permissions => permissions ??= Operations.Select(o => o.Permission).Concat(Views.Select(v => ViewInfo.Of(v).Permission)).Concat(Pages.Select(p => p.Permission))
        .Append(KernelPermissions.Decide).Where(p => p.Length > 0).ToFrozenSet(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Type> DeliveredEvents { get; }

    public OperationInfo? Find(string name) => operations.GetValueOrDefault(name);

    /// The operation of a class.
    public OperationInfo Of(Type type) => byType.TryGetValue(type, out var info) ? info : throw new InvariantBroken($"{type.Name} is in no module's contents.");

    internal IEnumerable<Type> HandlersOf(Type happened) => handlers[happened];
    internal IEnumerable<Type> DeliverersOf(Type happened) => deliverers[happened];
}
