namespace Keel.Kernel.Views;

/// Where a view answers on the API: `/api/v1/sales/orders`.
public static class ViewAddress
{
    public static string Of(ViewInfo info) => "/api/v1/" + info.Name.Replace('.', '/');

    /// As a file, for the question at hand.
    public static string Csv(ViewInfo info, ViewQuery query, IEnumerable<KeyValuePair<string, string>> args) => File(info, query, args, FileKind.Csv);

    /// As a file of some kind, for the question at hand.
    public static string File(ViewInfo info, ViewQuery query, IEnumerable<KeyValuePair<string, string>> args, FileKind kind) => Asked(Of(info), query, args, kind);

    /// Where a view is had as a file by people.
    public static string ForPeople(ViewInfo info) => "/lists/" + info.Name.Replace('.', '/');

    /// The same as people read it: what they see, in their language.
    public static string ForPeople(ViewInfo info, ViewQuery query, IEnumerable<KeyValuePair<string, string>> args, FileKind kind) =>
        Asked(ForPeople(info), query, args, kind);

    private static string Asked(string address, ViewQuery query, IEnumerable<KeyValuePair<string, string>> args, FileKind kind)
    {
        var parts = args.Select(a => $"{a.Key}={Uri.EscapeDataString(a.Value)}")
            .Append(query.FromStart().ToString()).Where(p => p.Length > 0);
        var text = string.Join('&', parts);
        return address + (kind is FileKind.Xlsx ? ".xlsx" : ".csv") + (text.Length == 0 ? "" : "?" + text);
    }
}
