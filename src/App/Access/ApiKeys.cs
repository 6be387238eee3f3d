using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Npgsql;

namespace Keel.App.Access;

/// The keys that were shown lately, kept in memory for a few seconds: a request costs a look-up and a digest, not a question to the database.
internal sealed class ApiKeys(NpgsqlDataSource source, TimeProvider clock) : IAsyncDisposable
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Prefix, int Rate), TokenBucketRateLimiter> limiters = new();

    public static readonly Error Unknown = new("access.key-refused", "This API key is unknown, revoked or expired. Make a new one in Settings, API keys.", Refusal.Forbidden);
    public static readonly Error Elsewhere = new("access.key-elsewhere", "This API key is not used from this address. Ask whoever made it which addresses it is for.", Refusal.Forbidden);
    public static readonly Error TooFast = new("access.too-fast", "This API key is asked to do more per second than it may. Wait a second and try again.");

    /// What a key opens: its actor, and the company that it is for.
    public async ValueTask<Result<Visitor>> Admit(string key, IPAddress? from, CancellationToken ct)
    {
        if (ApiKey.PrefixOf(key) is not { } prefix) return Unknown;
        if (!known.TryGetValue(prefix, out var entry) || clock.GetElapsedTime(entry.ReadAt) > Fresh) entry = await Read(prefix, entry, ct);
        if (entry.Row is not { } row || !CryptographicOperations.FixedTimeEquals(ApiKey.DigestOf(key), row.Digest)) return Unknown;
        if (row.RevokedAt is not null || row.ExpiresAt <= clock.GetUtcNow()) return Unknown;
        if (!row.MayFrom(from)) return Elsewhere;
        if (entry.Limiter is { } limiter)
        {
            using var lease = limiter.AttemptAcquire();
            if (!lease.IsAcquired) return TooFast;
        }

        entry.LastAddress = from?.ToString();
        Interlocked.Increment(ref entry.Uses);
        return entry.Visitor!;
    }

    /// Reads all keys again at their next use: something about them was changed.
    public void Forget()
    {
        foreach (var entry in known.Values) entry.ReadAt = long.MinValue / 2;
    }

    /// Writes down which keys were used, and how often, since the last time.
    public async Task WriteUses(CancellationToken ct)
    {
        var used = known.Values.Where(k => k.Row is not null && Volatile.Read(ref k.Uses) > 0).Select(k => (k.Row!.Id, k.LastAddress, Uses: Interlocked.Exchange(ref k.Uses, 0))).ToArray();
        if (used.Length == 0) return;
        await using var command = source.CreateCommand(
            "update access.api_key k set uses = k.uses + u.uses, last_used_at = $3, last_address = coalesce(u.address, k.last_address) from unnest($1::uuid[], $2::bigint[], $4::text[]) as u(id, uses, address) where k.id = u.id");
        command.Parameters.Add(new NpgsqlParameter { Value = used.Select(u => u.Id).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = used.Select(u => u.Uses).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = used.Select(u => u.LastAddress).ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var limiter in limiters.Values) await limiter.DisposeAsync();
    }

    private async Task<Known> Read(string prefix, Known? before, CancellationToken ct)
    {
        var row = await Find("prefix", prefix, ct);
        if (known.Count > MostRemembered) known.Clear();
        var entry = new Known(row, clock.GetTimestamp()) { Uses = before is null ? 0 : Interlocked.Exchange(ref before.Uses, 0) };
        if (row is not null)
        {
            entry.Visitor = new Visitor(ActorOf(row)) { Company = row.CompanyId };
            // One bucket per key and rate, whoever reads the key first or again.
            entry.Limiter = row.PerSecond is { } rate ? limiters.GetOrAdd((prefix, rate), static key => Limit(key.Rate)) : null;
        }

        return known[prefix] = entry;
    }

    /// The actor of a key that is neither revoked nor expired.
    internal async ValueTask<Actor?> ActorOf(Guid id, CancellationToken ct) =>
        await Find("id", id, ct) is { RevokedAt: null } key && !(key.ExpiresAt <= clock.GetUtcNow()) ? ActorOf(key) : null;

    private static Actor ActorOf(ApiKey row) => new(ActorKind.ApiKey, row.Id, row.Name)
    {
        Permissions = row.Permissions.ToFrozenSet(StringComparer.Ordinal), Companies = row.CompanyId is { } company ? FrozenSet.Create([company.Value]) : null,
        Nodes = row.Nodes?.ToFrozenSet(StringComparer.Ordinal), Channels = row.Channels?.ToFrozenSet(StringComparer.Ordinal),
    };

    private async Task<ApiKey?> Find(string column, object value, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"select id, name, prefix, digest, company_id, permissions, per_second, expires_at, created_by, created_at, revoked_at, addresses, nodes, channels from access.api_key where {column} = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        string[]? Texts(int at) => reader.IsDBNull(at) ? null : reader.GetFieldValue<string[]>(at);
        DateTimeOffset? Instant(int at) => reader.IsDBNull(at) ? null : reader.GetFieldValue<DateTimeOffset>(at);
        return new ApiKey(
            reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3),
            reader.IsDBNull(4) ? null : new Id<Company>(reader.GetGuid(4)), reader.GetFieldValue<string[]>(5),
            reader.IsDBNull(6) ? null : reader.GetInt32(6), Instant(7), reader.GetString(8), reader.GetFieldValue<DateTimeOffset>(9), Instant(10), Texts(11), Texts(12), Texts(13));
    }

    private static TokenBucketRateLimiter Limit(int perSecond) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true,
    });

    private sealed class Known(ApiKey? row, long readAt)
    {
        public long Uses;
        public long ReadAt = readAt;
        public ApiKey? Row => row;
        public string? LastAddress { get; set; }
        public Visitor? Visitor { get; set; }
        public RateLimiter? Limiter { get; set; }
    }
}
