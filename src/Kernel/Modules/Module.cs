using System.Collections.Frozen;
using Keel.Kernel.Views;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Kernel;

/// One business domain. `Describe` is its table of contents.
public interface IModule
{
    void Describe(ModuleContents contents);
}

/// What a module offers to the doors and to the rest of the house.
public sealed class ModuleContents(string name, Assembly assembly, IServiceCollection services)
{
    private readonly List<OperationInfo> operations = [];
    private readonly List<Type> views = [];
    private readonly List<PageInfo> pages = [];
    private readonly List<ProofCheck> checks = [];
    private readonly List<ProofGlance> glances = [];
    private readonly List<JobInfo> jobs = [];
    private readonly List<PolicyKind> policies = [];
    private readonly List<CaseKind> cases = [];
    private readonly List<DataDomain> domains = [];
    private readonly List<QualityRule> quality = [];
    private readonly List<DuplicateSign> signs = [];
    private readonly List<ComingChange> coming = [];
    private readonly List<ImportCheck> importChecks = [];
    private readonly List<Measure> measures = [];
    private readonly List<RowUndo> undoes = [];
    private readonly List<Dependence> dependences = [];
    private readonly List<(string Kind, CaseWay Way)> ways = [];
    private readonly List<(string Kind, string Table)> numbered = [];
    private readonly List<ScopedDocument> scoped = [];
    private readonly List<EvidencePart> evidence = [];
    private readonly List<string> related = [];
    private readonly List<PersonalPart> personal = [];
    private readonly List<RetainedType> retained = [];
    private readonly List<TriggerKind> triggers = [];
    private readonly List<(Type Event, Type Handler)> handlers = [];
    private readonly List<(Type Event, Type Deliverer)> deliverers = [];

    public string Name => name;
    public Assembly Assembly => assembly;
    public IReadOnlyList<OperationInfo> AllOperations => operations;
    public IReadOnlyList<Type> AllViews => views;
    public IReadOnlyList<PageInfo> AllPages => pages;
    public IReadOnlyList<ProofCheck> AllChecks => checks;
    public IReadOnlyList<ProofGlance> AllGlances => glances;
    public IReadOnlyList<JobInfo> AllJobs => jobs;
    public IReadOnlyList<PolicyKind> AllPolicies => policies;
    public IReadOnlyList<CaseKind> AllCases => cases;
    public IReadOnlyList<DataDomain> AllDomains => domains;
    public IReadOnlyList<QualityRule> AllQuality => quality;
    public IReadOnlyList<DuplicateSign> AllSigns => signs;
    public IReadOnlyList<ComingChange> AllComing => coming;
    public IReadOnlyList<ImportCheck> AllImportChecks => importChecks;
    public IReadOnlyList<Measure> AllMeasures => measures;
    public IReadOnlyList<RowUndo> AllUndoes => undoes;
    internal IReadOnlyList<Dependence> AllDependences => dependences;
    internal IReadOnlyList<(string Kind, CaseWay Way)> AllWays => ways;
    internal IReadOnlyList<(string Kind, string Table)> AllNumbered => numbered;
    internal IReadOnlyList<ScopedDocument> AllScoped => scoped;
    internal IReadOnlyList<EvidencePart> AllEvidence => evidence;
    internal IReadOnlyList<string> AllRelated => related;
    internal IReadOnlyList<PersonalPart> AllPersonal => personal;
    internal IReadOnlyList<RetainedType> AllRetained => retained;
    internal IReadOnlyList<TriggerKind> AllTriggers => triggers;
    internal IReadOnlyList<(Type Event, Type Handler)> AllHandlers => handlers;
    internal IReadOnlyList<(Type Event, Type Deliverer)> AllDeliverers => deliverers;

    /// An operation, open to every door.
    public ModuleContents Operation<T>() where T : class
    {
        services.AddScoped<T>();
        operations.Add(new OperationInfo(typeof(T), name));
        return this;
    }

    /// A named query, open to every door.
    public ModuleContents View<T>() where T : class
    {
        services.AddScoped<T>();
        views.Add(typeof(T));
        return this;
    }

    /// A desk or another thing that lives as long as one operation.
    public ModuleContents Desk<T>() where T : class
    {
        services.AddScoped<T>();
        return this;
    }

    /// A desk whose construction is its module's own business.
    public ModuleContents Desk<T>(Func<IServiceProvider, T> make) where T : class
    {
        services.AddScoped(make);
        return this;
    }

    /// A reaction to another module's fact.
    public ModuleContents Handles<T>() where T : class
    {
        services.AddScoped<T>();
        foreach (var contract in typeof(T).GetInterfaces().Where(i => i.IsGenericType))
        {
            if (contract.GetGenericTypeDefinition() == typeof(IHandle<>)) handlers.Add((contract.GetGenericArguments()[0], typeof(T)));
            if (contract.GetGenericTypeDefinition() == typeof(IDeliver<>)) deliverers.Add((contract.GetGenericArguments()[0], typeof(T)));
        }

        return this;
    }

    /// A kind of event that rules may follow: its name (`order-placed`), what people call it, what it is about, and one sentence with its fields in braces.
    public ModuleContents Trigger<T>(string kind, string title, Func<T, DocumentRef> about, string sentence) where T : IEvent
    {
        triggers.Add(new TriggerKind($"{name}.{kind}", title, sentence, name, typeof(T), happened => about((T)happened)));
        return this;
    }

    /// A page in the menu. Section is one of the menu's jobs: Orders, Stock, Warehouse, Buying, Returns, Service, Channels, Books, Insight, Settings;
    /// a long one has parts: `Settings/People`.
    public ModuleContents Page<T>(string title, string section, string url, string permission)
    {
        var (job, part) = section.Split('/') is [var whole, var piece] ? (whole, piece) : (section, null);
        pages.Add(new PageInfo(typeof(T), title, job, url, permission) { Part = part });
        return this;
    }

    /// Documents of a kind that people know by a number: the table has them with `company_id`, `id` and `number`. The log and the evidence find
    /// them by either.
    public ModuleContents Numbered(string kind, string table)
    {
        numbered.Add((kind, table));
        return this;
    }

    /// Where documents of a kind stand: the table has them with `company_id` and `id`, and here with the columns of their site, their channel and
    /// the number that people know. Who is limited to others neither sees them nor works on them, on whatever door.
    public ModuleContents Stands(string kind, string table, string? site = null, string? channel = null, string? number = null)
    {
        scoped.Add(new ScopedDocument(kind, table, site, channel, number, null));
        return this;
    }

    /// Rows with a key of their own that stand where the document stands that they are about: a case, a payment, a note.
    public ModuleContents StandsWith(string kind, string table, string about)
    {
        scoped.Add(new ScopedDocument(kind, table, null, null, null, about));
        return this;
    }

    /// Files that the module adds to evidence packs.
    public ModuleContents Evidence(params IReadOnlyList<EvidencePart> parts)
    {
        evidence.AddRange(parts);
        return this;
    }

    /// What the module knows about a person, for the copy that the person may ask for.
    public ModuleContents Personal(params IReadOnlyList<PersonalPart> parts)
    {
        personal.AddRange(parts);
        return this;
    }

    /// A type of record that the retention policy may have purged.
    public ModuleContents Retains<T>(string name, string title, int leastMonths = 1) where T : class, IRetain
    {
        services.AddScoped<T>();
        retained.Add(new RetainedType(name, title, leastMonths, typeof(T)));
        return this;
    }

    /// What hangs on a record, for its evidence: a query of `id` and `number` that names `@company` and `@ids`.
    public ModuleContents Related(string query)
    {
        related.Add(query);
        return this;
    }

    /// A check of `keel prove`: a query that lists the differences, and one that counts what was looked at.
    public ModuleContents Check(string check, string title, string rows, string differences)
    {
        checks.Add(new ProofCheck(check, title, rows, differences));
        return this;
    }

    public ModuleContents Checks(IReadOnlyList<ProofCheck> all, params IReadOnlyList<ProofGlance> some)
    {
        checks.AddRange(all);
        glances.AddRange(some);
        return this;
    }

    /// A choice that the business makes, as data.
    public ModuleContents Policy<T>() where T : class, IPolicy<T>
    {
        policies.Add(new PolicyKind(T.Kind, typeof(T), T.Says, T.UsedBy, T.AsDelivered));
        return this;
    }

    /// Kinds of cases that the module opens: each is a queue of its own, with its team, its target and its ways out.
    public ModuleContents Case(params IReadOnlyList<CaseKind> kinds)
    {
        cases.AddRange(kinds);
        return this;
    }

    /// Ways out that this module knows of a lower module's kind of case.
    public ModuleContents WaysOut(CaseKind kind, params CaseWay[] some)
    {
        ways.AddRange(some.Select(w => (kind.Name, w)));
        return this;
    }

    /// Domains of master data that somebody answers for.
    public ModuleContents Domain(params IReadOnlyList<DataDomain> some)
    {
        domains.AddRange(some);
        return this;
    }

    /// What a good record of a domain has, as SQL that lists those that lack it.
    public ModuleContents Quality(params IReadOnlyList<QualityRule> some)
    {
        quality.AddRange(some);
        return this;
    }

    /// What two records of a domain have in common when they may be one.
    public ModuleContents Duplicates(params IReadOnlyList<DuplicateSign> some)
    {
        signs.AddRange(some);
        return this;
    }

    /// How files that went into this module's operations are reconciled with what is there.
    public ModuleContents Reconciles(params IReadOnlyList<ImportCheck> some)
    {
        importChecks.AddRange(some);
        return this;
    }

    /// Figures that are watched: taken every hour, kept day by day, shown on boards.
    public ModuleContents Measure(params IReadOnlyList<Measure> some)
    {
        measures.AddRange(some);
        return this;
    }

    /// How what files made through an operation is taken back.
    public ModuleContents Undoes<TOperation, TUndo>() where TOperation : class where TUndo : class, IUndoRows
    {
        services.AddScoped<TUndo>();
        undoes.Add(new RowUndo(typeof(TOperation), typeof(TUndo), TUndo.Says));
        return this;
    }

    /// What this module holds of records of a kind, which stay as long as it does: SQL with the columns key and what.
    public ModuleContents Depends(string kind, string sql)
    {
        dependences.Add(new Dependence(kind, sql));
        return this;
    }

    /// What this module has planned for records of a domain.
    public ModuleContents Coming(ComingChange some)
    {
        coming.Add(some);
        return this;
    }

    /// Puts into words what a dry run wrote of the module's rows.
    public ModuleContents Foretells<T>() where T : class, IForetell
    {
        services.AddScoped<IForetell, T>();
        return this;
    }

    /// Something that runs again and again.
    public ModuleContents Job<T>(TimeSpan every) where T : class, IJob
    {
        services.AddScoped<T>();
        jobs.Add(new JobInfo(typeof(T), every));
        return this;
    }
}

/// Work that recurs. It runs per process at most once at a time; each run leaves a heartbeat.
public interface IJob
{
    Task Run(CancellationToken ct);
}

public sealed record JobInfo(Type Type, TimeSpan Every)
{
    public string Name => Snake.Of(Type.Name.EndsWith("Job", StringComparison.Ordinal) ? Type.Name[..^3] : Type.Name).Replace('_', '-');
}

public sealed record PageInfo(Type Component, string Title, string Section, string Url, string Permission)
{
    /// The part of a long section that it stands in.
    public string? Part { get; init; }
}

/// One sentence that must be true of the books. `Differences` returns rows (subject text, expected text, found text); `Rows` one bigint.
public sealed record ProofCheck(string Name, string Title, string Rows, string Differences);

/// Several checks by one reading of their rows: `Sql` returns rows (name of a check, whether it holds). A check that holds at a glance isn't looked at row by
/// row; one that doesn't, or that no glance knows, is. Each row counts in a sum with a weight of its own, drawn anew for each proof (`$1`, a bigint), so that
/// two errors that hide each other today don't tomorrow.
public sealed record ProofGlance(string Sql);

/// Puts the house together.
public static class Composition
{
    /// Registers the Kernel and the modules, which are given lower ones first.
    public static ModuleCatalog AddKeel(this IServiceCollection services, Npgsql.NpgsqlDataSource source, TimeProvider clock, params IModule[] modules)
    {
        services.AddSingleton(source);
        services.AddSingleton(clock);
        services.AddSingleton<SettingsCache>();
        services.AddSingleton<DocumentNumbers>();
        services.AddSingleton<Gate>();
        services.AddSingleton<Crowd>();
        services.AddSingleton<OutboxDispatcher>();
        services.AddSingleton<RuleDispatcher>();
        services.AddSingleton<RuleSources>();
        services.AddSingleton<RuleActors>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<Sights>();
        services.AddSingleton<JobRunner>();
        services.AddScoped<Work>();
        services.AddScoped<KeelDb>();
        services.AddScoped<Scopes>();
        services.AddScoped<Settings>();
        services.AddScoped<Policies>();
        services.AddScoped<CaseDesk>();
        services.AddScoped<CaseWork>();
        services.AddScoped<CaseInbox>();
        services.AddScoped<Approvals>();
        services.AddScoped<ApprovalOutlook>();
        services.AddScoped<MasterDesk>();
        services.AddScoped<LogDesk>().AddScoped<ChangeDesk>().AddScoped<LogChoices>().AddScoped<LegalHoldDesk>().AddSingleton<LogSentence>();

        var contents = modules.Prepend(new KernelModule()).Select(module =>
        {
            var one = new ModuleContents(module.GetType().Name.Replace("Module", "").ToLowerInvariant(), module.GetType().Assembly, services);
            module.Describe(one);
            return one;
        }).ToArray();
        var catalog = new ModuleCatalog(contents);
        services.AddSingleton(catalog);
        services.AddSingleton(new GuardedFields(catalog));
        services.AddSingleton(new Triggers([.. contents.SelectMany(c => c.AllTriggers)]));
        services.AddSingleton(new CaseKinds(contents.SelectMany(c => c.AllCases), contents.SelectMany(c => c.AllWays).ToLookup(w => w.Kind, w => w.Way)));
        services.AddSingleton(new DataDomains(contents));
        services.AddSingleton(new Measures(contents.SelectMany(c => c.AllMeasures)));
        services.AddSingleton(new PolicyKinds(contents.SelectMany(c => c.AllPolicies).ToDictionary(p => p.Kind)));
        services.AddSingleton<Migrator>();
        services.AddSingleton<Prover>();
        return catalog;
    }

    /// The data source that Keel's statements want: prepared by themselves, connections that are not reset between uses.
    public static Npgsql.NpgsqlDataSource DataSource(string connectionString)
    {
        var builder = new Npgsql.NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxAutoPrepare = 256;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.ConnectionStringBuilder.Enlist = false;
        if (!builder.ConnectionStringBuilder.ContainsKey("Maximum Pool Size")) builder.ConnectionStringBuilder.MaxPoolSize = 80;
        builder.ConnectionStringBuilder.Options ??= "-c lock_timeout=20s -c idle_in_transaction_session_timeout=120s -c timezone=UTC";
        builder.ConnectionStringBuilder.CommandTimeout = 120;
        return builder.Build();
    }
}
