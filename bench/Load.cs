using System.Diagnostics;

namespace Keel.Bench;

/// How fast something went: how many per second, and how long one took, in milliseconds.
internal sealed record Speed(double Rate, double P50, double P95, double P99)
{
    /// What the measured process held of the machine's memory; null where that is this process.
    public long? MemoryMb { get; init; }

    public static Speed Of(double rate, IEnumerable<double> latencies)
    {
        var all = latencies.Order().ToArray();
        return new Speed(rate, At(all, 0.50), At(all, 0.95), At(all, 0.99));
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}

/// Runs clients against something for a while.
internal static class Load
{
    /// How long code runs before it counts: until the runtime has compiled it for good, as it is after a minute of any working day.
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    /// Each client calls again and again; a call answers how many things it did. Warm-up is not counted.
    public static async Task<Speed> Run(int clients, TimeSpan duration, Func<int, CancellationToken, Task<int>> call, TimeSpan? warmUp = null)
    {
        var warm = Stopwatch.StartNew();
        var warmFor = warmUp ?? WarmUp;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(c => Task.Run(async () => { while (warm.Elapsed < warmFor) await call(c, CancellationToken.None); })));

        var latencies = new List<double>[clients];
        var done = new long[clients];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(c => Task.Run(async () =>
        {
            var own = latencies[c] = [];
            while (clock.Elapsed < duration)
            {
                var start = Stopwatch.GetTimestamp();
                done[c] += await call(c, CancellationToken.None);
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        })));
        var elapsed = clock.Elapsed.TotalSeconds;
        return Speed.Of(done.Sum() / elapsed, latencies.SelectMany(l => l));
    }
}
