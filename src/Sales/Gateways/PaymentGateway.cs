using System.ComponentModel.DataAnnotations;
using Keel.Kernel.Views;

namespace Keel.Sales;

/// A gateway through which customers pay, and what it can do. Its keys are sealed with the house's keys and shown to nobody.
[Rows("sales.payment_gateway", "company_id", "code")]
internal sealed record PaymentGateway(
    Id<Company> CompanyId, string Code, string Name, string Address, int ValidDays, bool CapturesParts, bool CapturesOften, bool Refunds, int PatienceSeconds,
    string? ApiKey, string? WebhookSecret, bool IsActive, string ChangedBy, DateTimeOffset ChangedAt)
{
    /// Seals and opens the keys of gateways.
    public const string Purpose = "payment gateway";
}

/// The gateways of a company, kept in memory: who has none is asked nothing more.
internal sealed record PaymentGateways(IReadOnlyDictionary<string, PaymentGateway> ByCode)
{
    public static Task<PaymentGateways> Of(Settings settings, CancellationToken ct) => settings.Get(Load, ct);

    public bool Any => ByCode.Count > 0;

    private static async Task<PaymentGateways> Load(KeelDb db, CancellationToken ct) =>
        new((await db.Table<PaymentGateway>().Where($"company_id = {db.Company} order by code", ct)).ToDictionary(g => g.Code, StringComparer.Ordinal));
}

/// The gateways of the company, and what each can do.
[View("sales.payment-gateways", SalesPermissions.Gateways, Sort = "code")]
internal sealed class GatewayList(KeelDb db) : IView<GatewayList.Row>
{
    public sealed record Row
    {
        [Key, Search] public required string Code { get; init; }
        [Search] public required string Name { get; init; }
        public required string Address { get; init; }
        [Title("Authorisations hold for days")] public required int ValidDays { get; init; }
        [Title("Captures parts")] public required bool CapturesParts { get; init; }
        [Title("Captures often")] public required bool CapturesOften { get; init; }
        [Title("Pays back")] public required bool Refunds { get; init; }
        [Title("In use")] public required bool IsActive { get; init; }
        [Title("Has its keys")] public required bool HasKeys { get; init; }
        [Title("Set by")] public required string ChangedBy { get; init; }
        [Title("Set at")] public required DateTimeOffset ChangedAt { get; init; }
    }

    public FormattableString Rows() =>
        $"""
        select g.code, g.name, g.address, g.valid_days, g.captures_parts, g.captures_often, g.refunds, g.is_active, g.api_key is not null and g.webhook_secret is not null as has_keys, g.changed_by, g.changed_at
        from sales.payment_gateway g where g.company_id = {db.Company}
        """;
}
