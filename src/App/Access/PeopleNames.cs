using Keel.Ui;

namespace Keel.App.Access;

/// Who works in the company, by name, for whoever has to choose a person.
internal sealed class PeopleNames(KeelDb db)
{
    private const int Most = 2_000;

    public async Task<IReadOnlyList<Option>> Load(CancellationToken ct = default) =>
        [.. (await db.Query<Row>(
            $"select id, name from access.person where not disabled and (companies is null or {db.Company.Value} = any(companies)) order by name, id limit {Most}", ct))
            .Select(p => new Option(p.Id.ToString(), p.Name))];

    private sealed record Row(Guid Id, string Name);
}
