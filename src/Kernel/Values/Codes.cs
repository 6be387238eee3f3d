namespace Keel.Kernel;

/// A natural key of the trade: short ASCII text, compared ordinally, without blanks at its ends.
public interface ICode
{
    /// The text of the code; never null.
    string Text { get; }
}

/// What every kind of code knows of itself.
public interface ICode<TSelf> : ICode where TSelf : struct, ICode<TSelf>
{
    /// The most characters that it may have.
    static abstract int MaxLength { get; }

    /// Wraps text that is known to be good; `Code.TryParse` checks it.
    static abstract TSelf From(string text);
}

/// Parsing that all codes share.
public static class Code
{
    /// Printable ASCII, one to the most characters of the kind, no blank at either end.
    public static bool TryParse<T>(string? text, out T code) where T : struct, ICode<T>
    {
        code = default;
        if (string.IsNullOrEmpty(text) || text.Length > T.MaxLength || text[0] == ' ' || text[^1] == ' ') return false;
        foreach (var c in text) if (c is < ' ' or > '~') return false;
        code = T.From(text);
        return true;
    }

    public static T Parse<T>(string text) where T : struct, ICode<T> =>
        TryParse<T>(text, out var code) ? code : throw new FormatException($"'{text}' is not a valid {typeof(T).Name}: 1 to {T.MaxLength} printable ASCII characters.");
}

/// A stock keeping unit: what is counted, priced and promised. Written in capitals; it never changes after its first move.
public readonly record struct Sku : ICode<Sku>, IComparable<Sku>
{
    private readonly string? text;
    private Sku(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 40;
    public static Sku From(string text) => new(text.ToUpperInvariant());
    public static implicit operator Sku(string text) => Code.Parse<Sku>(text);
    public int CompareTo(Sku other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// A node that holds stock: a warehouse, a store, a third party.
public readonly record struct NodeCode : ICode<NodeCode>, IComparable<NodeCode>
{
    private readonly string? text;
    private NodeCode(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 20;
    public static NodeCode From(string text) => new(text.ToUpperInvariant());
    public static implicit operator NodeCode(string text) => Code.Parse<NodeCode>(text);
    public int CompareTo(NodeCode other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// A place inside a node, such as MAIN/A-03-2; unique in its company.
public readonly record struct LocationCode : ICode<LocationCode>, IComparable<LocationCode>
{
    private readonly string? text;
    private LocationCode(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 60;
    public static LocationCode From(string text) => new(text.ToUpperInvariant());
    public static implicit operator LocationCode(string text) => Code.Parse<LocationCode>(text);
    public int CompareTo(LocationCode other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// A lot of goods that were made together, or the serial number of one unit; unique for its SKU.
public readonly record struct LotCode : ICode<LotCode>, IComparable<LotCode>
{
    private readonly string? text;
    private LotCode(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 40;
    public static LotCode From(string text) => new(text.ToUpperInvariant());
    public static implicit operator LotCode(string text) => Code.Parse<LotCode>(text);
    public int CompareTo(LotCode other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// Why something was done: damaged, found, counted, sample.
public readonly record struct ReasonCode : ICode<ReasonCode>, IComparable<ReasonCode>
{
    private readonly string? text;
    private ReasonCode(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 40;
    public static ReasonCode From(string text) => new(text.ToLowerInvariant());
    public static implicit operator ReasonCode(string text) => Code.Parse<ReasonCode>(text);
    public int CompareTo(ReasonCode other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// A selling channel of a company: webshop, a marketplace, the sales desk.
public readonly record struct ChannelCode : ICode<ChannelCode>, IComparable<ChannelCode>
{
    private readonly string? text;
    private ChannelCode(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 30;
    public static ChannelCode From(string text) => new(text.ToLowerInvariant());
    public static implicit operator ChannelCode(string text) => Code.Parse<ChannelCode>(text);
    public int CompareTo(ChannelCode other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// An account of a company's chart, by its short name (`inventory`) or number.
public readonly record struct AccountCode : ICode<AccountCode>, IComparable<AccountCode>
{
    private readonly string? text;
    private AccountCode(string text) => this.text = text;
    public string Text => text ?? "";
    public static int MaxLength => 40;
    public static AccountCode From(string text) => new(text.ToLowerInvariant());
    public static implicit operator AccountCode(string text) => Code.Parse<AccountCode>(text);
    public int CompareTo(AccountCode other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}
