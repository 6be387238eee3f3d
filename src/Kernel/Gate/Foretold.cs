namespace Keel.Kernel;

/// One thing that a request would do, found by doing it and undoing it: in which book (`Stock`, `Books`, `Cases` …), and one sentence.
public sealed record Foretold(string Book, string Sentence);

/// Says in words what a dry run wrote of a module's rows. It is asked inside the run's transaction, before that is undone, and may read.
public interface IForetell
{
    ValueTask<IReadOnlyList<Foretold>> Tell(Made made, CancellationToken ct);
}

/// The rows that a dry run wrote.
public sealed class Made
{
    private readonly Dictionary<Type, List<object>> rows = [];

    /// The new rows of one kind, in the order in which they were written.
    public IReadOnlyList<T> Of<T>() => rows.TryGetValue(typeof(T), out var some) ? [.. some.Cast<T>()] : [];

    internal void Add<T>(IEnumerable<T> some)
    {
        if (!rows.TryGetValue(typeof(T), out var known)) rows[typeof(T)] = known = [];
        known.AddRange(some.Cast<object>());
    }
}
