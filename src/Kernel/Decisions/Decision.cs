namespace Keel.Kernel;

/// Why the system chose as it did: the sentence, the candidates with what spoke for them, those left out and why, the policy and its version.
[Rows("kernel.decision", "id")]
public sealed record Decision(
    Guid Id, Id<Company> CompanyId, DateTimeOffset At, Guid Operation, string Kind, DocumentRef Subject, string Sentence,
    string Policy, int PolicyVersion, [property: Json] DecisionDetail Detail);

public sealed record DecisionDetail(IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOut> Excluded);

/// One candidate: its name, whether it was chosen, the facts looked at and its score.
public sealed record Candidate(string Name, bool Chosen, IReadOnlyDictionary<string, string> Facts, int? Score = null);

public sealed record LeftOut(string Name, string Reason);
