namespace Keel.Kernel.Views;

/// Where a view answers on the API: `/api/v1/sales/orders`.
public static class ViewAddress
{
    public static string Of(ViewInfo info) => "/api/v1/" + info.Name.Replace('.', '/');

    /// As a file, for the question at hand.
    public static string File(ViewInfo info, ViewQuery query, IEnumerable<KeyValuePair<string, string>> args, ViewFormat format)
    {
        var parts = args.Select(a => $"{a.Key}={Uri.EscapeDataString(a.Value)}")
            .Append(query.FromStart().ToString()).Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return $"{Of(info)}.{format.ToString().ToLowerInvariant()}" + (text.Length == 0 ? "" : "?" + text);
    }
}

/// The kinds of files that a view is written as.
public enum ViewFormat
{
    Csv,

    /// A workbook, in which figures are figures and days are days.
    Xlsx,
}
