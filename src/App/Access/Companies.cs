using Npgsql;

namespace Keel.App.Access;

/// All companies of the house, read again every few seconds: what a door needs to know of them for each request.
internal sealed class Companies(NpgsqlDataSource source, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private Known known = new([], long.MinValue / 2);

    public static readonly Error Unknown = Error.NotFound("company.unknown", "There is no company of this code that you may act for.");
    public static readonly Error NotNamed = Error.Invalid(
        "company.not-named", "Say for which company: with the header Keel-Company and its code, or with a key that is for one company.");

    /// The companies that somebody may act for, by code.
    public async ValueTask<IReadOnlyList<Company>> Of(Actor actor, CancellationToken ct)
    {
        var all = await All(ct);
        return actor.Companies is null ? all : [.. all.Where(c => actor.MayIn(c.Id))];
    }

    /// The company that a request is for: the named one, else the visitor's, else the only one there is.
    public async ValueTask<Result<Company?>> Choose(Visitor visitor, string? code, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(code) && visitor.Company is { } own)
            return Array.Find(await All(ct), c => c.Id == own) ?? Array.Find(await Read(ct), c => c.Id == own);
        if (string.IsNullOrEmpty(code))
        {
            var mine = await Of(visitor.Actor, ct);
            return mine.Count == 1 ? mine[0] : (Company?)null;
        }

        var found = Array.Find(await All(ct), c => c.Code == code) ?? Array.Find(await Read(ct), c => c.Code == code);
        return found is not null && visitor.Actor.MayIn(found.Id) ? found : Unknown;
    }

    private ValueTask<Company[]> All(CancellationToken ct)
    {
        var now = known;
        return now.List.Length > 0 && clock.GetElapsedTime(now.ReadAt) < Fresh ? new(now.List) : new(Read(ct));
    }

    private async Task<Company[]> Read(CancellationToken ct)
    {
        await using var command = source.CreateCommand("select id, code, name, country, currency, zone from kernel.company order by code");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var list = new List<Company>();
        while (await reader.ReadAsync(ct))
        {
            list.Add(new Company(
                new Id<Company>(reader.GetGuid(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3), Currency.Of(reader.GetString(4)), reader.GetString(5)));
        }

        known = new Known([.. list], clock.GetTimestamp());
        return known.List;
    }

    private sealed record Known(Company[] List, long ReadAt);
}
