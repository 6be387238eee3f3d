namespace Keel.Kernel;

/// What a good record of a domain has, declared among a module's contents. `Sql` lists the records that lack it, with the columns key, name
/// and detail; `$1` is the company. It runs set-based in a job: no page computes it.
public sealed record QualityRule(string Domain, string Name, string Says, Severity Severity, string Sql)
{
    /// What to do about it, in two or three words, and where; `{key}` stands for the record's key.
    public string Fix { get; init; } = "Put it right";
    public string? FixHref { get; init; }
    public string FixPermission { get; init; } = "";

    /// How much of a record's hundred points a finding takes.
    public static int WeightOf(Severity severity) => severity switch { Severity.High => 40, Severity.Normal => 20, _ => 10 };

    /// Where it is put right for a record.
    public string? FixUrl(string key) => FixHref?.Replace("{key}", Uri.EscapeDataString(key), StringComparison.Ordinal);
}
