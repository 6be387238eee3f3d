using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keel.Kernel;

/// Marks what says something about a person: a type of a request (kept in the log only under the person's key), or a column of a view
/// (absent for those who may not see it).
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalAttribute : Attribute;

/// The key under which one person's data stands in the sealed log. Destroying it erases the person there, and the seal still verifies.
[Rows("kernel.person_key", "id")]
public sealed record PersonKey(Guid Id, byte[]? Key)
{
    public static PersonKey New(Guid person) => new(person, RandomNumberGenerator.GetBytes(32));

    internal string Encrypt(byte[] clear)
    {
        var nonce = RandomNumberGenerator.GetBytes(12);
        var sealedBytes = new byte[12 + clear.Length + 16];
        nonce.CopyTo(sealedBytes, 0);
        using var aes = new AesGcm(Key!, 16);
        aes.Encrypt(nonce, clear, sealedBytes.AsSpan(12, clear.Length), sealedBytes.AsSpan(12 + clear.Length));
        return Id.ToString("N") + ":" + Convert.ToBase64String(sealedBytes);
    }

    internal byte[]? Decrypt(string text)
    {
        if (Key is null) return null;
        var bytes = Convert.FromBase64String(text[(text.IndexOf(':') + 1)..]);
        var clear = new byte[bytes.Length - 28];
        using var aes = new AesGcm(Key, 16);
        aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(12, clear.Length), bytes.AsSpan(12 + clear.Length), clear);
        return clear;
    }
}

/// JSON for the log: objects of types marked `[Personal]` are replaced by their ciphertext, or by nothing where nobody said whose they are.
internal static class PersonalJson
{
    internal const string Mark = "$personal";
    private static readonly JsonSerializerOptions Options = Make();
    [ThreadStatic] private static Work? current;

    public static byte[] Write(object request, Work work)
    {
        current = work;
        try
        {
            var clear = JsonSerializer.SerializeToUtf8Bytes(request, request.GetType(), Options);
            return Pack(clear);
        }
        finally
        {
            current = null;
        }
    }

    public static string Read(byte[] payload)
    {
        using var packed = new MemoryStream(payload, 1, payload.Length - 1);
        if (payload[0] == 0) return System.Text.Encoding.UTF8.GetString(payload, 1, payload.Length - 1);
        using var unpack = new DeflateStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(unpack);
        return reader.ReadToEnd();
    }

    private static byte[] Pack(byte[] clear)
    {
        if (clear.Length < 2_000) return [0, .. clear];
        using var target = new MemoryStream(clear.Length / 4);
        target.WriteByte(1);
        using (var pack = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true)) pack.Write(clear);
        return target.ToArray();
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(KeelJson.Options);
        options.Converters.Insert(0, new Converters());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class Converters : JsonConverterFactory
    {
        public override bool CanConvert(Type type) => type.GetCustomAttribute<PersonalAttribute>() is not null;

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type))!;
    }

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new InvariantBroken("The log is not read back into requests.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            if (value is not null && current!.Persons.TryGetValue(value, out var person) && person.Key is not null)
            {
                writer.WriteString(Mark, person.Encrypt(JsonSerializer.SerializeToUtf8Bytes(value, KeelJson.Options)));
            }
            else
            {
                writer.WriteNull(Mark);
            }

            writer.WriteEndObject();
        }
    }
}
