using Keel.App.Access;
using Keel.App.Keeping;
using Npgsql;
using Quartz;

namespace Keel.App.Jobs;

/// Everything that happens by itself: the jobs of the modules at their intervals, letters out of the outbox, uses of API keys.
internal static class BackgroundWork
{
    /// What runs more often than this is not worth a row in the scheduler's tables each time.
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);

    public static void AddBackgroundWork(this IServiceCollection services, ModuleCatalog catalog)
    {
        var jobs = catalog.Jobs.ToArray();
        services.AddSingleton<System.Data.Common.DbDataSource>(s => s.GetRequiredService<NpgsqlDataSource>());
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler => (scheduler.InstanceName, scheduler.GenerateInstanceId) = ("keel", true));
            quartz.UseDefaultThreadPool(2);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(source => source.DataSourceFactory = static s => s.GetRequiredService<NpgsqlDataSource>());
                store.ConfigureStore(options => (options.TablePrefix, options.SchemaProvisioning) = ("quartz.", SchemaProvisioning.None));
                store.UseSystemTextJsonSerializer();
                store.UseClustering(cluster => cluster.CheckinInterval = TimeSpan.FromSeconds(15));
            });
            foreach (var job in jobs.Where(j => j.Every >= Often))
            {
                quartz.AddJob<ScheduledJob>(of => of.WithIdentity(job.Name).DisallowConcurrentExecution().StoreDurably());
                quartz.AddTrigger<ScheduledJob>(trigger => trigger
                    .ForJob(job.Name).WithIdentity(job.Name)
                    .WithSchedule(SimpleScheduleBuilder.Create().WithInterval(job.Every).RepeatForever()
                        .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithRemainingCount)));
            }
        });
        services.AddQuartzHostedService(hosted => (hosted.WaitForJobsToComplete, hosted.AwaitApplicationStarted) = (true, true));
        foreach (var job in jobs.Where(j => j.Every < Often))
        {
            services.AddSingleton<IHostedService>(s => Loop(s, job.Name, job.Every, stop => s.GetRequiredService<JobRunner>().Run(job, stop)));
        }

        var moment = TimeSpan.FromMilliseconds(300);
        services.AddSingleton<IHostedService>(s => Loop(s, "outbox", moment, stop => s.GetRequiredService<Heartbeats>().Around(
            "deliver-outbox", moment, () => s.GetRequiredService<OutboxDispatcher>().Drain(stop), stop)));
        services.AddSingleton<IHostedService>(s => Loop(s, "api-keys", TimeSpan.FromSeconds(10), stop => s.GetRequiredService<ApiKeys>().WriteUses(stop)));
    }

    /// Copies of everything, where the place for them is known.
    public static void AddCopies(this IServiceCollection services, CopyPlace place)
    {
        var pause = TimeSpan.FromSeconds(3);
        services.AddSingleton(place);
        services.AddSingleton<CopyKeeper>();
        services.AddSingleton<IHostedService>(s => Loop(s, "copies", pause, stop => s.GetRequiredService<Heartbeats>().Around(
            "keep-copies", pause, () => s.GetRequiredService<CopyKeeper>().Look(stop), stop)));
    }

    private static Endless Loop(IServiceProvider services, string name, TimeSpan pause, Func<CancellationToken, Task> work) =>
        new(name, pause, work, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<Endless>>());
}

/// A job of a module as the scheduler sees it: the name is the job's.
internal sealed class ScheduledJob(JobRunner runner, ModuleCatalog catalog) : Quartz.IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var name = context.JobDetail.Key.Name;
        if (catalog.Jobs.FirstOrDefault(j => j.Name == name) is { } job) await runner.Run(job, cancellationToken);
    }
}

/// Does the same thing for ever, with a pause in between; while the database is away it waits.
internal sealed class Endless(string name, TimeSpan pause, Func<CancellationToken, Task> work, TimeProvider clock, ILogger<Endless> log) : BackgroundService
{
    private static readonly TimeSpan WhileAway = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasAway = false;
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work(stoppingToken);
                wasAway = false;
                await Task.Delay(pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is NpgsqlException or TimeoutException or IOException)
            {
                if (!wasAway) log.LogWarning("{Name} waits for the database: {Reason}", name, broken.Message);
                wasAway = true;
                await Task.Delay(WhileAway, clock, CancellationToken.None);
            }
            catch (Exception broken)
            {
                log.LogError(broken, "{Name} broke and goes on", name);
                await Task.Delay(WhileAway, clock, CancellationToken.None);
            }
        }
    }
}
