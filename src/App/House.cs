using Keel.App.Access;
using Keel.App.Doors;
using Keel.App.Imports;
using Keel.Kernel.Views;
using Keel.Ui;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Keel.App;

/// Puts the services of the house together: what every way of running Keel needs, and what the web side needs besides.
internal static class House
{
    /// The kernel, the modules, people and their passwords: for commands as well as for the web side.
    public static ModuleCatalog AddHouse(this IServiceCollection services, NpgsqlDataSource source, TimeProvider clock)
    {
        var catalog = services.AddKeel(source, clock, KeelModules.All);
        Words.Learn([typeof(Words).Assembly, typeof(Shell).Assembly, typeof(House).Assembly, .. KeelModules.All.Select(m => m.GetType().Assembly)]);
        services.AddLogging();
        services.AddDataProtection().SetApplicationName("Keel");
        if (HouseKey.FromEnvironment() is { } key) services.AddSingleton(key);
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(o =>
            (o.XmlRepository, o.XmlEncryptor) = (new CookieKeys(s.GetRequiredService<NpgsqlDataSource>()), s.GetService<HouseKey>() is { } seals ? new SealKeys(seals) : null)));
        services.AddDbContext<AccessDb>(options => options.UseNpgsql(source));
        services.AddIdentityCore<Person>(options =>
        {
            options.Password = new PasswordOptions
            {
                RequiredLength = PasswordRules.Shortest, RequiredUniqueChars = 1, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false,
            };
            options.Lockout = new LockoutOptions { MaxFailedAccessAttempts = 5, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5) };
            options.User.RequireUniqueEmail = true;
            options.Tokens.AuthenticatorTokenProvider = TokenOptions.DefaultAuthenticatorProvider;
        }).AddUserStore<PeopleStore>().AddPasswordValidator<PasswordRules>().AddTokenProvider<AuthenticatorTokenProvider<Person>>(TokenOptions.DefaultAuthenticatorProvider);
        services.AddScoped(s => (PeopleStore)s.GetRequiredService<IUserStore<Person>>());
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
        services.AddSingleton<Tries>();
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        services.Configure<IdentityPasskeyOptions>(passkeys => (passkeys.UserVerificationRequirement, passkeys.ResidentKeyRequirement) = ("required", "required"));
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<RoleBook>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<IActors, Actors>();
        services.AddSingleton<Companies>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<Importer>();
        services.AddSingleton<ImportDesk>();
        services.AddScoped<Lookout>();
        services.AddScoped(s => s.GetRequiredService<Lookout>().Viewer);
        services.AddScoped<ViewRunner>();
        services.AddSingleton<PageNeeds>();
        services.AddScoped<RecordBook>();
        services.AddScoped<PaletteDoor>();
        services.AddScoped<IFinder, FindPages>();
        services.AddSingleton<KnownRefusals>();
        return catalog;
    }

    /// The house for a command that needs nothing of the web side.
    public static IServiceCollection AddHouseServices(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddHouse(source, TimeProvider.System);
        return services;
    }

    /// Pages, cookies and what stands around them.
    public static void AddWeb(this IServiceCollection services, SignOn? signOn)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(antiforgery => (antiforgery.Cookie.Name, antiforgery.Cookie.SecurePolicy) = ("keel-form", CookieSecurePolicy.SameAsRequest));
        var ways = services.AddAuthentication(Sessions.Scheme).AddCookie(Sessions.Scheme, cookie =>
        {
            cookie.Cookie.Name = Sessions.CookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
            cookie.SlidingExpiration = true;
        });
        if (signOn is not null)
        {
            services.AddSingleton(signOn);
            ways.AddOAuth(SignOn.Scheme, oauth => SignOnDoor.Describe(oauth, signOn));
        }

        services.AddSingleton<Doorman>();
        services.AddSingleton<Porter>();
        services.AddSingleton<SignInDoor>();
        services.AddSingleton<InvitationDoor>();
        services.AddSingleton<CustomerDoor>();
        services.AddSingleton<BadgeDoor>();
        services.AddSingleton<PasskeyDoor>();
        services.AddSingleton<ImportDoor>();
        services.AddSingleton<ImportForms>();
        services.AddSingleton<FileDoor>();
        services.AddSingleton<Demo>();
        services.AddScoped<Around>();
        services.AddScoped<SurroundingsSource>(s => s.GetRequiredService<Around>().See);
    }
}
