using Keel.App.Access;
using Keel.App.Evidence;
using Keel.App.Imports;
using Keel.App.Pages;
using Keel.App.Privacy;
using Keel.App.Setup;
using Keel.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Npgsql;

namespace Keel.App.Doors;

/// Where everything answers.
internal static class DoorMap
{
    public static void MapDoors(this WebApplication app, ModuleCatalog catalog)
    {
        var services = app.Services;
        var (gate, doorman) = (services.GetRequiredService<Gate>(), services.GetRequiredService<Doorman>());
        var antiforgery = services.GetRequiredService<IAntiforgery>();
        foreach (var operation in catalog.Operations)
        {
            app.MapPost(OperationDoor.AddressOf(operation), new OperationDoor(operation, gate, doorman).Answer);
            app.MapPost(FormDoor.AddressOf(operation), new FormDoor(operation, gate, doorman, antiforgery, form => ShapeIn(form, services.GetRequiredService<PolicyKinds>(), catalog), new BulkDoor(operation, gate, catalog)).Answer);
        }

        foreach (var view in catalog.Views)
        {
            var door = new ViewDoor(view, doorman, gate);
            var address = Kernel.Views.ViewAddress.Of(Kernel.Views.ViewInfo.Of(view));
            app.MapGet(address, door.Answer);
            app.MapGet(address + ".csv", door.AnswerCsv);
            app.MapGet(address + ".xlsx", door.AnswerXlsx);
            var forPeople = Kernel.Views.ViewAddress.ForPeople(Kernel.Views.ViewInfo.Of(view));
            app.MapGet(forPeople + ".csv", http => door.AnswerPerson(http, Kernel.Views.FileKind.Csv));
            app.MapGet(forPeople + ".xlsx", http => door.AnswerPerson(http, Kernel.Views.FileKind.Xlsx));
        }

        app.MapGet("/openapi/v1.json", new OpenApi(catalog).Answer).WithMetadata(ForAnyone.It);
        app.UseWhen(IsAboutApi, about => about.UseSwaggerUI(swagger =>
        {
            swagger.RoutePrefix = "api";
            swagger.DocumentTitle = "Keel API";
            swagger.SwaggerEndpoint("/openapi/v1.json", "Keel v1");
        }));
        PrintDoor.Map(app);
        app.MapPost("/api/v1/import/{operation}", services.GetRequiredService<ImportDoor>().Answer);
        app.Map("/api/v1/{**rest}", http => Problems.Write(http, Problems.NotThere));
        app.MapPages(catalog);
        app.MapGet("/health", new Health(services.GetRequiredService<NpgsqlDataSource>(), catalog, services.GetRequiredService<TimeProvider>()).Answer).WithMetadata(ForAnyone.It);
    }

    /// The description of the API for people; the API itself is not slowed by it.
    private static bool IsAboutApi(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal, out var rest) && !rest.StartsWithSegments("/v1", StringComparison.Ordinal);

    private static void MapPages(this WebApplication app, ModuleCatalog catalog)
    {
        var signIn = app.Services.GetRequiredService<SignInDoor>();
        app.MapGet("/sign-in", signIn.Ask).WithMetadata(ForAnyone.It);
        app.MapPost("/sign-in", signIn.Enter).WithMetadata(ForAnyone.It);
        app.MapGet("/sign-in/code", signIn.AskCode).WithMetadata(ForAnyone.It);
        app.MapPost("/sign-in/code", signIn.EnterCode).WithMetadata(ForAnyone.It);
        var invitations = app.Services.GetRequiredService<InvitationDoor>();
        app.MapGet("/invitation/{token}", invitations.Ask).WithMetadata(ForAnyone.It);
        app.MapPost("/invitation/{token}", invitations.Accept).WithMetadata(ForAnyone.It);
        var customers = app.Services.GetRequiredService<CustomerDoor>();
        app.MapGet("/c/{token}", customers.Ask).WithMetadata(ForAnyone.It);
        app.MapPost("/c/{token}", customers.Answer).WithMetadata(ForAnyone.It);
        var badges = app.Services.GetRequiredService<BadgeDoor>();
        app.MapGet("/badge", badges.Ask).WithMetadata(ForAnyone.It);
        app.MapPost("/badge", badges.Enter).WithMetadata(ForAnyone.It);
        app.MapPost("/settings/devices/here", badges.Register);
        var passkeys = app.Services.GetRequiredService<PasskeyDoor>();
        app.MapPost("/sign-in/passkey/question", passkeys.AskToEnter).WithMetadata(ForAnyone.It);
        app.MapPost("/sign-in/passkey", passkeys.Enter).WithMetadata(ForAnyone.It);
        app.MapPost("/me/passkey/question", passkeys.AskForNew);
        app.MapPost("/me/passkey", passkeys.Add);
        if (app.Services.GetService<SignOn>() is not null)
        {
            app.MapGet("/sign-in/elsewhere", SignOnDoor.Leave).WithMetadata(ForAnyone.It);
            app.MapGet(SignOn.Back, SignOnDoor.Return).WithMetadata(ForAnyone.It);
        }

        app.MapPost("/sign-out", signIn.Leave).WithMetadata(ForAnyone.It);
        app.MapGet("/company/{code}", SwitchCompany);
        app.MapGet("/palette", PaletteDoor.Answer);
        app.MapGet("/notices/{id:guid}", MessageDoor.OpenNotice);
        app.MapGet("/people", MessageDoor.Suggest);
        app.MapGet("/", http => Begin(http, catalog));
        ImportForms.Map(app);
        GoodsDoor.Map(app);
        OrderDoor.Map(app);
        SetupDoor.Map(app);
        app.MapGet("/audit/evidence/{id:guid}/file", EvidenceDoor.Answer);
        app.MapGet("/privacy/person/{id:guid}/file", PersonDoor.Answer);
        FileDoor.Map(app);
        PaymentDoor.Map(app);

        var assemblies = catalog.Modules.Select(m => m.Assembly).Append(typeof(DoorMap).Assembly).Where(a => a != typeof(Document).Assembly).Distinct();
        app.MapRazorComponents<Document>().AddAdditionalAssemblies([.. assemblies]);
        app.MapFallback(http => Safety.Whole(http, StatusCodes.Status404NotFound, "Not found", "There is no page at this address. It may have been moved, or the link is wrong."));
    }

    /// Everybody begins where their work is: at the first page of the menu that they may see.
    private static async Task Begin(HttpContext http, ModuleCatalog catalog)
    {
        var visitor = http.Features.Get<Visitor>() ?? Visitor.Nobody;
        if (await SetupDoor.IsNext(http, visitor.Actor))
        {
            http.Response.Redirect(SetupPage.Url());
            return;
        }

        string[] sections = ["Today", "Orders", "Warehouse", "Stock", "Books", "Buying", "Returns", "Channels", "Insight"];
        var first = catalog.Pages
            .Where(p => p.Permission.Length == 0 || visitor.Actor.May(p.Permission))
            .OrderBy(p => Array.IndexOf(sections, p.Section) is >= 0 and var at ? at : sections.Length).ThenBy(p => p.Title == p.Section ? 0 : 1)
            .FirstOrDefault();
        if (first is null) await Safety.Whole(http, StatusCodes.Status403Forbidden, "Nothing to see yet", "You have no role with a page. Ask an administrator for one.");
        else http.Response.Redirect(first.Url);
    }

    /// Remembers which company somebody looks at; whether they may is asked again at every page.
    private static Task SwitchCompany(HttpContext http)
    {
        var code = (string?)http.Request.RouteValues["code"] ?? "";
        http.Response.Cookies.Append(Doorman.CompanyCookie, code, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromDays(365) });
        http.Response.Redirect("/");
        return Task.CompletedTask;
    }

    /// The shape of a value that another field of the form names: a policy's by its kind, a rule's request by its operation.
    private static Type? ShapeIn(IFormCollection form, PolicyKinds policies, ModuleCatalog catalog) =>
        policies.Find(form["kind"].ToString())?.Type ?? catalog.Find(form["operation"].ToString())?.Request;
}
