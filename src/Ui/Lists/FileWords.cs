using System.Globalization;
using Keel.Kernel.Views;

namespace Keel.Ui;

/// A list as a file for people: headings, states and codes as the page says them, times as their clock says them.
public static class FileWords
{
    public static FileVoice For(Viewer viewer) => new(static c => Words.Of(c.Title), (column, value) => Said(column, value, viewer.Zone)) { Currency = Words.Of("Currency") };

    private static string? Said(ViewColumn column, object? value, TimeZoneInfo zone) => value switch
    {
        string text when column.IsSpoken || column.IsSentence => CellText.Said(text, column.IsSentence),
        Enum or bool => CellText.Word(value),
        DateTimeOffset instant => TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        decimal number => number.ToString("0.######", CultureInfo.InvariantCulture),
        _ => null,
    };
}
