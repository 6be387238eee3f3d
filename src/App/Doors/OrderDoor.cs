using System.Globalization;
using Keel.Partners.Contract;
using Keel.Sales.Contract;

namespace Keel.App.Doors;

/// What the form of an order asks while it is filled in: list prices with what is available, and customers by name.
internal static class OrderDoor
{
    private const string Capture = "sales.orders.capture";

    public static void Map(WebApplication app)
    {
        app.MapGet("/orders/offer", Offer);
        app.MapGet("/orders/customers", Customers);
    }

    /// Lines are `SKU*quantity`, each a `line` of the address.
    private static async Task Offer(HttpContext http)
    {
        if (!Admits(http)) return;
        var lines = http.Request.Query["line"].OfType<string>().Take(OfferDesk.MostLines).Select(Line).OfType<(Sku, Quantity)>().ToArray();
        var channel = Code.TryParse<ChannelCode>(http.Request.Query["channel"].ToString(), out var code) ? code : default;
        await http.Response.WriteAsJsonAsync(await http.RequestServices.GetRequiredService<OfferDesk>().Of(channel, lines, http.Request.Query["email"].ToString(), http.RequestAborted), KeelJson.Options, http.RequestAborted);
    }

    private static async Task Customers(HttpContext http)
    {
        if (!Admits(http)) return;
        var found = await http.RequestServices.GetRequiredService<KnownCustomers>().Find(http.Request.Query["q"].ToString(), http.RequestAborted);
        await http.Response.WriteAsJsonAsync(found, KeelJson.Options, http.RequestAborted);
    }

    private static (Sku, Quantity)? Line(string text)
    {
        var star = text.LastIndexOf('*');
        if (star < 1 || !Code.TryParse<Sku>(text[..star].ToUpperInvariant(), out var sku)) return null;
        if (!decimal.TryParse(text[(star + 1)..].Replace(',', '.'), NumberStyles.Number, CultureInfo.InvariantCulture, out var units) || units is <= 0 or > 1_000_000) units = 1;
        return (sku, Quantity.Of(decimal.Round(units, 3)));
    }

    private static bool Admits(HttpContext http)
    {
        if (http.Features.Get<Company>() is not null && http.RequestServices.GetRequiredService<Kernel.Views.Viewer>().May(Capture)) return true;
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return false;
    }
}
