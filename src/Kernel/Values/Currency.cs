using System.Collections.Frozen;

namespace Keel.Kernel;

/// An ISO 4217 currency. It knows how many decimals its smallest unit has (EUR 2, JPY 0, KWD 3).
public readonly record struct Currency : IComparable<Currency>
{
    private const string Known =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK " +
        "DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD " +
        "KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG " +
        "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS " +
        "VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

    private static readonly FrozenDictionary<string, Currency> All = Known.Split(' ').ToFrozenDictionary(c => c, c => new Currency(c));

    private readonly string? code;

    private Currency(string code) => this.code = code;

    /// The three letters. The default value is XXX, "no currency", which adds to nothing.
    public string Code => code ?? "XXX";

    /// Decimals of the smallest unit, from ISO 4217.
    public int Exponent => Code switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "UYI" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        "CLF" or "UYW" => 4,
        _ => 2,
    };

    /// How many smallest units make one: 100 for EUR.
    public long Scale => Exponent switch { 0 => 1, 2 => 100, 3 => 1_000, _ => 10_000 };

    public static Currency Of(string code) => TryOf(code, out var currency) ? currency : throw new FormatException($"{code} is not a currency of ISO 4217.");

    public static bool TryOf(string? code, out Currency currency)
    {
        currency = default;
        return code is not null && All.TryGetValue(code, out currency);
    }

    public static Currency Eur => All["EUR"];
    public static Currency Gbp => All["GBP"];

    public int CompareTo(Currency other) => string.CompareOrdinal(Code, other.Code);
    public override string ToString() => Code;
}
