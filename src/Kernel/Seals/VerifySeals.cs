using System.Text.Json;

namespace Keel.Kernel;

/// Looks at every seal and every sealed line now, and keeps what it found.
[Operation("kernel.verify-seals", KernelPermissions.ReadLog, Global = true, Said = "verified the seals", Icon = "shield")]
internal sealed class VerifySeals(KeelDb db, TimeProvider clock) : IOperation<VerifySeals.Request, VerifySeals.Answer>
{
    private const int MostExamples = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public sealed record Request;

    public sealed record Answer(long Seals, long Lines, long Differences);

    public async Task<Result<Answer>> Run(Request request, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        db.Patience = Patience;
        var seals = await db.First<long>($"select count(*) from kernel.seal", ct);
        var found = await Seals.Verify(db, "0", MostExamples, ct);
        db.Table<SealVerification>().Insert(new SealVerification(
            Guid.CreateVersion7(db.Now), db.Now, db.Work.Actor.Name, seals, found.Rows, found.Differences, found.Examples, (int)clock.GetElapsedTime(started).TotalMilliseconds));
        return new Answer(seals, found.Rows, found.Differences);
    }
}

/// What was found when somebody had the seals looked at.
[Rows("kernel.seal_verification", "id")]
public sealed record SealVerification(
    Guid Id, DateTimeOffset At, string AskedBy, long Seals, long Lines, long Differences, [property: Json] IReadOnlyList<ProofDifference> Examples, int Millis);

/// Reads how the seals stand.
public sealed class SealDesk(KeelDb db)
{
    /// How much is sealed, since when, and how many lines wait for the next seal.
    public sealed record Standing(long Seals, long Lines, DateTimeOffset? LastAt, long Waiting);

    public Standing Now { get; private set; } = new(0, 0, null, 0);

    /// The last time that somebody had them looked at.
    public SealVerification? Last { get; private set; }

    /// The last full proof of the books looked at them too.
    public DateTimeOffset? Proved { get; private set; }

    /// One round trip.
    public async Task Load(CancellationToken ct = default)
    {
        var now = db.Ask<Standing>(
            $"""
            select count(*) as seals, coalesce(sum(rows), 0)::bigint as lines, max(sealed_at) as last_at,
              (select count(*) from (select from kernel.operation_log where xact >= coalesce((select to_xact from kernel.seal order by number desc limit 1), '0'::xid8) limit 10000) w) as waiting
            from kernel.seal
            """);
        var proved = db.Ask<DateTimeOffset?>($"select max(at) from kernel.proof where (checks ->> 'full')::boolean and differences = 0");
        var last = await db.Query<SealVerification>($"select id, at, asked_by, seals, lines, differences, examples, millis from kernel.seal_verification order by at desc limit 1", ct);
        (Now, Proved, Last) = (now.Value[0], proved.Value is [var at] ? at : null, last.FirstOrDefault());
    }
}
