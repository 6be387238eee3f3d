using System.ComponentModel.DataAnnotations;

namespace Keel.Kernel;

/// Sends dead letters again, as if for the first time: the ones that are named, or all of the company.
[Operation("kernel.replay-dead-letters", KernelPermissions.Jobs, Said = "sent {messages|a message} again", Icon = "upload")]
internal sealed class ReplayDeadLetters(KeelDb db) : IOperation<ReplayDeadLetters.Request, int>
{
    public sealed record Request([MaxLength(1_000)] IReadOnlyList<Guid>? Letters = null);

    public async Task<Result<int>> Run(Request request, CancellationToken ct)
    {
        var all = request.Letters is not { Count: > 0 };
        var again = await db.Query<string>(
            $"""
            update kernel.outbox set state = 'Waiting', attempts = 0, next_at = {db.Now}
            where company_id = {db.Company} and state = 'Dead' and ({all} or id = any({request.Letters ?? []})) returning subject
            """, ct);
        foreach (var subject in again.Distinct().Take(20)) db.Work.Concerns(subject);
        return again.Count;
    }
}
