using System.Collections.Concurrent;

namespace Keel.Kernel;

/// Small, slow-changing facts of a company (sites, channels, tax rates, policies, posting rules), kept in memory. Each transaction reads
/// the company's stamp with its first statement; a change of settings raises the stamp in its own transaction, so nobody decides on old ones.
public sealed class SettingsCache
{
    private readonly ConcurrentDictionary<Guid, (long Stamp, ConcurrentDictionary<Type, object> Values)> companies = new();

    internal ConcurrentDictionary<Type, object> At(Id<Company> company, long stamp)
    {
        while (true)
        {
            if (companies.TryGetValue(company.Value, out var known) && known.Stamp == stamp) return known.Values;
            if (known.Values is not null && known.Stamp > stamp) return new ConcurrentDictionary<Type, object>();
            var fresh = (stamp, new ConcurrentDictionary<Type, object>());
            if (known.Values is null ? companies.TryAdd(company.Value, fresh) : companies.TryUpdate(company.Value, fresh, known)) return fresh.Item2;
        }
    }
}

/// The settings that one operation sees: all as of the stamp that its transaction read.
public sealed class Settings(KeelDb db, SettingsCache cache)
{
    private ConcurrentDictionary<Type, object>? values;

    /// The value of a kind, read by `load` where it is not in memory.
    public async Task<T> Get<T>(Func<KeelDb, CancellationToken, Task<T>> load, CancellationToken ct = default) where T : class
    {
        if (values is null) await ReadStamp(ct);
        if (values!.TryGetValue(typeof(T), out var known)) return (T)known;
        var loaded = await load(db, ct);
        return (T)values.GetOrAdd(typeof(T), loaded);
    }

    internal void QueueStamp() =>
        db.QueueQuery<long>($"select coalesce((select stamp from kernel.settings_stamp where company_id = {db.Company}), 0)", rows => values = cache.At(db.Company, rows[0]));

    /// Something changed that all companies share, such as what a product is made of: each of them reads it again.
    public static void ChangedEverywhere(KeelDb db) => db.Queue(
        $"insert into kernel.settings_stamp (company_id, stamp) select id, 1 from kernel.company order by id on conflict (company_id) do update set stamp = kernel.settings_stamp.stamp + 1");

    internal static void Raise(KeelDb db) => db.Queue(
        $"insert into kernel.settings_stamp (company_id, stamp) values ({db.Company}, 1) on conflict (company_id) do update set stamp = kernel.settings_stamp.stamp + 1");

    private async Task ReadStamp(CancellationToken ct)
    {
        await db.Flush(ct);
        if (values is not null) return;
        QueueStamp();
        await db.Flush(ct);
    }
}

/// The sites and channels of a company.
public sealed record Network(Company Company, IReadOnlyDictionary<NodeCode, Site> Sites, IReadOnlyDictionary<ChannelCode, Channel> Channels)
{
    public static Task<Network> Of(Settings settings, CancellationToken ct = default) => settings.Get(Load, ct);

    private static async Task<Network> Load(KeelDb db, CancellationToken ct)
    {
        var company = await db.Table<Company>().Find($"id = {db.Company}", ct) ?? throw new InvariantBroken($"There is no company {db.Company}.");
        var sites = await db.Table<Site>().Where($"company_id = {db.Company} order by code", ct);
        var channels = await db.Table<Channel>().Where($"company_id = {db.Company} order by code", ct);
        return new Network(company, sites.ToDictionary(s => s.Code), channels.ToDictionary(c => c.Code));
    }

    /// The business day of an instant at a node, in the node's own zone; the company's zone where the node is none of ours.
    public DateOnly DayAt(NodeCode node, DateTimeOffset instant) =>
        DateOnly.FromDateTime(LocalAt(node, instant));

    public DateTime LocalAt(NodeCode node, DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, Zones.Of(Sites.TryGetValue(node, out var site) ? site.Zone : Company.Zone)).DateTime;

    /// The instant at which clocks of the company show a time; an hour later where that day's clocks skip it.
    public DateTimeOffset InstantOf(DateOnly day, TimeOnly time) => Zones.InstantOf(day.ToDateTime(time), Zones.Of(Company.Zone));

    /// An instant as the clocks of the company show it, for sentences that are written down: 2026-11-20 16:00.
    public string Told(DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, Zones.Of(Company.Zone)).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// The business day of an instant in the company's zone.
    public DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zones.Of(Company.Zone)).DateTime);
}

/// Time zones by IANA name, found once.
public static class Zones
{
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Known = new();

    public static TimeZoneInfo Of(string name) => Known.GetOrAdd(name, TimeZoneInfo.FindSystemTimeZoneById);

    /// The instant at which clocks of a zone show a time; an hour later where that day's clocks skip it.
    public static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
