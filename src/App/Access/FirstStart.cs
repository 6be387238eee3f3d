using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using HarbourHome = Keel.Simulators.Contract.Demo;

namespace Keel.App.Access;

/// What the very first start makes: somebody who may come in, and for the demo company one person per role and an API key.
internal sealed class FirstStart(NpgsqlDataSource source, Gate gate, ModuleCatalog catalog)
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static readonly (string Name, string Role)[] Staff =
    [
        ("Ada Visser", "administrator"), ("Omar Haddad", "operations"), ("Wim de Boer", "warehouse"), ("Piet Jansen", "picker"), ("Bianca Rossi", "buyer"), ("Fiona Byrne", "finance"),
        ("Sven Lund", "service"), ("Carla Mendes", "channel-manager"), ("Mei Tanaka", "merchandiser"), ("Tom Okafor", "store"), ("Eva Lindqvist", "executive"),
        ("Aaron Katz", "auditor"),
    ];

    /// Whether the demo company is there already, or nobody else is: where a company has begun its own life, or somebody may come in, no demo moves in.
    public async Task<bool> MayBeDemo(CancellationToken ct)
    {
        await using var asked = source.CreateCommand("select exists (select from kernel.company where code = 'harbour-home') or not (exists (select from kernel.company) or exists (select from access.person))");
        return (bool)(await asked.ExecuteScalarAsync(ct))!;
    }

    /// The first sign-ins of this data folder, made now where nobody may come in yet.
    public async Task<FirstSignIns?> Run(bool isDemo, string dataFolder, CancellationToken ct)
    {
        await using (var anyone = source.CreateCommand("select exists (select from access.person)"))
        {
            if ((bool)(await anyone.ExecuteScalarAsync(ct))!) return Demo.Read(dataFolder);
        }

        var people = new List<SignInCard>();
        foreach (var (name, role) in isDemo ? Staff : [("Administrator", "administrator")])
        {
            var card = new SignInCard(name, Role.Delivered.First(r => r.Name == role).Title, isDemo ? $"{role}@harbour-home.example" : "admin@keel.local", RandomNumberGenerator.GetString(Letters, 14));
            await Must(new CreateUser.Request(card.Name, card.Email, card.Password, [role]) { Id = isDemo ? HarbourHome.PersonOf(name) : null }, typeof(CreateUser), ct);
            people.Add(card);
        }

        if (isDemo) await HarbourHome.HandRulesTo("Omar Haddad", gate, source, ct);
        var key = isDemo
            ? (CreateApiKey.Answer)(await Must(new CreateApiKey.Request("demo", ["*"], "harbour-home"), typeof(CreateApiKey), ct))!
            : null;
        var first = new FirstSignIns(isDemo, people, key?.Key);
        await Demo.Write(dataFolder, first);
        return first;
    }

    private Task<object?> Must(object request, Type operation, CancellationToken ct) => Must(catalog.Of(operation), request, default, ct);

    private async Task<object?> Must(OperationInfo operation, object request, Id<Company> company, CancellationToken ct)
    {
        var outcome = await gate.Run(operation, request, Caller.Keel(company), ct);
        return outcome.Ok ? outcome.Answer : throw new InvariantBroken($"The first start could not {operation.Name}: {outcome.Error?.Message}");
    }
}
