namespace Keel.Kernel;

/// Who asks, through which door, for which company, and how.
public sealed record Caller(Actor Actor, Door Door, Id<Company> Company)
{
    /// The same key with the same payload gets the same answer, for 30 days.
    public string? IdempotencyKey { get; init; }

    /// Run, answer, and undo.
    public bool DryRun { get; init; }

    /// The instant to act at, where it is not now: the simulator's clock, an import's rows.
    public DateTimeOffset? At { get; init; }

    /// The instant from which on a change of master data shall hold, where that is later: it is kept and done by itself then.
    public DateTimeOffset? From { get; init; }

    /// The operation that caused this one.
    public Guid? Cause { get; init; }

    /// The rows of a file that the request was made of.
    public FileRows? Rows { get; init; }

    /// The approval under which it is done; the gate checks that it is given, for this request and this effect.
    public Guid? Approval { get; init; }

    /// Who said yes to it, by name.
    public string? ApprovedBy { get; init; }

    /// The house at its own work, which waits for nobody's yes. Who types a command is a person, whoever it is: that waits like any other.
    internal bool IsHouse => Actor.Kind is ActorKind.System && Door is not Door.Cli;

    /// Keel itself, for a company.
    public static Caller Keel(Id<Company> company) => new(Actor.Keel, Door.System, company);
}

/// What came of a request: the answer or refusal, the key of its line in the log, and whether it is an earlier answer said again.
public sealed record Outcome(OperationInfo Operation, Guid Id, object? Answer, Error? Error, Pending? Waiting, bool Replayed, bool DryRun)
{
    /// What a dry run found that it would do.
    public IReadOnlyList<Foretold> Foretold { get; init; } = [];

    public bool Ok => Error is null && Waiting is null;
}
