using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Keel.Kernel;

/// The one way that Keel writes and reads JSON, at every door and in the log: camelCase, numbers are numbers, unknown fields are refused,
/// quantities and money are exact decimals.
public static class KeelJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            PropertyNameCaseInsensitive = false,
            AllowDuplicateProperties = false,
            MaxDepth = 24,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NullableIsOptional } };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new QuantityConverter());
        options.Converters.Add(new CurrencyConverter());
        options.Converters.Add(new MoneyConverter());
        options.Converters.Add(new UnitPriceConverter());
        options.Converters.Add(new ValueConverters());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// What may be null may be left out.
    private static void NullableIsOptional(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is { IsRequired: true, AssociatedParameter.IsNullable: true }) property.IsRequired = false;
        }
    }

    private sealed class QuantityConverter : JsonConverter<Quantity>
    {
        public override Quantity Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Exact(ref reader, 9_000_000_000_000m, 3, "a quantity has at most three decimals", Quantity.Of);

        public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Units / 1.000m);
    }

    private sealed class CurrencyConverter : JsonConverter<Currency>
    {
        public override Currency Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Currency.TryOf(reader.GetString(), out var currency)
                ? currency
                : throw new JsonException("is not a currency of ISO 4217, such as EUR.");

        public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
    }

    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var (amount, currency) = Pair(ref reader, "amount");
            var minor = amount * currency.Scale;
            if (minor != decimal.Truncate(minor)) throw new JsonException($"has more decimals than {currency} has.");
            return Math.Abs(minor) > 9_000_000_000_000_000m ? throw new JsonException("is too large.") : new Money((long)minor, currency);
        }

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => Pair(writer, "amount", value.Amount, value.Currency);
    }

    private sealed class UnitPriceConverter : JsonConverter<UnitPrice>
    {
        public override UnitPrice Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var (price, currency) = Pair(ref reader, "price");
            var micros = price * 1_000_000m;
            if (micros != decimal.Truncate(micros)) throw new JsonException("has more than six decimals.");
            return Math.Abs(price) > 1_000_000_000m ? throw new JsonException("is too large.") : new UnitPrice((long)micros, currency);
        }

        public override void Write(Utf8JsonWriter writer, UnitPrice value, JsonSerializerOptions options) => Pair(writer, "price", value.Price, value.Currency);
    }

    /// Typed keys and codes are plain strings.
    private sealed class ValueConverters : JsonConverterFactory
    {
        public override bool CanConvert(Type type) => typeof(IId).IsAssignableFrom(type) && type.IsValueType || typeof(ICode).IsAssignableFrom(type) && type.IsValueType;

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(IId).IsAssignableFrom(type)
                ? typeof(IdConverter<>).MakeGenericType(type.GetGenericArguments()[0])
                : typeof(CodeConverter<>).MakeGenericType(type))!;
    }

    private sealed class IdConverter<T> : JsonConverter<Id<T>>
    {
        public override Id<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && reader.TryGetGuid(out var id) ? new Id<T>(id) : throw new JsonException("is not an id (a UUID).");

        public override void Write(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class CodeConverter<T> : JsonConverter<T> where T : struct, ICode<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Code.TryParse<T>(reader.GetString(), out var code)
                ? code
                : throw new JsonException($"is not a code of 1 to {T.MaxLength} printable ASCII characters.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Read(ref reader, type, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Text);
    }

    private static TValue Exact<TValue>(ref Utf8JsonReader reader, decimal most, int decimals, string reason, Func<decimal, TValue> make)
    {
        if (reader.TokenType is not JsonTokenType.Number || !reader.TryGetDecimal(out var number)) throw new JsonException("is not a number.");
        if (Math.Abs(number) > most) throw new JsonException("is too large.");
        return decimal.Round(number, decimals) == number ? make(number) : throw new JsonException(reason + ".");
    }

    private static (decimal Number, Currency Currency) Pair(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is not JsonTokenType.StartObject) throw new JsonException($"is an object: {{\"{name}\": 12.34, \"currency\": \"EUR\"}}.");
        decimal? number = null;
        Currency? currency = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            reader.Read();
            if (field == name && reader.TokenType is JsonTokenType.Number && reader.TryGetDecimal(out var value)) number = value;
            else if (field == "currency" && reader.TokenType is JsonTokenType.String && Currency.TryOf(reader.GetString(), out var known)) currency = known;
            else throw new JsonException($"has a field '{field}' that is unknown or wrong: {{\"{name}\": 12.34, \"currency\": \"EUR\"}} is meant.");
        }

        return number is { } n && currency is { } c && Math.Abs(n) < 1_000_000_000_000_000m
            ? (n, c)
            : throw new JsonException($"is an object: {{\"{name}\": 12.34, \"currency\": \"EUR\"}}.");
    }

    private static void Pair(Utf8JsonWriter writer, string name, decimal number, Currency currency)
    {
        writer.WriteStartObject();
        writer.WriteNumber(name, number);
        writer.WriteString("currency", currency.Code);
        writer.WriteEndObject();
    }
}
