using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using QRCoder;

namespace Keel.App.Access;

/// The codes of an authenticator: how its key is handed over, and that each code opens once.
internal static class SecondFactor
{
    private const string Shelf = "keel";
    private const string UsedCodes = "used-codes";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// Whether a code is right and was not used before. The identity framework knows which codes are right now.
    public static async Task<bool> Accepts(UserManager<Person> users, Person person, string code, DateTimeOffset now)
    {
        if (code.Length != 6 || !await users.VerifyTwoFactorTokenAsync(person, users.Options.Tokens.AuthenticatorTokenProvider, code)) return false;
        var used = (await users.GetAuthenticationTokenAsync(person, Shelf, UsedCodes) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(u => u.Split('@')).Where(u => now.ToUnixTimeSeconds() - long.Parse(u[1], CultureInfo.InvariantCulture) < Window.TotalSeconds).ToArray();
        if (used.Any(u => u[0] == code)) return false;
        var kept = string.Join(' ', used.Select(u => $"{u[0]}@{u[1]}").Append($"{code}@{now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}"));
        return (await users.SetAuthenticationTokenAsync(person, Shelf, UsedCodes, kept)).Succeeded;
    }

    /// The key in groups of four, as one types it.
    public static string Spoken(string key) => string.Join(' ', key.Chunk(4).Select(c => new string(c))).ToLowerInvariant();

    /// What the authenticator scans: RFC 6238, SHA-1, six digits, thirty seconds, as all of them understand it.
    public static string Address(string account, string key) =>
        $"otpauth://totp/{Uri.EscapeDataString("Keel:" + account)}?secret={key}&issuer=Keel&digits=6&period=30";

    /// The modules of a QR code as the path of an SVG, and how many there are on a side; the quiet zone is among them.
    public static (string Path, int Side) Drawn(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
        {
            for (var x = 0; x < data.ModuleMatrix[y].Count; x++) if (data.ModuleMatrix[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        }

        return (path.ToString(), data.ModuleMatrix.Count);
    }
}
