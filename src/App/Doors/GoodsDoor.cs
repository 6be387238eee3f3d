using Keel.Catalog.Contract;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.Extensions.Primitives;

namespace Keel.App.Doors;

/// What the grids of lines ask: what pasted rows and scanned codes stand for, and which products begin like what is being typed.
internal static class GoodsDoor
{
    private const int MostText = 200_000;

    public static void Map(WebApplication app)
    {
        app.MapPost("/goods/read", Read);
        app.MapGet("/goods/find", Find);
    }

    private static async Task Read(HttpContext http)
    {
        if (!Admits(http) || !http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var text = (await http.Request.ReadFormAsync(http.RequestAborted))["text"].ToString();
        if (text.Length > MostText)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var lines = await http.RequestServices.GetRequiredService<GoodsDesk>().Read(text, http.RequestAborted);
        await http.Response.WriteAsJsonAsync(lines, KeelJson.Options, http.RequestAborted);
    }

    private static async Task Find(HttpContext http)
    {
        if (!Admits(http))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await http.Response.WriteAsJsonAsync(await http.RequestServices.GetRequiredService<GoodsDesk>().Find((string?)http.Request.Query["q"] ?? "", http.RequestAborted), KeelJson.Options, http.RequestAborted);
    }

    /// The form with the rows that stand in its paste fields as lines of its grids: whoever has no script pastes there and sends.
    public static async Task<IReadOnlyDictionary<string, StringValues>> WithPasted(IFormCollection form, GoodsDesk desk, CancellationToken ct)
    {
        var fields = form.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        foreach (var (key, text) in form.Where(f => f.Key.StartsWith(LinesField.Pasted, StringComparison.Ordinal) && f.Value.ToString().Trim().Length is > 0 and <= MostText))
        {
            if (key[LinesField.Pasted.Length..].Split(':') is not [var path, var sku, var quantity, var price]) continue;
            var next = 1 + fields.Keys.Where(k => k.StartsWith(path + "[", StringComparison.Ordinal) && fields[k].ToString().Length > 0)
                .Select(k => int.TryParse(k.AsSpan(path.Length + 1, k.IndexOf(']', path.Length) - path.Length - 1), out var at) ? at : -1).DefaultIfEmpty(-1).Max();
            foreach (var line in await desk.Read(text.ToString(), ct))
            {
                fields[$"{path}[{next}].{sku}"] = line.Code;
                if (quantity.Length > 0) fields[$"{path}[{next}].{quantity}"] = line.Quantity;
                if (price.Length > 0 && line.Price is { } cost) fields[$"{path}[{next}].{price}.price"] = cost;
                if (price.Length > 0 && line.Price is not null) fields[$"{path}[{next}].{price}.currency"] = form[$"{path}[0].{price}.currency"].ToString();
                next++;
            }
        }

        return fields;
    }

    private static bool Admits(HttpContext http) => http.Features.Get<Company>() is not null && http.RequestServices.GetRequiredService<Viewer>().May(KernelPermissions.Read);
}
