using System.Security.Cryptography;

namespace Keel.Kernel;

/// Seals what was logged since the last seal: all transactions before the oldest that still runs, so that no line can come in behind.
internal sealed class SealLog(KeelDb db, TimeProvider clock) : IJob
{
    private const long Lock = 0x5345414c;

    public async Task Run(CancellationToken ct)
    {
        db.Begin();
        db.QueueQuery<int>($"select 1 from pg_advisory_xact_lock({Lock})", _ => { });
        var seals = await db.Query<Seal>(
            $"select number, from_xact::text, to_xact::text, rows, digest, sealed_at from kernel.seal order by number desc limit 1", ct);
        var before = seals.FirstOrDefault();
        var from = before?.ToXact ?? "0";
        var to = (await db.First<string>($"select pg_snapshot_xmin(pg_current_snapshot())::text", ct))!;

        using var chain = Seals.Chain(before?.Digest);
        var count = 0L;
        await foreach (var line in db.Stream<byte[]>(new SqlText(
            $"select digest from kernel.operation_log where xact >= {from}::text::xid8 and xact < {to}::text::xid8 order by xact, id"), ct))
        {
            chain.AppendData(line);
            count++;
        }

        if (count > 0)
        {
            db.Queue(
                $"""
                insert into kernel.seal (number, from_xact, to_xact, rows, digest, sealed_at)
                values ({(before?.Number ?? 0) + 1}, {from}::text::xid8, {to}::text::xid8, {count}, {chain.GetHashAndReset()}, {clock.GetUtcNow()})
                """, 1);
        }

        await db.Commit(ct);
    }
}

/// A batch of log lines that nobody can change unseen: its digest runs over the seal before and over every line's own digest.
internal sealed record Seal(long Number, string FromXact, string ToXact, long Rows, byte[] Digest, DateTimeOffset SealedAt);

/// How seals are made and verified.
internal static class Seals
{
    public const string Name = "kernel.seals";
    public const string Title = "The log is as it was sealed, and each line as it was written";

    public static IncrementalHash Chain(byte[]? before)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (before is not null) hash.AppendData(before);
        return hash;
    }

    /// Recomputes each line's digest from its words and its stored payload, and each seal's from the lines, from the first seal that covers
    /// what is new.
    public static async Task<Found> Verify(KeelDb db, string since, int mostExamples, CancellationToken ct)
    {
        var seals = await db.Query<Seal>(
            $"""
            select number, from_xact::text, to_xact::text, rows, digest, sealed_at from kernel.seal s where s.to_xact > {since}::text::xid8
              or s.number = (select max(number) from kernel.seal where to_xact <= {since}::text::xid8) order by number
            """, ct);
        var verification = new Verification(seals, since != "0" && seals is [{ Number: > 1 }, ..], mostExamples);
        if (seals.Count > 0)
        {
            await foreach (var line in db.Stream<SealedLine>(new SqlText(
                $"""
                select l.id, l.company_id, l.at, l.door, l.actor_kind, l.actor_id, l.actor_name, l.operation, l.outcome, l.code, l.sentence, l.subjects,
                  l.micros, l.cause, l.digest, l.amount, l.amount_currency, l.items, l.changes, l.xact::text as xact, p.payload,
                  case when l.changes is not null then (
                    select sha256(convert_to(string_agg({MasterChange.WordsInSql}, e'\n' order by c.position), 'UTF8')) from kernel.master_change c where c.operation = l.id
                  ) end as found_changes
                from kernel.operation_log l left join kernel.operation_payload p on p.operation_id = l.id and p.at = l.at
                where l.xact >= {verification.From}::text::xid8 and l.xact < {seals[^1].ToXact}::text::xid8 order by l.xact, l.id
                """), ct))
            {
                verification.Look(line);
            }
        }

        return verification.End();
    }
}

/// One line of the log with its payload, as the database holds it.
internal sealed record SealedLine(
    Guid Id, Id<Company> CompanyId, DateTimeOffset At, Door Door, ActorKind ActorKind, Guid ActorId, string ActorName,
    string Operation, string Outcome, string? Code, string? Sentence, string Subjects, int Micros, Guid? Cause, byte[] Digest,
    Money? Amount, Currency? AmountCurrency, int? Items, byte[]? Changes, string Xact, byte[]? Payload, byte[]? FoundChanges)
{
    public OperationLogRow Row => new(
        Id, CompanyId, At, Door, ActorKind, ActorId, ActorName, Operation, Outcome, Code, Sentence, Subjects, Micros, Cause, Digest, Amount, AmountCurrency, Items, Changes);
}

/// Goes through the lines in the order of the seals.
internal sealed class Verification
{
    private readonly IReadOnlyList<Seal> seals;
    private readonly int mostExamples;
    private readonly List<ProofDifference> examples = [];
    private IncrementalHash chain;
    private byte[]? before;
    private int at;
    private long inSeal;
    private long rows;
    private long differences;

    /// The first seal may stand for what was proven before: it is then believed, and only chained on.
    public Verification(IReadOnlyList<Seal> seals, bool believeFirst, int mostExamples)
    {
        this.seals = seals;
        this.mostExamples = mostExamples;
        if (believeFirst) (before, at) = (seals[0].Digest, 1);
        From = seals.Count == 0 ? "0" : believeFirst ? seals[0].ToXact : seals[0].FromXact;
        chain = Seals.Chain(before);
    }

    /// The transaction from which on lines are looked at.
    public string From { get; }

    public void Look(SealedLine line)
    {
        while (at < seals.Count && ulong.Parse(line.Xact) >= ulong.Parse(seals[at].ToXact)) Close();
        rows++;
        inSeal++;
        chain.AppendData(line.Digest);
        if (!OperationLog.DigestOf(line.Row, line.Payload).AsSpan().SequenceEqual(line.Digest))
        {
            Differ($"{line.Operation} of {line.At:yyyy-MM-dd HH:mm} ({line.Id})", Start(line.Digest), "other words or another payload");
        }
        else if (line.Changes is { } told && !told.AsSpan().SequenceEqual(line.FoundChanges))
        {
            Differ($"{line.Operation} of {line.At:yyyy-MM-dd HH:mm} ({line.Id})", Start(told), "other changes of masters");
        }
    }

    public Found End()
    {
        while (at < seals.Count) Close();
        chain.Dispose();
        return new Found(rows, differences, examples);
    }

    private void Close()
    {
        var seal = seals[at++];
        var digest = chain.GetHashAndReset();
        if (inSeal != seal.Rows) Differ($"Seal {seal.Number}", $"{seal.Rows} lines", $"{inSeal} lines");
        else if (!digest.AsSpan().SequenceEqual(seal.Digest)) Differ($"Seal {seal.Number}", Start(seal.Digest), Start(digest));
        if (before is not null && at >= 2 && seals[at - 2].ToXact != seal.FromXact) Differ($"Seal {seal.Number}", $"begins at {seals[at - 2].ToXact}", $"begins at {seal.FromXact}");
        before = seal.Digest;
        inSeal = 0;
        chain.Dispose();
        chain = Seals.Chain(before);
    }

    private static string Start(byte[] digest) => Convert.ToHexStringLower(digest.AsSpan(0, Math.Min(8, digest.Length)));

    private void Differ(string subject, string expected, string found)
    {
        differences++;
        if (examples.Count < mostExamples) examples.Add(new ProofDifference(subject, expected, found));
    }
}
