using System.ComponentModel.DataAnnotations;
using Keel.Messages.Contract;
using Keel.Ui;
using Microsoft.Extensions.DependencyInjection;

namespace Keel.Messages;

/// Somebody wants to hear of what happens to a record.
[Rows("messages.watch", "company_id", "subject_id", "person_id")]
internal sealed record Watch(Id<Company> CompanyId, DocumentRef Subject, Guid PersonId, string Person, DateTimeOffset Since);

/// Begins to watch a record: whoever does is told what others do to it.
[Operation("messages.watch-record", MessagesPermissions.Write, ChangesSettings = true, Said = "began to watch", Icon = "bell")]
internal sealed class WatchRecord(KeelDb db, RecordBook records) : IOperation<WatchRecord.Request, Done>
{
    public sealed record Request([Required, MaxLength(40)] string Kind, Guid Id, [MaxLength(80)] string? Number = null);

    public async Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        var record = await records.Find(db, request.Kind, request.Id, request.Number, ct);
        if (!record.Ok) return record.Error!;
        db.Table<Watch>().InsertMissing([new Watch(db.Company, record.Value, db.Work.Actor.Id, db.Work.Actor.Name, db.Now)]);
        db.Work.Concerns(record.Value.Number);
        return Done.It;
    }
}

/// Stops watching a record.
[Operation("messages.unwatch-record", MessagesPermissions.Write, ChangesSettings = true, Said = "stopped watching", Icon = "bell")]
internal sealed class UnwatchRecord(KeelDb db) : IOperation<UnwatchRecord.Request, Done>
{
    public sealed record Request(Guid Id);

    public Task<Result<Done>> Run(Request request, CancellationToken ct)
    {
        db.Queue($"delete from messages.watch where company_id = {db.Company} and subject_id = {request.Id} and person_id = {db.Work.Actor.Id}");
        return Task.FromResult<Result<Done>>(Done.It);
    }
}

/// Who watches what in a company, kept in memory: every operation asks whether somebody cares.
internal sealed class Watchers(IEnumerable<Watch> all)
{
    public const int Most = 20_000;
    private readonly ILookup<string, Watch> byNumber = all.ToLookup(w => w.Subject.Number, StringComparer.Ordinal);

    public IEnumerable<Watch> Of(string number) => byNumber[number];

    public static Task<Watchers> In(Settings settings, CancellationToken ct) => settings.Get(
        static async (db, token) => new Watchers(await db.Table<Watch>().Where($"company_id = {db.Company} order by since desc limit {Most}", token)), ct);
}

/// Tells those who watch a record what an operation of somebody else has done to it, in that operation's own transaction.
internal sealed class TellWatchers(KeelDb db, Settings settings, IServiceProvider services) : IAfterOperation
{
    public async Task Look(OperationInfo operation, CancellationToken ct)
    {
        if (db.Work.Named.Count == 0 || db.Company.IsEmpty || operation.ChangesSettings) return;
        var watchers = await Watchers.In(settings, ct);
        // Hardly any operation is watched: what tells people is made only where one is.
        foreach (var record in db.Work.Named.Distinct(StringComparer.Ordinal).SelectMany(watchers.Of).Where(w => w.PersonId != db.Work.Actor.Id).GroupBy(w =>
            w.Subject).ToArray())
        {
            var (actors, records) = (services.GetRequiredService<IActors>(), services.GetRequiredService<RecordBook>());
            var who = (await actors.People(db.Company, ct)).Where(p => record.Any(w => w.PersonId == p.Id)
                && records.Seen(p.May).Contains(record.Key.Kind)).ToArray();
            await services.GetRequiredService<NoticeDesk>().Tell(NoticeKinds.Watched, record.Key, $"{db.Work.Actor.Name} {OperationWords.Story(operation, operation.Name)}", who, ct);
        }
    }
}
