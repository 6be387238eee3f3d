namespace Keel.Stock;

/// Addresses of the stock book's pages.
internal static class StockLinks
{
    /// A SKU may have slashes and signs.
    public static string Product(Sku sku) => "/stock/" + Path(sku);

    public static string Path(Sku sku) => string.Join('/', sku.Text.Split('/').Select(Uri.EscapeDataString));

    /// A place by its code; the slash in it stays part of the last piece.
    public static string Place(LocationCode location) => "/stock/places/" + Uri.EscapeDataString(location.Text);

    /// The stock card, at one site or at all, until an instant on the clock of whoever looks.
    public static string Card(Sku sku, NodeCode? node, DateTimeOffset? until, TimeZoneInfo? zone = null) =>
        $"/stock/card?sku={Uri.EscapeDataString(sku.Text)}{(node is { } one ? "&node=" + Uri.EscapeDataString(one.Text) : "")}"
        + (until is { } at ? "&on=" + Uri.EscapeDataString(Moments.Local(at, zone ?? TimeZoneInfo.Utc)) : "");

    public static string Count(LocationCode location, Sku sku) =>
        $"/stock/adjust?{Uri.EscapeDataString("lines[0].location")}={Uri.EscapeDataString(location.Text)}&{Uri.EscapeDataString("lines[0].sku")}={Uri.EscapeDataString(sku.Text)}";

    /// The count of what lies there in one condition, of one owner, in one package.
    public static string Count(LocationCode location, Sku sku, GoodsCondition condition, string owner, string package) => Count(location, sku)
        + (condition is GoodsCondition.Good ? "" : $"&{Uri.EscapeDataString("lines[0].condition")}={Keel.Ui.FormField.Written(condition)}")
        + (owner == PositionKey.Own ? "" : $"&{Uri.EscapeDataString("lines[0].owner")}={Uri.EscapeDataString(owner)}") + (package.Length == 0 ? "" : $"&{Uri.EscapeDataString("lines[0].package")}={package}");
}
