using System.Globalization;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// A list as a file for people: headings, states and codes as the page says them, times as their clock says them.
public static class FileWords
{
    /// The column with the sentence that ends a row.
    internal const string NextStep = "Next";

    public static FileVoice For(Viewer viewer) => new(static c => Words.Of(c.Title), (column, value) => Said(column, value, viewer.Zone)) { Currency = Words.Of("Currency") };

    private static string? Said(ViewColumn column, object? value, TimeZoneInfo zone) => value switch
    {
        string text when column.IsSpoken || column.Property.Name == NextStep => CellText.Said(text, !column.IsSpoken),
        Enum or bool => CellText.Word(value),
        DateTimeOffset instant => TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.######", CultureInfo.InvariantCulture),
        _ => null,
    };
}
