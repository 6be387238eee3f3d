namespace Keel.Bench;

/// One thing that is measured, and the least that it could cost.
internal interface IBenchCase
{
    string Name { get; }
    string What { get; }
    Task<Speed> Measure(World world, BenchOptions options);
    Task<Speed> Floor(World world, BenchOptions options);
}

/// How long a case is measured, and how many moves the history of stock has.
internal sealed record BenchOptions(TimeSpan Duration, int Moves = 5_000_000);
