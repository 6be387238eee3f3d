namespace Keel.Kernel;

/// The policies of a company for its pages: every kind with its versions, and what one of them decided lately.
public sealed class PolicyBook(KeelDb db, PolicyKinds kinds)
{
    /// One kind with its versions, the newest first.
    public sealed record Shelf(PolicyKind Kind, IReadOnlyList<PolicyVersion> Versions, DateTimeOffset Now)
    {
        /// The version that holds now; none is as delivered.
        public PolicyVersion? InForce => Versions.Where(v => v.EffectiveFrom <= Now).MaxBy(v => (v.EffectiveFrom, v.Version));

        /// The versions that are still to come, the next first; of those that begin at one instant the newest.
        public IReadOnlyList<PolicyVersion> ToCome =>
            [.. Versions.Where(v => v.EffectiveFrom > Now).GroupBy(v => v.EffectiveFrom).Select(g => g.MaxBy(v => v.Version)!).OrderBy(v => v.EffectiveFrom)];
    }

    public sealed record Decided(DateTimeOffset At, int PolicyVersion, string SubjectKind, Guid SubjectId, string SubjectNumber, string Sentence);

    /// What a policy decided lately, the newest first.
    public IReadOnlyList<Decided> Decisions { get; private set; } = [];

    /// Every kind. One round trip.
    public async Task<IReadOnlyList<Shelf>> Load(CancellationToken ct = default)
    {
        var versions = (await db.Table<PolicyVersion>().Where($"company_id = {db.Company} order by kind, version desc", ct)).ToLookup(v => v.Kind);
        return [.. kinds.All.Select(k => new Shelf(k, [.. versions[k.Kind]], db.Now))];
    }

    /// One kind with its decisions, or nothing where no module declares it. One round trip.
    public async Task<Shelf?> Load(string kind, CancellationToken ct = default)
    {
        if (kinds.Find(kind) is not { } known) return null;
        var decisions = db.Ask<Decided>(
            $"""
            select at, policy_version, subject_kind, subject_id, subject_number, sentence from kernel.decision
            where company_id = {db.Company} and policy = {kind} order by at desc, id desc limit 20
            """);
        var versions = await db.Table<PolicyVersion>().Where($"company_id = {db.Company} and kind = {kind} order by version desc", ct);
        Decisions = decisions.Value;
        return new Shelf(known, versions, db.Now);
    }
}
