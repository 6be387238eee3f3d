using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.DataProtection;

namespace Keel.Sales;

/// Says where a payment gateway answers, what it can do, and with which keys it and we know each other.
[Operation("sales.set-payment-gateway", SalesPermissions.Gateways, Secret = true, ChangesSettings = true, Said = "set the payment gateway {code}", Icon = "key")]
internal sealed class SetPaymentGateway(KeelDb db, IDataProtectionProvider protection) : IOperation<SetPaymentGateway.Request, Done>
{
    /// Keys that are left empty stay as they are.
    public sealed record Request(
        [Required, MaxLength(30), RegularExpression("^[a-z][a-z0-9-]*$", ErrorMessage = "is small letters, digits and hyphens.")] string Code, [Required, MaxLength(80)] string Name, [Required, MaxLength(300)] string Address,
        [MaxLength(300)] string? ApiKey = null, [MaxLength(300)] string? WebhookSecret = null, [Range(1, 60)] int ValidDays = 7,
        bool CapturesParts = true, bool CapturesOften = false, bool Refunds = true, [Range(1, 60)] int PatienceSeconds = 15, bool IsActive = true);

    public static readonly Error NoAddress = Error.Invalid("gateway.no-address", "The gateway's address begins with https://, or with http:// on this machine.", new FieldError("address", "begins with https://."));
    public static readonly Error NoKeys = Error.Invalid("gateway.no-keys", "A new gateway needs its key and the secret of its webhooks. Both stand on the gateway's own pages.", new FieldError("apiKey", "is required."), new FieldError("webhookSecret", "is required."));

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (!Uri.TryCreate(request.Address.Trim(), UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) || address.UserInfo.Length > 0) return NoAddress;
        var before = await db.Table<PaymentGateway>().Find($"company_id = {db.Company} and code = {request.Code} for update", ct);
        if ((string.IsNullOrWhiteSpace(request.ApiKey) && before?.ApiKey is null) || (string.IsNullOrWhiteSpace(request.WebhookSecret) && before?.WebhookSecret is null)) return NoKeys;
        var seal = protection.CreateProtector(PaymentGateway.Purpose);
        var after = new PaymentGateway(
            db.Company, request.Code, request.Name.Trim(), address.GetLeftPart(UriPartial.Path).TrimEnd('/'), request.ValidDays, request.CapturesParts, request.CapturesParts && request.CapturesOften, request.Refunds,
            request.PatienceSeconds, string.IsNullOrWhiteSpace(request.ApiKey) ? before?.ApiKey : seal.Protect(request.ApiKey.Trim()),
            string.IsNullOrWhiteSpace(request.WebhookSecret) ? before?.WebhookSecret : seal.Protect(request.WebhookSecret.Trim()), request.IsActive, db.Work.Actor.Name, db.Now);
        db.Work.Concerns(request.Code);
        db.Work.Changed("payment-gateway", request.Code, before is null ? null : Told.Of(before), Told.Of(after));
        if (before is null) db.Table<PaymentGateway>().Insert(after);
        else db.Table<PaymentGateway>().Update(after);
        return Done.It;
    }

    /// What the log keeps of it: everything but the keys, of which it says that they changed.
    private sealed record Told(string Name, string Address, int ValidDays, bool CapturesParts, bool CapturesOften, bool Refunds, int PatienceSeconds, bool IsActive, string? Key, string? Secret)
    {
        public static Told Of(PaymentGateway g) =>
            new(g.Name, g.Address, g.ValidDays, g.CapturesParts, g.CapturesOften, g.Refunds, g.PatienceSeconds, g.IsActive, Mark(g.ApiKey), Mark(g.WebhookSecret));

        /// Names a key without telling it: two keys have two marks.
        private static string? Mark(string? sealedKey) => sealedKey is null ? null
            : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sealedKey)))[..8];
    }
}
