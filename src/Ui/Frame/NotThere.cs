using Microsoft.AspNetCore.Http;

namespace Keel.Ui;

/// A page that says that its record is not there, with the status that says so too.
public static class NotThere
{
    /// The status is set as the answer starts: set earlier, the framework would send no page with it.
    public static void SayNotThere(this HttpContext? http)
    {
        if (http is not { Response.HasStarted: false }) return;
        http.Response.OnStarting(() =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
