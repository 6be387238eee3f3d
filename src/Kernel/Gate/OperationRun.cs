namespace Keel.Kernel;

/// One request on its way through the gate.
internal sealed class OperationRun(OperationInfo info, Caller caller, long started)
{
    public OperationInfo Info => info;
    public Caller Caller => caller;
    public long Started => started;
    public Guid Id { get; set; }
    public bool Cautious { get; set; }

    /// The parts of a request on many things that wait for a yes, by their place in it.
    public SortedDictionary<int, Asked> Held { get; } = [];

    /// What a dry run found.
    public IReadOnlyList<Foretold> Foretold { get; set; } = [];

    public Outcome Answered(object? answer) => new(info, Id, answer, null, null, false, caller.DryRun) { Foretold = Foretold };
    public Outcome Refused(Error error) => new(info, Id, null, error, null, false, caller.DryRun);
    public Outcome Waits(Pending pending) => new(info, Id, null, null, pending, false, caller.DryRun) { Foretold = Foretold };
}
