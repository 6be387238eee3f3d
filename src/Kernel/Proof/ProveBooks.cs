namespace Keel.Kernel;

/// Proves the books now, in full or as far as they are new.
[Operation("kernel.prove-books", KernelPermissions.Proof, Global = true, Said = "proved the books", Icon = "shield")]
public sealed class ProveBooks(Prover prover) : IOperation<ProveBooks.Request, ProveBooks.Answer>
{
    public sealed record Request(ProofDepth Depth = ProofDepth.Full);

    public sealed record Answer(Guid Proof, int Checks, long Differences, int Millis);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var report = await prover.Run(request.Depth, ct);
        return new Answer(report.Id, report.Checks.Count, report.Differences, report.Millis);
    }
}

/// Proves what is new, again and again; once a day everything.
internal sealed class ProveBooksJob(Prover prover, KeelDb db, TimeProvider clock) : IJob
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public async Task Run(CancellationToken ct)
    {
        var full = await db.First<DateTimeOffset?>($"select max(at) from kernel.proof where (checks->>'full')::boolean", ct);
        var due = full is null || clock.GetUtcNow() - full >= Day;
        await prover.Run(due ? ProofDepth.Full : ProofDepth.WhatIsNew, ct);
    }
}
