using Keel.App;
using Keel.App.Keeping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Keel.Tests.Running;

/// Copies that Keel makes of itself, and their trials.
public class CopyTests
{
    [Fact, Feature("OP-07")]
    public async Task A_copy_is_asked_for_written_tried_and_its_books_tie()
    {
        using var folder = new DataFolder("copied");
        await using var database = await folder.Open();
        await using var source = Composition.DataSource(database.ConnectionString);
        await using var services = new ServiceCollection().AddHouseServices(source).BuildServiceProvider();
        await services.GetRequiredService<Migrator>().Run(default);
        var gate = services.GetRequiredService<Gate>();
        var copies = Path.Combine(folder.Root, "backups");
        var keeper = new CopyKeeper(new CopyPlace(database, copies), source, services.GetRequiredService<IServiceScopeFactory>(), gate, TimeProvider.System, NullLogger<CopyKeeper>.Instance);
        var somebody = new Caller(Actor.Keel, Door.Cli, default);

        (await gate.Run<TryCopy, TryCopy.Request, Id<Copy>>(new(), somebody)).Error.ShouldBe(TryCopy.None);
        (await gate.Run<BackUp, BackUp.Request, Id<Copy>>(new(), somebody)).Ok.ShouldBeTrue();
        (await gate.Run<BackUp, BackUp.Request, Id<Copy>>(new(), somebody)).Error.ShouldBe(BackUp.Waits);
        await keeper.Look(default);
        (await database.Ask("select state || ' ' || (bytes > 100000) from access.copy")).ShouldBe("Done true");
        Directory.GetFiles(copies, "*.tgz").Length.ShouldBe(1);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Directory.GetFiles(copies)[0]).HasFlag(UnixFileMode.OtherRead).ShouldBeFalse("a copy holds everything");

        (await gate.Run<TryCopy, TryCopy.Request, Id<Copy>>(new(), somebody)).Ok.ShouldBeTrue();
        await keeper.Look(default);
        var drill = (string)(await database.Ask("select state || ': ' || outcome from access.copy where kind = 'Drill'"))!;
        drill.ShouldStartWith("Done: ");
        drill.ShouldContain("checks of the books tie");
        Directory.Exists(Path.Combine(copies, "drill")).ShouldBeFalse("the trial leaves nothing");

        await database.Run("update access.copy set counts = '{\"orders\":7,\"moves\":0,\"entries\":0,\"operations\":0}' where kind = 'Backup'");
        (await gate.Run<TryCopy, TryCopy.Request, Id<Copy>>(new(), somebody)).Ok.ShouldBeTrue();
        await keeper.Look(default);
        ((string)(await database.Ask("select state || ': ' || outcome from access.copy where kind = 'Drill' order by asked_at desc limit 1"))!).ShouldStartWith("Failed: ");

        await database.Run("update access.copy set state = 'Running', ended_at = null where kind = 'Backup'");
        var after = new CopyKeeper(new CopyPlace(database, copies), source, services.GetRequiredService<IServiceScopeFactory>(), gate, TimeProvider.System, NullLogger<CopyKeeper>.Instance);
        await after.Look(default);
        (await database.Ask("select state || ' ' || outcome from access.copy where kind = 'Backup'")).ShouldBe("Failed Keel was stopped meanwhile.");
    }
}
