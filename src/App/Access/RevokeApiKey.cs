namespace Keel.App.Access;

/// Ends a key: at once here, within seconds on other nodes.
[Operation("access.revoke-api-key", AccessPermissions.Keys, Global = true, Title = "Revoke API key", Said = "revoked the API key", Icon = "x")]
internal sealed class RevokeApiKey(KeelDb db) : IOperation<RevokeApiKey.Request, Done>
{
    public sealed record Request(Guid Key);

    public static readonly Error Unknown = Error.NotFound("access.key-unknown", "There is no key in use with this id.");

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var own = db.Work.Actor.Companies?.ToArray();
        var ended = await db.Query<string>(
            $"""
            update access.api_key set revoked_at = {db.Now}, revoked_by = {db.Work.Actor.Name}
            where id = {request.Key} and revoked_at is null and ({own is null} or company_id = any({own ?? []})) returning prefix
            """, ct);
        if (ended.Count == 0) return Unknown;
        db.Work.Concerns(ended[0]);
        return Done.It;
    }
}
