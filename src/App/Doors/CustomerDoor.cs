using Keel.App.Pages;
using Keel.Partners.Contract;
using Keel.Sales.Contract;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;

namespace Keel.App.Doors;

/// Where links in mails to customers lead: they see what is asked, and answer it. Looking changes nothing, for programs that read mail look too.
internal sealed class CustomerDoor(IAntiforgery antiforgery, Porter porter)
{
    public async Task Ask(HttpContext http)
    {
        if (!porter.Admits(http)) await Safety.Whole(http, StatusCodes.Status429TooManyRequests, "Wait a minute", Porter.TooMany.Message);
        else await Show(http, null, StatusCodes.Status200OK);
    }

    public async Task Answer(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        string? Said(string name) => form[name].ToString() is { Length: > 0 } text ? text : null;
        var address = Said("country") is { } country ? new PostalAddress(Said("line1") ?? "", Said("line2"), Said("postalCode") ?? "", Said("city") ?? "", Said("region"), country) : null;
        var answer = new CustomerAnswer(Said("decision") == "decline", Said("purchaseOrder"), Said("reason"), Said("note"), address);
        var refusal = !await antiforgery.IsRequestValidAsync(http) ? Porter.Stale : !porter.Admits(http) ? Porter.TooMany
            : await http.RequestServices.GetRequiredService<CustomerLinkDesk>().Answer(TokenOf(http), answer, http.RequestAborted);
        if (refusal is null) http.Response.Redirect($"/c/{TokenOf(http)}?said=1");
        else await Show(http, refusal, ReferenceEquals(refusal, Porter.TooMany) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status400BadRequest);
    }

    private static string TokenOf(HttpContext http) => (string?)http.Request.RouteValues["token"] ?? "";

    private static async Task Show(HttpContext http, Error? refusal, int status)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var parameters = new Dictionary<string, object> { ["HasSaid"] = http.Request.Query.ContainsKey("said") };
        if (await http.RequestServices.GetRequiredService<CustomerLinkDesk>().Open(TokenOf(http), http.RequestAborted) is { } page)
        {
            // From here on in the customer's language, whatever the browser's is.
            if (page.Language is { } language) Words.Speak(language);
            parameters["Asked"] = page;
            if (refusal is not null) parameters["Refusal"] = refusal;
        }
        else status = StatusCodes.Status404NotFound;

        await Safety.Show(http, typeof(CustomerLinkPage), parameters, typeof(CustomerFrame), status);
    }
}
