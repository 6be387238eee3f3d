using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using CsvHelper;

namespace Keel.App.Evidence;

/// One file of a pack as its front page names it.
internal sealed record EvidenceFile(string Name, string Title, long Rows, string Sha256);

/// The files of a pack: CSV in UTF-8, each with its digest.
internal sealed class EvidenceFiles(ZipArchive zip)
{
    private readonly List<EvidenceFile> all = [];

    public IReadOnlyList<EvidenceFile> All => all;
    public long Rows => all.Sum(f => f.Rows);

    /// Writes what a query answers, and behind it what `more` adds to each row.
    public async Task Csv(string name, string title, DbDataReader reader, IReadOnlyList<string> more, Func<DbDataReader, string[]> add, CancellationToken ct)
    {
        var rows = 0L;
        await Write(name + ".csv", title, async to =>
        {
            await using var csv = CsvWriter.Create(to, new CsvWriterOptions(), leaveOpen: true);
            for (var i = 0; i < reader.FieldCount; i++) csv.WriteField(reader.GetName(i));
            foreach (var column in more) csv.WriteField(column);
            await csv.EndRecordAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                for (var i = 0; i < reader.FieldCount; i++) csv.WriteField(reader.IsDBNull(i) ? "" : Text(reader.GetValue(i)));
                foreach (var text in add(reader)) csv.WriteField(Harmless(text));
                await csv.EndRecordAsync(ct);
                rows++;
            }

            await csv.FlushAsync(ct);
            return rows;
        }, ct);
    }

    /// Writes rows that are at hand.
    public Task Csv(string name, string title, IReadOnlyList<OrderedDictionary<string, object?>> rows, CancellationToken ct) => Write(name + ".csv", title, async to =>
    {
        await using var csv = CsvWriter.Create(to, new CsvWriterOptions(), leaveOpen: true);
        if (rows.Count == 0) return 0;
        foreach (var column in rows[0].Keys) csv.WriteField(column);
        await csv.EndRecordAsync(ct);
        foreach (var row in rows)
        {
            foreach (var value in row.Values) csv.WriteField(value is null ? "" : Text(value));
            await csv.EndRecordAsync(ct);
        }

        await csv.FlushAsync(ct);
        return rows.Count;
    }, ct);

    /// Writes a file and takes its digest on the way.
    public async Task Write(string name, string title, Func<Stream, Task<long>> content, CancellationToken ct)
    {
        using var digest = SHA256.Create();
        long rows;
        await using (var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct))
        await using (var hashed = new CryptoStream(entry, digest, CryptoStreamMode.Write))
        {
            rows = await content(hashed);
        }

        all.Add(new EvidenceFile(name, title, rows, Convert.ToHexStringLower(digest.Hash!)));
    }

    private static string Text(object value) => value switch
    {
        DateTime at => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        string text => Harmless(text),
        IFormattable figure => figure.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// Text that a spreadsheet would take for a formula gets an apostrophe.
    private static string Harmless(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
