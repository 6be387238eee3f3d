using System.Text.Json;
using Keel.App.Postgres;

namespace Keel.App.Access;

/// The first sign-ins, which `keel up` makes and tells: kept in a file of the data folder that only its owner reads.
internal sealed class Demo
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// One sign-in per role, shown on the sign-in page; empty where this is no demo.
    public IReadOnlyList<SignInCard> People { get; private set; } = [];

    public SignInCard? Find(string? email) => email is { Length: > 0 } ? People.FirstOrDefault(p => p.Email == email) : null;

    /// What the file of a data folder says; null where it has none.
    public static FirstSignIns? Read(string dataFolder)
    {
        var file = FileOf(dataFolder);
        return File.Exists(file) ? JsonSerializer.Deserialize<FirstSignIns>(File.ReadAllText(file), Json) : null;
    }

    public static async Task Write(string dataFolder, FirstSignIns first)
    {
        PrivateFolder.Make(dataFolder);
        await using var file = PrivateFolder.Write(FileOf(dataFolder), FileMode.Create);
        await JsonSerializer.SerializeAsync(file, first, Json);
    }

    public void Offer(FirstSignIns? first) => People = first is { IsDemo: true } ? first.People : [];

    private static string FileOf(string dataFolder) => Path.Combine(dataFolder, "sign-ins.json");
}

/// Somebody of the first hour, with the password that was drawn for them.
internal sealed record SignInCard(string Name, string Title, string Email, string Password);

internal sealed record FirstSignIns(bool IsDemo, IReadOnlyList<SignInCard> People, string? ApiKey);
