using Keel.Ui;

namespace Keel.Catalog.Contract;

/// What others need to know of a product to sell, count, tax and ship it.
[Flat]
public sealed record ProductFacts(Sku Sku, string Name, string Unit, bool Measured, string TaxCategory, Lifecycle Lifecycle,
    int? WeightGrams)
{
    /// What it is sorted under: its own category, or that of the product that it is a variant of.
    public string? Category { get; init; }

    /// Whether its units are told apart by lot or by serial number.
    public Tracking Tracking { get; init; }

    /// How many days it keeps from the day it was made; nothing where it does not go off.
    public int? ShelfLifeDays { get; init; }

    /// So many days before it expires it is sold for the last time.
    public int? LastSaleDays { get; init; }

    /// New orders may name it. What is being phased out is sold as long as it lasts.
    public bool IsSellable => Lifecycle is Lifecycle.Active or Lifecycle.PhasingOut;

    /// New purchases may name it. What is being phased out is not bought again.
    public bool IsBuyable => Lifecycle is Lifecycle.Active;
}

/// Where a product stands in its life.
public enum Lifecycle
{
    [Shown(StateRole.Held)]
    Draft,

    [Shown(StateRole.Ready)]
    Active,

    [Shown(StateRole.Waiting)]
    PhasingOut,

    /// Stopped for a while: not sold and not bought until it is let go.
    [Shown(StateRole.Held)]
    Blocked,

    [Shown(StateRole.Idle)]
    Retired,
}

/// How units of a product are told apart.
public enum Tracking
{
    /// One is as good as the other.
    None,

    /// Units that were made together have one number, and one date on which they expire.
    Lot,

    /// Each unit has a number of its own.
    Serial,
}

/// Who gave a code its meaning.
public enum BarcodeKind
{
    /// GS1's trade item number (EAN-8, UPC-A, EAN-13, GTIN-14), with its check digit.
    Gtin,
    Internal,
    Supplier,
    Marketplace,
}

/// What a scanned code stands for: so many stock units of a product.
public sealed record BarcodeFacts(string Key, string Code, BarcodeKind Kind, Sku Sku, string Unit, long Numerator, long Denominator)
{
    public UnitFactor Factor => new(Numerator, Denominator);
}
