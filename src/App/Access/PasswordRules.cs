using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace Keel.App.Access;

/// What a password may not be: what everybody tries first, or the name of who uses it. Length is asked for; kinds of characters are not.
internal sealed class PasswordRules : IPasswordValidator<Person>
{
    public const int Shortest = 12;

    /// What most guessed passwords are made of, whatever figures and signs stand around it.
    private static readonly FrozenSet<string> Common = """
        password passwort wachtwoord motdepasse contrasena kennwort parola senha welcome welkom willkommen bienvenue letmein iloveyou administrator admin administration login signin
        qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl zxcvbnm yxcvbnm qazwsx qazwsxedc qwertyqwerty abc abcd abcdef abcdefgh abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
        monkey dragon football baseball basketball superman batman princess sunshine shadow master michael jennifer jordan hunter killer trustno starwars pokemon liverpool arsenal chelsea
        barcelona juventus manchester charlie thomas daniel jessica ashley nicole flower butterfly whatever freedom secret summer winter spring autumn sommer herbst zomer winter
        computer internet samsung google microsoft windows facebook instagram access changeme default temp temporary guest user test testing tester demo sample example company business
        keel keelkeel harbour harbor commerce warehouse inventory stock store shop magazijn lager office correcthorsebatterystaple iamthebest ihateyou fuckyou myspace linkedin
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    public Task<IdentityResult> ValidateAsync(UserManager<Person> manager, Person user, string? password) => Task.FromResult(Why(user, password ?? "") is { } why
        ? IdentityResult.Failed(new IdentityError { Code = "common", Description = why })
        : IdentityResult.Success);

    /// Why somebody may not use a password, or nothing.
    internal static string? Why(Person person, string password)
    {
        var plain = Plain(password);
        if (IsCommon(plain) || IsRun(password)) return "This password is among the first that everybody tries. Take a few words that do not belong together.";
        var own = new[] { person.Email?.Split('@')[0], person.Email?.Split('@')[^1].Split('.')[0] }.Concat(person.Name.Split(' ')).OfType<string>().Select(Plain).Where(w => w.Length > 2);
        var rest = plain;
        foreach (var word in own.OrderByDescending(w => w.Length)) rest = rest.Replace(word, "", StringComparison.Ordinal);
        return rest.Length < 5 && rest.Length < plain.Length ? "This password is made of your own name or address. Take a few words that do not belong together." : null;
    }

    /// The letters, with figures that stand for letters read as such; what is only put around them does not count.
    private static string Plain(string text)
    {
        var core = text.ToLowerInvariant().Trim("0123456789!?.,;:-_*#@$%&+= ".ToCharArray());
        return string.Concat(core.Select(c => c switch { '0' => 'o', '1' or '!' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => c }).Where(char.IsLetter));
    }

    private static bool IsCommon(string plain)
    {
        if (plain.Length < 3 || Common.Contains(plain)) return true;
        for (var length = 1; length <= plain.Length / 2; length++)
        {
            // The same again and again, or two of the common words one after the other.
            if (plain.Length % length == 0 && Enumerable.Range(0, plain.Length / length).All(i => plain.AsSpan(i * length, length).SequenceEqual(plain.AsSpan(0, length))) && (length < 4 || Common.Contains(plain[..length]))) return true;
        }

        return Enumerable.Range(3, Math.Max(0, plain.Length - 5)).Any(at => Common.Contains(plain[..at]) && Common.Contains(plain[at..]));
    }

    /// A password of figures or letters in their order, or of very few different ones.
    private static bool IsRun(string password)
    {
        var steps = password.Zip(password.Skip(1), (a, b) => b - a).ToArray();
        return password.Distinct().Count() < 5 || steps.Count(s => s is 1 or -1 or 0) >= steps.Length - 2;
    }
}
