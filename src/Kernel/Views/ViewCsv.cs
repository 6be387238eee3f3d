using System.Globalization;
using CsvHelper;

namespace Keel.Kernel.Views;

/// A view as a CSV file: UTF-8, comma, one header row, plain figures. Text that a spreadsheet would take for a formula gets an apostrophe. One for
/// people begins with the mark by which spreadsheets know its letters.
internal static class ViewCsv
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    public static async Task<long> Write<TRow>(
        IReadOnlyList<ViewColumn> columns, IAsyncEnumerable<TRow> rows, Stream to, CancellationToken ct, FileVoice? voice = null)
    {
        if (voice is not null) await to.WriteAsync(Mark, ct);
        await using var csv = CsvWriter.Create(to, new CsvWriterOptions(), leaveOpen: true);
        foreach (var column in columns)
        {
            csv.WriteField(voice is null ? column.Name : Harmless(voice.Title(column)));
            if (column.Kind is ColumnKind.Money) csv.WriteField(voice?.Currency ?? column.Name + "-currency");
        }

        await csv.EndRecordAsync(ct);
        var written = 0L;
        await foreach (var row in rows.WithCancellation(ct))
        {
            foreach (var column in columns) WriteField(csv, column, column.Property.GetValue(row), voice);
            await csv.EndRecordAsync(ct);
            written++;
        }

        await csv.FlushAsync(ct);
        return written;
    }

    private static void WriteField(CsvWriter csv, ViewColumn column, object? value, FileVoice? voice)
    {
        if (voice?.Cell(column, value) is { } said)
        {
            csv.WriteField(Harmless(said));
            return;
        }

        switch (value)
        {
            case Money money:
                csv.WriteField(money.Amount.ToString("F" + money.Currency.Exponent, CultureInfo.InvariantCulture));
                csv.WriteField(money.Currency.Code);
                return;
            case UnitPrice price:
                csv.WriteField(price.Price.ToString("0.00####", CultureInfo.InvariantCulture));
                csv.WriteField(price.Currency.Code);
                return;
            case Quantity quantity:
                csv.WriteField(quantity.Units.ToString("0.###", CultureInfo.InvariantCulture));
                return;
            case string text:
                csv.WriteField(Harmless(text));
                return;
        }

        csv.WriteField(value is null ? "" : column.Kind is ColumnKind.Code ? Harmless(ColumnText.Key(value)) : ColumnText.Key(value));
        if (column.Kind is ColumnKind.Money) csv.WriteField("");
    }

    private static string Harmless(string text) =>
        text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
