using Keel.App.Access;

namespace Keel.App.Keeping;

/// Asks for a copy of everything. It is written in the background; one is enough at a time.
[Operation("access.back-up", AccessPermissions.Copies, Global = true, Said = "wrote a backup", Icon = "file")]
internal sealed class BackUp(KeelDb db) : IOperation<BackUp.Request, Id<Copy>>
{
    public sealed record Request;

    public static readonly Error Waits = new("copy.waits", "A copy or a trial is asked for already. Wait until it has ended.");

    public async Task<Result<Id<Copy>>> Run(Request request, CancellationToken ct)
    {
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('access.copy', 0))) l", _ => { });
        if ((await db.Table<Copy>().Where($"state in ('Asked', 'Running')", ct)).Count > 0) return Waits;
        var copy = new Copy(db.NewId<Copy>(), CopyKind.Backup, CopyState.Asked, db.Work.Actor.Name, db.Now, null, null, null, null, null, null, null);
        db.Table<Copy>().Insert(copy);
        return copy.Id;
    }
}

/// Asks to put the newest copy back beside the living data, to prove its books and to count what it holds, and to throw it away.
[Operation("access.try-copy", AccessPermissions.Copies, Global = true, Title = "Restore drill", Said = "tried a backup", Icon = "check")]
internal sealed class TryCopy(KeelDb db) : IOperation<TryCopy.Request, Id<Copy>>
{
    public sealed record Request;

    public static readonly Error None = new("copy.none", "There is no copy yet. Back up first, then try it.");

    public async Task<Result<Id<Copy>>> Run(Request request, CancellationToken ct)
    {
        db.QueueQuery<int>($"select 1 from (select pg_advisory_xact_lock(hashtextextended('access.copy', 0))) l", _ => { });
        if ((await db.Table<Copy>().Where($"state in ('Asked', 'Running')", ct)).Count > 0) return BackUp.Waits;
        if (await db.Table<Copy>().Find($"kind = 'Backup' and state = 'Done' and file is not null order by ended_at desc limit 1", ct) is not { } newest) return None;
        var drill = new Copy(db.NewId<Copy>(), CopyKind.Drill, CopyState.Asked, db.Work.Actor.Name, db.Now, null, null, null, null, newest.Id, null, null);
        db.Table<Copy>().Insert(drill);
        return drill.Id;
    }
}
