using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Keel.Kernel;

/// Works out anew what a request would do today, because somebody changed the same fields meanwhile. It waits again, with today's values before it.
[Operation("kernel.rebase-request", KernelPermissions.Ask, Said = "brought a request up to date")]
internal sealed class RebaseRequest(KeelDb db, Deciders deciders) : IOperation<RebaseRequest.Request, Done>
{
    public sealed record Request(Id<Approval> Approval, int Version);

    public static readonly Error NotMasters = Error.Invalid("approval.not-masters", "This request is not about master data. Approve it or refuse it.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {request.Approval} for update", ct) is not { } approval) return DecideApproval.Unknown;
        if (approval is not { State: ApprovalState.Waiting, Payload: { } }) return DecideApproval.Ended;
        if (approval.Version != request.Version) return DecideApproval.Changed;
        if (approval.Domain is null) return NotMasters;
        if (approval.RequesterId != db.Work.Actor.Id && (await deciders.MayNot(approval, ct)).Why is { } why) return why;
        db.Table<Approval>().Update(Again(approval));
        db.Raise(new ApprovalGranted(approval.Id));
        return Done.It;
    }

    /// It is tried as if it were approved, with the digest of no effect: whatever it does is another one, so that it waits again.
    internal static Approval Again(Approval approval) =>
        approval with { State = ApprovalState.Approved, EffectDigest = [], Stale = null, BegunAt = null, Version = approval.Version + 1 };
}

/// Changes a value of a request before deciding about it: the owner writes what the field shall be. It then waits with that value.
[Operation("kernel.amend-request", KernelPermissions.Ask, Said = "amended a request")]
internal sealed class AmendRequest(KeelDb db, Deciders deciders, Approvals approvals, ModuleCatalog catalog) : IOperation<AmendRequest.Request, Done>
{
    /// `Field` is one that the request changes. An empty value empties the field.
    public sealed record Request(Id<Approval> Approval, int Version, [Required, MaxLength(80)] string Field, [MaxLength(2000)] string? Value = null);

    public static readonly Error NoField = Error.Invalid("approval.no-field", "This request does not change this field. Choose one that it changes.");
    public static readonly Error OneRecord = Error.Invalid("approval.several-records", "This request is about several records. Refuse it, and change them yourself.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        if (await db.Table<Approval>().Find($"company_id = {db.Company} and id = {request.Approval} for update", ct) is not { } approval) return DecideApproval.Unknown;
        if (approval is not { State: ApprovalState.Waiting, Payload: { } payload }) return DecideApproval.Ended;
        if (approval.Version != request.Version) return DecideApproval.Changed;
        if (approval.Domain is null) return RebaseRequest.NotMasters;
        if ((await deciders.MayNot(approval, ct)).Why is { } why) return why;
        if (approval.Effect.Changes?.FirstOrDefault(c => c.Field == request.Field) is not { } change) return NoField;
        if (approval.Effect.Changes.Select(c => c.Subject).Distinct().Count() > 1) return OneRecord;

        var info = catalog.Find(approval.Operation)!;
        var amended = Put(payload, request.Field, request.Value);
        if (amended is null) return NoField;
        object read;
        try
        {
            read = amended.Deserialize(info.Request, KeelJson.Options)!;
        }
        catch (JsonException wrong)
        {
            return Error.Invalid("approval.value", $"This is no value for {request.Field}: {wrong.Message}", new FieldError("value", "does not fit the field."));
        }

        if (RequestShape.Check(read) is [var unfit, ..]) return Error.Invalid("approval.value", $"{request.Field} {unfit.Message}", new FieldError("value", unfit.Message));
        approvals.Decide(approval, Verdict.Changed, change.Personal ? $"{request.Field} was edited." : $"{request.Field} was edited: {change.After} → {request.Value}.");
        db.Table<Approval>().Update(RebaseRequest.Again(approval) with
        {
            Payload = JsonSerializer.SerializeToElement(read, info.Request, KeelJson.Options), Digest = Idempotency.DigestOf(info, read),
        });
        db.Raise(new ApprovalGranted(approval.Id));
        return Done.It;
    }

    /// The payload with another value for a field, which stands in the one record of the one list, or in a part of it.
    private static JsonObject? Put(JsonElement payload, string field, string? value)
    {
        var root = JsonNode.Parse(payload.GetRawText())!.AsObject();
        var record = root.Select(p => p.Value).OfType<JsonArray>().FirstOrDefault(a => a.Count == 1)?[0] as JsonObject ?? root;
        var holder = record.ContainsKey(field) ? record : Parts(record).FirstOrDefault(p => p.ContainsKey(field)) ?? (Says(record, field) ? record : null);
        if (holder is null) return null;
        holder[field] = value is not { Length: > 0 } ? null : holder[field] switch
        {
            JsonValue old when old.GetValueKind() is JsonValueKind.Number && decimal.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
            JsonValue old when old.GetValueKind() is JsonValueKind.True or JsonValueKind.False && bool.TryParse(value, out var flag) => flag,
            _ => value,
        };
        return root;
    }

    private static IEnumerable<JsonObject> Parts(JsonObject of) =>
        of.Select(p => p.Value).OfType<JsonObject>().SelectMany(o => Parts(o).Prepend(o));

    /// It changes the field to nothing, so that the field is not written.
    private static bool Says(JsonObject record, string field) => record["only"] is JsonArray only && only.Any(o => o?.GetValue<string>() == field);
}
