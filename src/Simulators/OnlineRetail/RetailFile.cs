using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Keel.Simulators;

/// One line of the file as it stands there, with its instant; `Wrong` says why it cannot be read.
internal sealed record RetailRow(
    int Row, string Invoice, string Code, string Description, int Quantity, DateTimeOffset At, DateOnly Day, decimal Price, string Customer, string Country, string? Wrong)
{
    /// What the line says in money: exact, beyond the cent where the price is.
    public decimal Amount => Quantity * Price;

    /// The file wrote the code in another case than its product has.
    public bool IsRecased { get; init; }

    public string Month => Day.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

/// Reads the file, plain or packed.
internal static class RetailFile
{
    public static async Task<List<RetailRow>> Read(string path, Profile profile, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        await using Stream plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain, Encoding.UTF8);
        var header = Fields(await reader.ReadLineAsync(ct) ?? "");
        var at = new[] { profile.Columns.Invoice, profile.Columns.Sku, profile.Columns.Description, profile.Columns.Quantity, profile.Columns.PlacedAt, profile.Columns.Price, profile.Columns.Customer, profile.Columns.Country }
            .Select(name => header.IndexOf(name) is >= 0 and var i ? i : throw new FormatException($"The file has no column {name}: its columns are {string.Join(", ", header)}.")).ToArray();

        var zone = Zones.Of(profile.Company.Zone);
        var rows = new List<RetailRow>(600_000);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            var fields = Fields(line);
            // A quoted field may hold a line break.
            while (fields.Count < header.Count && await reader.ReadLineAsync(ct) is { } more) fields = Fields(line += "\n" + more);
            if (line.Length > 0) rows.Add(Row(rows.Count + 1, fields, at, header.Count, zone, texts));
        }

        return rows;
    }

    private static RetailRow Row(int number, List<string> fields, int[] at, int width, TimeZoneInfo zone, Dictionary<string, string> texts)
    {
        if (fields.Count != width) return new RetailRow(number, "", "", "", 0, default, default, 0, "", "", $"The line has {fields.Count} fields where the header has {width}.");
        var isRead = int.TryParse(fields[at[3]], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quantity)
            & DateTime.TryParseExact(fields[at[4]], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            & decimal.TryParse(fields[at[5]], NumberStyles.Number, CultureInfo.InvariantCulture, out var price);
        var instant = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        return new RetailRow(
            number, Same(fields[at[0]].Trim()), Same(fields[at[1]].Trim().ToUpperInvariant()), Same(fields[at[2]].Trim()), quantity, instant, DateOnly.FromDateTime(local), price,
            Same(Plain(fields[at[6]].Trim())), Same(fields[at[7]].Trim()), isRead ? null : "The quantity, the price or the time cannot be read.")
        {
            IsRecased = fields[at[1]].Any(char.IsAsciiLetterLower),
        };

        // Few words, many lines: each word is kept once.
        string Same(string text)
        {
            if (texts.TryGetValue(text, out var known)) return known;
            texts[text] = text;
            return text;
        }
    }

    /// A customer's number that a spreadsheet took for an amount: 17850.0 is 17850.
    private static string Plain(string customer) => customer.EndsWith(".0", StringComparison.Ordinal) ? customer[..^2] : customer;

    private static List<string> Fields(string line)
    {
        var fields = new List<string>(8);
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"') { field.Append('"'); i++; }
            else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) { fields.Add(field.ToString()); field.Clear(); }
            else field.Append(c);
        }

        if (!quoted) fields.Add(field.ToString());
        return fields;
    }
}
