using System.ComponentModel.DataAnnotations;

namespace Keel.App.Setup;

/// What a company says about how it works: its business model, how much there is to do, how far it is, what it needs. Policies are proposed from
/// it; what was not answered has a default that is said to be one.
internal sealed record CompanyProfile(
    [MaxLength(10)] IReadOnlyList<SellsThrough>? SellsThrough = null,
    [MaxLength(10)] IReadOnlyList<GoodsLie>? GoodsLie = null,
    OrdersADay? OrdersADay = null,
    PeopleThere? People = null,
    ComesFrom? ComesFrom = null,
    IfShort? IfShort = null,
    bool? PartDeliveries = null,
    bool? PaidFirst = null,
    SetAside? SetAside = null,
    Pooling? Pooling = null,
    Cushion? Cushion = null,
    Carriers? Carriers = null,
    bool? ChoosesPackaging = null,
    ReturnsGo? Returns = null,
    bool? WritesToCustomers = null,
    bool? SellsAcrossBorders = null,
    [Range(typeof(decimal), "0", "1000000000", ErrorMessage = "is between 0 and a billion.")] decimal? ApprovalFrom = null)
{
    /// This profile with what another one answers.
    public CompanyProfile With(CompanyProfile other) => new(
        other.SellsThrough ?? SellsThrough, other.GoodsLie ?? GoodsLie, other.OrdersADay ?? OrdersADay, other.People ?? People, other.ComesFrom ?? ComesFrom, other.IfShort ?? IfShort,
        other.PartDeliveries ?? PartDeliveries, other.PaidFirst ?? PaidFirst, other.SetAside ?? SetAside, other.Pooling ?? Pooling, other.Cushion ?? Cushion, other.Carriers ?? Carriers,
        other.ChoosesPackaging ?? ChoosesPackaging, other.Returns ?? Returns, other.WritesToCustomers ?? WritesToCustomers, other.SellsAcrossBorders ?? SellsAcrossBorders, other.ApprovalFrom ?? ApprovalFrom);

    public bool SaysTheSameAs(CompanyProfile other) =>
        this with { SellsThrough = null, GoodsLie = null } == other with { SellsThrough = null, GoodsLie = null }
        && (SellsThrough ?? []).Order().SequenceEqual((other.SellsThrough ?? []).Order()) && (GoodsLie ?? []).Order().SequenceEqual((other.GoodsLie ?? []).Order());

    public bool OnMarketplaces => SellsThrough?.Contains(Setup.SellsThrough.Marketplace) == true;
    public bool InStores => SellsThrough?.Contains(Setup.SellsThrough.Stores) == true || GoodsLie?.Contains(Setup.GoodsLie.Stores) == true;
    public bool IsAlone => People is PeopleThere.One;
}

/// One version of a company's profile as it is kept.
[Rows("access.company_profile", "company_id", "version")]
internal sealed record ProfileVersion(Id<Company> CompanyId, int Version, [property: Json] CompanyProfile Answers, string ChangedBy, DateTimeOffset ChangedAt, Guid Operation);

internal enum SellsThrough
{
    OwnShop,
    Marketplace,
    Stores,
    Business,
    Desk,
}

internal enum GoodsLie
{
    OwnWarehouse,
    Stores,
    ThirdParty,
}

internal enum OrdersADay
{
    UpTo50,
    UpTo500,
    More,
}

internal enum PeopleThere
{
    One,
    UpTo5,
    UpTo30,
    More,
}

internal enum ComesFrom
{
    Nothing,
    Spreadsheets,
    OtherSystem,
}

internal enum IfShort
{
    Waits,
    Refused,
}

internal enum SetAside
{
    AtOrder,
    AtPayment,
    ByHand,
}

internal enum Pooling
{
    Pooled,
    PerChannel,
}

internal enum Cushion
{
    None,
    FewDays,
    ByProduct,
}

internal enum Carriers
{
    One,
    Several,
    OwnVans,
}

internal enum ReturnsGo
{
    BackToStock,
    LookedAtFirst,
    ToSupplier,
    NotTaken,
}
