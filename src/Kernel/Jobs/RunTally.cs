namespace Keel.Kernel;

/// What one run of a job did, counted wherever it is done: operations at the gate, letters out of the outbox.
public sealed class RunTally
{
    private static readonly AsyncLocal<RunTally?> Running = new();
    private int operations;
    private int refused;
    private int letters;

    public int Operations => operations;
    public int Refused => refused;
    public int Letters => letters;

    /// Whether there was nothing to do.
    public bool IsIdle => operations + refused + letters == 0;

    /// Counts from here on what this piece of work does.
    internal static RunTally Begin() => Running.Value = new RunTally();

    /// An operation came out of the gate: it was done, or it was refused.
    internal static void Ran(bool wasRefused)
    {
        if (Running.Value is not { } run) return;
        Interlocked.Increment(ref wasRefused ? ref run.refused : ref run.operations);
    }

    internal static void Delivered(int many)
    {
        if (Running.Value is { } run) Interlocked.Add(ref run.letters, many);
    }
}
