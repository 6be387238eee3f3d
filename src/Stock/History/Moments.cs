using System.Globalization;

namespace Keel.Stock;

/// Instants as a form asks for them, on the clock of whoever looks: `2026-11-20T16:00`.
internal static class Moments
{
    private const string Form = "yyyy-MM-ddTHH:mm";

    public static string Local(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString(Form, CultureInfo.InvariantCulture);

    /// Nothing where it is no time of day; where clocks are put forward, the hour that there is.
    public static DateTimeOffset? Read(string? text, TimeZoneInfo zone)
    {
        if (!DateTime.TryParseExact(text, [Form, "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(30);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// The moves of a SKU in a span, as an address.
    public static string Moves(Sku sku, DateTimeOffset from, DateTimeOffset until) =>
        $"/stock/moves?sku={Uri.EscapeDataString(sku.Text)}&f.happened-at.gt={Text(from)}&f.happened-at.le={Text(until)}";

    public static string Text(DateTimeOffset at) => Uri.EscapeDataString(at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
}
