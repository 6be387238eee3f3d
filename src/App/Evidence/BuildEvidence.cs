using System.Data;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Keel.Printing.Contract;
using Npgsql;
using NpgsqlTypes;

namespace Keel.App.Evidence;

/// Puts the packs together that somebody asked for, one after the other: over one snapshot of the books, with the seals looked at.
internal sealed class BuildEvidence(NpgsqlDataSource source, ModuleCatalog catalog, LogSentence sentence, KeelDb db, TimeProvider clock, ILogger<BuildEvidence> log) : IJob
{
    private const int MostTold = 400;
    private static readonly TimeSpan Lost = TimeSpan.FromHours(2);

    public async Task Run(CancellationToken ct)
    {
        // What another process began and never ended is taken up again.
        while (await db.First<EvidencePack>(
            $"""
            update kernel.evidence set state = 'Building', started_at = {db.Now} where id = (
              select id from kernel.evidence where state = 'Waiting' or (state = 'Building' and started_at < {db.Now - Lost}) order by taken_at limit 1 for update skip locked)
            returning id, company_id, record, from_day, until_day, reason, taken_by, taken_at, state, file_name, bytes, rows, digest, verified, problem, started_at, ready_at, downloads
            """, ct) is { } pack)
        {
            try
            {
                await Build(pack, ct);
            }
            catch (Exception broken) when (broken is not OperationCanceledException)
            {
                log.LogError(broken, "The evidence {Pack} could not be put together", pack.Id);
                await db.Execute($"update kernel.evidence set state = 'Failed', problem = {"It could not be put together: " + broken.Message} where id = {pack.Id}", ct);
            }
        }
    }

    private async Task Build(EvidencePack pack, CancellationToken ct)
    {
        var path = Path.Combine(Path.GetTempPath(), $"keel-evidence-{pack.Id:N}");
        try
        {
            var (rows, verified) = await Write(pack, path, ct);
            byte[] digest;
            await using (var whole = File.OpenRead(path)) digest = await SHA256.HashDataAsync(whole, ct);
            await using var content = File.OpenRead(path);
            var bytes = content.Length;
            await using var keep = source.CreateCommand("insert into kernel.evidence_file (evidence_id, content) values ($1, $2) on conflict (evidence_id) do update set content = excluded.content");
            keep.Parameters.Add(new NpgsqlParameter { Value = pack.Id });
            keep.Parameters.Add(new NpgsqlParameter { Value = content, NpgsqlDbType = NpgsqlDbType.Bytea });
            await keep.ExecuteNonQueryAsync(ct);
            await db.Execute(
                $"update kernel.evidence set state = 'Ready', bytes = {bytes}, rows = {rows}, digest = {digest}, verified = {verified}, ready_at = {clock.GetUtcNow()} where id = {pack.Id}", ct);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<(long Rows, bool? Verified)> Write(EvidencePack pack, string path, CancellationToken ct)
    {
        var company = await db.Table<Company>().Find($"id = {pack.CompanyId}", ct) ?? throw new InvariantBroken("The company is gone.");
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var scope = await EvidenceScope.Of(pack, Zones.Of(company.Zone), catalog, connection, ct);

        await using var file = File.Create(path);
        await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        var files = new EvidenceFiles(zip);
        var told = await Operations(scope, connection, files, ct);
        foreach (var part in catalog.Evidence)
        {
            await using var command = scope.Command(connection, part.Sql(scope.IsRecord));
            await using var reader = await command.ExecuteReaderAsync(ct);
            await files.Csv(part.Name, part.Title, reader, [], static _ => [], ct);
        }

        var found = await Seals(scope, connection, files, ct);
        await Front(company, scope, files, told, found, zip, ct);
        return (files.Rows, found is { Rows: > 0 } ? found.Differences == 0 : null);
    }

    private string LinesOf(EvidenceScope scope) => scope.IsRecord
        ? "l.company_id = @company and string_to_array(l.subjects, ' ') && @numbers"
        : "l.company_id = @company and l.at >= @from and l.at < @until";

    /// The log's lines with a sentence for each, what was asked for with persons left out, and the seal that covers it.
    private async Task<List<string>> Operations(EvidenceScope scope, NpgsqlConnection connection, EvidenceFiles files, CancellationToken ct)
    {
        var told = new List<string>();
        await using var command = scope.Command(connection,
            $"""
            select l.at, l.actor_name, l.actor_kind, l.door, l.operation, l.outcome, l.code, l.sentence, l.subjects, coalesce(i.done, l.items) as done, i.refused, l.amount as amount_minor,
              l.amount_currency, l.cause, l.id, encode(l.digest, 'hex') as digest,
              (select s.number from kernel.seal s where s.from_xact <= l.xact and s.to_xact > l.xact order by s.from_xact desc limit 1) as seal, p.payload
            from kernel.operation_log l left join kernel.operation_items i on i.operation_id = l.id left join kernel.operation_payload p on p.operation_id = l.id and p.at = l.at
            where {LinesOf(scope)} order by l.at, l.id
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await files.Csv("operations", "Operations", reader, ["told", "asked_for"], row =>
        {
            string? Text(string name) => row[name] as string;
            var line = new LogSentence.Line(
                Text("actor_name")!, Enum.Parse<ActorKind>(Text("actor_kind")!), Enum.Parse<Door>(Text("door")!), Text("operation")!, Text("outcome")!, Text("sentence"), Text("subjects")!,
                row["done"] as int?, row["refused"] as int?);
            var words = sentence.Of(line);
            if (told.Count < MostTold) told.Add(((DateTime)row["at"]).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC  " + words);
            return [words, row["payload"] is byte[] payload ? LogDesk.WithoutPersons(payload) : ""];
        }, ct);
        return told;
    }

    /// The seals over these lines, and whether each line is still as it was sealed.
    private async Task<Found?> Seals(EvidenceScope scope, NpgsqlConnection connection, EvidenceFiles files, CancellationToken ct)
    {
        var covering = $"exists (select from lines where lines.xact >= s.from_xact and lines.xact < s.to_xact)";
        await using (var command = scope.Command(connection,
            $"""
            with lines as materialized (select distinct l.xact from kernel.operation_log l where {LinesOf(scope)})
            select s.number, s.sealed_at, s.rows as lines, s.from_xact::text as from_transaction, s.to_xact::text as to_transaction, encode(s.digest, 'hex') as digest
            from kernel.seal s where s.to_xact > (select min(xact::text::bigint) from lines)::text::xid8 and s.from_xact <= (select max(xact::text::bigint) from lines)::text::xid8 and {covering} order by s.number
            """))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            await files.Csv("seals", "Seals over these lines", reader, [], static _ => [], ct);
        }

        await using var first = scope.Command(connection, $"select min(l.xact::text::bigint)::text from kernel.operation_log l where {LinesOf(scope)}");
        if (await first.ExecuteScalarAsync(ct) is not string from) return null;
        db.Patience = TimeSpan.FromHours(1);
        var found = await Keel.Kernel.Seals.Verify(db, from, 50, ct);
        await files.Write("verification.txt", "How the seals were found", async to =>
        {
            await using var writer = new StreamWriter(to, leaveOpen: true);
            await writer.WriteLineAsync(EvidenceFront.Told(found, clock.GetUtcNow()));
            foreach (var difference in found.Examples) await writer.WriteLineAsync($"{difference.Subject}: expected {difference.Expected}, found {difference.Found}");
            return found.Examples.Count;
        }, ct);
        return found;
    }

    private async Task Front(Company company, EvidenceScope scope, EvidenceFiles files, List<string> told, Found? found, ZipArchive zip, CancellationToken ct)
    {
        var front = new EvidenceFront(company, scope, files.All, told, found, clock.GetUtcNow());
        await using (var manifest = new StreamWriter(await zip.CreateEntry("manifest.txt").OpenAsync(ct)))
        {
            foreach (var line in front.Lines) await manifest.WriteLineAsync(line);
        }

        var pdf = new TextPaper($"Evidence {scope.Pack.About}", $"Evidence about {scope.Pack.About}, {company.Name}, {scope.Pack.Id}", clock.GetUtcNow());
        front.Draw(pdf);
        await using var entry = await zip.CreateEntry("evidence.pdf").OpenAsync(ct);
        await entry.WriteAsync(pdf.Write(), ct);
    }
}
