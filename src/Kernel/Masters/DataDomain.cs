namespace Keel.Kernel;

/// A kind of master data that somebody answers for, declared among a module's contents: products, customers, tax rules.
public sealed record DataDomain(string Name, string Title, string Says)
{
    /// The list of its records.
    public string? Href { get; init; }

    /// Its records as SQL with the columns key and name; `$1` is the company. What nobody counts or compares has none.
    public string? Records { get; init; }

    /// Records as SQL with the columns key and record, a JSON object of what is kept about each; `$1` is the company, `$2` the keys.
    public string? Fields { get; init; }

    /// The columns of `Fields` that say something about a person.
    public IReadOnlyList<string> Personal { get; init; } = [];

    /// The page of one record; `{key}` stands for its key.
    public string? Page { get; init; }

    /// Where a record is shown.
    public string? UrlOf(string key) => Page?.Replace("{key}", Uri.EscapeDataString(key), StringComparison.Ordinal);

    /// Merges two of its records, where that can be done: the operation takes `keep`, `give` and `reason`.
    public string? MergeOperation { get; init; }

    /// The permission that the merge asks for.
    public string MergePermission { get; init; } = "";
}

/// What is planned for a record of another module's domain, as SQL with the columns at and sentence; `$1` is the company, `$2` the key of
/// the record, `$3` the instant from which on it is to come.
public sealed record ComingChange(string Domain, string Sql);

/// The domains of master data of the house, and everything that modules declared about them.
public sealed class DataDomains
{
    private readonly Dictionary<string, DataDomain> byName;
    private readonly ILookup<string, QualityRule> rules;
    private readonly ILookup<string, ComingChange> coming;
    private readonly ILookup<string, DuplicateSign> signs;

    internal DataDomains(IReadOnlyList<ModuleContents> modules)
    {
        All = [.. modules.SelectMany(m => m.AllDomains).OrderBy(d => d.Title, StringComparer.Ordinal)];
        byName = All.ToDictionary(d => d.Name, StringComparer.Ordinal);
        rules = modules.SelectMany(m => m.AllQuality).ToLookup(r => r.Domain);
        coming = modules.SelectMany(m => m.AllComing).ToLookup(c => c.Domain);
        signs = modules.SelectMany(m => m.AllSigns).ToLookup(s => s.Domain);
    }

    /// Every domain, by title.
    public IReadOnlyList<DataDomain> All { get; }

    /// The domain of this name, or nothing.
    public DataDomain? Find(string name) => byName.GetValueOrDefault(name);

    /// The rules that say what a good record of a domain has.
    public IEnumerable<QualityRule> RulesOf(string domain) => rules[domain];

    internal QualityRule? Rule(string domain, string name) => rules[domain].FirstOrDefault(r => r.Name == name);

    internal IEnumerable<ComingChange> ComingTo(string domain) => coming[domain];

    internal IEnumerable<DuplicateSign> SignsOf(string domain) => signs[domain];
}
