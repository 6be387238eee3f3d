using Keel.App.Access;
using Keel.App.Postgres;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Keel.Tests.Access;

/// What opens other doors lies sealed in the database, and what seals it can stand outside.
public class HouseKeyTests
{
    [Fact, Feature("SE-05")]
    public async Task The_key_of_an_authenticator_lies_sealed_and_still_opens()
    {
        await using var shop = await Shop.Open();
        var person = await shop.Person("Nora", "store");
        await using var scope = shop.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var nora = (await users.FindByIdAsync(person.Id.ToString()))!;

        await users.ResetAuthenticatorKeyAsync(nora);
        var key = (await users.GetAuthenticatorKeyAsync(nora))!;

        key.Length.ShouldBe(32);
        (await shop.Text("select string_agg(value, ' ') from access.person_token where name = 'AuthenticatorKey'")).ShouldStartWith("sealed:");
        (await shop.Number($"select count(*) from access.person_token where value like '%{key}%'")).ShouldBe(0);
    }

    [Fact, Feature("SE-05")]
    public void What_is_sealed_opens_with_the_same_file_only_and_says_so_when_it_was_changed()
    {
        var folder = Directory.CreateTempSubdirectory("keel-key-");
        try
        {
            var (one, other) = (HouseKey.Read(Path.Combine(folder.FullName, "one")), HouseKey.Read(Path.Combine(folder.FullName, "other")));
            byte[] secret = [1, 2, 3, 4, 5];
            var made = one.Seal(secret);

            HouseKey.Read(Path.Combine(folder.FullName, "one")).Open(made).ShouldBe(secret);
            one.Seal(secret).ShouldNotBe(made, "nothing is sealed twice alike");
            Should.Throw<System.Security.Cryptography.CryptographicException>(() => other.Open(made));
            made[^1] ^= 1;
            Should.Throw<System.Security.Cryptography.CryptographicException>(() => one.Open(made));
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.Combine(folder.FullName, "one")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

            File.WriteAllText(Path.Combine(folder.FullName, "broken"), "not a key");
            Should.Throw<CannotRun>(() => HouseKey.Read(Path.Combine(folder.FullName, "broken"))).Message.ShouldContain("32 bytes");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact, Feature("SE-05")]
    public void Keys_of_the_house_are_written_sealed_and_read_again()
    {
        var folder = Directory.CreateTempSubdirectory("keel-key-");
        try
        {
            var key = HouseKey.Read(Path.Combine(folder.FullName, "key"));
            var plain = new System.Xml.Linq.XElement("key", new System.Xml.Linq.XElement("value", "c2VjcmV0"));
            var made = new SealKeys(key).Encrypt(plain);
            made.EncryptedElement.ToString().ShouldNotContain("c2VjcmV0");

            using var services = new ServiceCollection().AddSingleton(key).BuildServiceProvider();
            new OpenKeys(services).Decrypt(made.EncryptedElement).ToString().ShouldBe(plain.ToString());
            using var without = new ServiceCollection().BuildServiceProvider();
            Should.Throw<CannotRun>(() => new OpenKeys(without).Decrypt(made.EncryptedElement)).Message.ShouldContain("Keel__KeyFile");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
