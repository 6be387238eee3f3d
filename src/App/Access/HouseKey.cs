using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Keel.App.Postgres;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Keel.App.Access;

/// The key that stands outside the database and its copies: a file of 32 drawn bytes in base64, named by `Keel__KeyFile`, the same on every node. With it the
/// keys that seal cookies, passwords of mail servers and keys of authenticators are sealed themselves (AES-256-GCM): a stolen copy opens none of them.
/// Who loses it signs in with recovery codes, and sets those secrets anew.
internal sealed class HouseKey
{
    private const int Size = 32;
    private const int Nonce = 12;
    private const int Tag = 16;
    private readonly byte[] key;

    private HouseKey(byte[] key) => this.key = key;

    /// The key of the file that the environment names; none where it names none. A file that is not there is made, for its owner alone.
    public static HouseKey? FromEnvironment() => Environment.GetEnvironmentVariable("Keel__KeyFile") is { Length: > 0 } file ? Read(file) : null;

    public static HouseKey Read(string file)
    {
        if (!File.Exists(file)) Draw(file);
        try
        {
            var key = Convert.FromBase64String(File.ReadAllText(file).Trim());
            if (key.Length == Size) return new HouseKey(key);
        }
        catch (FormatException)
        {
            // Said below, like a key of another length.
        }

        throw new CannotRun($"The file {file} that Keel__KeyFile names holds no key: it is to be {Size} bytes in base64. Name the file that this house was started with before.");
    }

    public byte[] Seal(byte[] plain)
    {
        var made = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(made.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(made.AsSpan(0, Nonce), plain, made.AsSpan(Nonce, plain.Length), made.AsSpan(Nonce + plain.Length));
        return made;
    }

    public byte[] Open(byte[] made)
    {
        var plain = new byte[made.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(made.AsSpan(0, Nonce), made.AsSpan(Nonce, plain.Length), made.AsSpan(Nonce + plain.Length), plain);
        return plain;
    }

    private static void Draw(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size))));
    }
}

/// Seals the keys of the house with the house's key before they are written to the database.
internal sealed class SealKeys(HouseKey key) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("sealed", Convert.ToBase64String(key.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))), typeof(OpenKeys));
}

/// Opens them again.
internal sealed class OpenKeys(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetService<HouseKey>() is { } key
        ? XElement.Parse(Encoding.UTF8.GetString(key.Open(Convert.FromBase64String(encryptedElement.Value))))
        : throw new CannotRun("This house was started with a key of its own before. Name its file in Keel__KeyFile.");
}
