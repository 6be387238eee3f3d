using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Keel.App.Postgres;

/// The PostgreSQL that Keel makes, starts, watches and stops itself, one private cluster per data folder.
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ClusterHome home;
    private readonly SystemUser user;
    private readonly PostgresBinaries binaries;
    private readonly DatabaseOptions options;
    private readonly Postmaster postmaster;
    private readonly FileStream? held;
    private readonly CancellationTokenSource closing = new();
    private Task watching = Task.CompletedTask;
    private int port = 5432;

    private EmbeddedPostgres(ClusterHome home, SystemUser user, PostgresBinaries binaries, DatabaseOptions options, FileStream? held)
    {
        this.home = home;
        this.user = user;
        this.binaries = binaries;
        this.options = options;
        this.held = held;
        postmaster = new Postmaster(home);
    }

    /// True where this process runs the cluster; false where it only visits one that another process runs.
    public bool IsOwner => held is not null;

    public string Log => home.Log;
    public string Cluster => home.Cluster;
    public int? ServerProcess => postmaster.Living;

    public static async Task<EmbeddedPostgres> Open(string dataFolder, DatabaseOptions options, CancellationToken ct)
    {
        var servant = await SystemUser.Unprivileged(ct);
        var place = await ClusterHome.Of(dataFolder, servant, ct);
        var taken = place.TakeLock();
        if (taken is null && !options.Visit) throw new CannotRun(
            $"Keel already runs on the data folder {place.DataFolder}. Stop it with `keel down`, or name another folder with --data.");

        try
        {
            var postgres = new EmbeddedPostgres(place, servant, Usable(PostgresBinaries.Find(), servant), options, taken);
            if (taken is null) await postgres.AwaitOwner(ct);
            else await postgres.Start(ct);
            return postgres;
        }
        catch
        {
            taken?.Dispose();
            throw;
        }
    }

    public string ConnectionTo(string catalog) => new NpgsqlConnectionStringBuilder
    {
        Host = OperatingSystem.IsWindows() ? "127.0.0.1" : home.SocketFolder,
        Port = port,
        Username = "keel",
        Password = home.Password,
        Database = catalog,
        MaxPoolSize = 100,
    }.ConnectionString;

    /// Stops what this process started; a cluster that it only visited goes on.
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await watching;
        if (held is not null)
        {
            await Stop();
            if (options.Throwaway) home.Remove();
            await held.DisposeAsync();
        }

        closing.Dispose();
    }

    /// Stops a server that outlived a killed Keel.
    public static async Task StopRemains(string dataFolder, CancellationToken ct)
    {
        var servant = await SystemUser.Unprivileged(ct);
        var place = await ClusterHome.Of(dataFolder, servant, ct);
        using var taken = place.TakeLock();
        if (taken is not null) await StopRemains(place, servant, ct);
    }

    internal static async Task StopRemains(ClusterHome place, SystemUser servant, CancellationToken ct)
    {
        if (new Postmaster(place).Living is null) return;
        var left = new EmbeddedPostgres(place, servant, Usable(PostgresBinaries.Find(), servant), new DatabaseOptions(), held: null);
        ct.ThrowIfCancellationRequested();
        await left.Stop();
    }

    /// Lets go of the cluster without stopping it, as the death of this process would.
    internal void Forget()
    {
        closing.Cancel();
        held?.Dispose();
    }

    internal static PostgresBinaries Usable(PostgresBinaries found, SystemUser user)
    {
        if (user.Name is not null) return found.CopyUnder("/var/lib/keel");
        found.Link();
        return found;
    }

    private async Task Start(CancellationToken ct)
    {
        if (!home.HasCluster) await Create(ct);
        await MustMatchCluster(ct);
        if (!await Adopt(ct)) await Launch(ct);
        watching = Watch();
    }

    private async Task Create(CancellationToken ct)
    {
        var draft = home.Cluster + ".new";
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        PrivateFolder.MakeClosed(draft);
        await user.Own(draft, ct);
        var secret = Path.Combine(home.Folder, "secret");
        File.Delete(secret);
        await using (var kept = new StreamWriter(PrivateFolder.Write(secret, FileMode.CreateNew))) await kept.WriteAsync(home.Password);
        await user.Own(secret, ct);

        string[] locale = OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"] : ["--locale=C"];
        string[] provider = await binaries.Major(ct) >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
        var run = await user.Run(
            [binaries["initdb"], "-D", draft, "-U", "keel", $"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8",
                "--data-checksums", "--no-instructions", .. locale, .. provider, .. options.Fsync ? Array.Empty<string>() : ["--no-sync"]],
            ct);
        File.Delete(secret);
        run.MustSucceed("The database cannot be created");
        Directory.Move(draft, home.Cluster);
    }

    private async Task MustMatchCluster(CancellationToken ct)
    {
        var made = (await File.ReadAllTextAsync(Path.Combine(home.Cluster, "PG_VERSION"), ct)).Trim();
        var have = (await binaries.Major(ct)).ToString();
        if (made != have) throw new CannotRun(
            $"The database in {home.DataFolder} was made by PostgreSQL {made}, but {binaries.Folder} holds {have}. "
            + $"Name a folder with PostgreSQL {made} in KEEL_PG_BIN.");
    }

    /// A server that outlived a killed Keel is taken over if it runs with today's settings, and stopped otherwise.
    private async Task<bool> Adopt(CancellationToken ct)
    {
        if (postmaster.Living is null) return false;
        var same = OperatingSystem.IsLinux() && await SettingsAreCurrent(ct);
        if (same && await Answers(TimeSpan.FromSeconds(60), ct))
        {
            await using var connection = new NpgsqlConnection(Maintenance);
            await connection.OpenAsync(ct);
            await using var others = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
                connection);
            await others.ExecuteNonQueryAsync(ct);
            return true;
        }

        await Stop();
        return false;
    }

    private async Task<bool> SettingsAreCurrent(CancellationToken ct)
    {
        var file = Path.Combine(home.Cluster, "postgresql.conf");
        return File.Exists(file) && await File.ReadAllTextAsync(file, ct) == PostgresSettings.For(home, options.Fsync, port);
    }

    private async Task Launch(CancellationToken ct)
    {
        await postmaster.ClearRemains(ct);
        if (OperatingSystem.IsWindows()) port = FreePort();
        var settings = Path.Combine(home.Cluster, "postgresql.conf");
        await user.Write(settings, PostgresSettings.For(home, options.Fsync, port), ct);
        await RollLog(ct);
        var run = await user.Run(
            [binaries["pg_ctl"], "start", "-D", home.Cluster, "-l", home.Log, "-w", "-t", $"{(int)Patience.TotalSeconds}", "-s"], ct);
        if (!run.Succeeded) throw new CannotRun($"The database does not start. {run.Output.Trim()}\n{EndOfLog()}");
    }

    private async Task AwaitOwner(CancellationToken ct)
    {
        var file = Path.Combine(home.Cluster, "postmaster.pid");
        if (OperatingSystem.IsWindows() && File.Exists(file)) port = int.Parse((await File.ReadAllLinesAsync(file, ct))[3]);
        if (!await Answers(TimeSpan.FromSeconds(60), ct))
            throw new CannotRun($"Keel runs on {home.DataFolder}, but its database does not answer yet. Try again in a minute.");
    }

    private async Task<bool> Answers(TimeSpan within, CancellationToken ct)
    {
        var started = options.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Maintenance);
                await connection.OpenAsync(ct);
                return true;
            }
            catch (PostgresException refused) when (!refused.SqlState.StartsWith("57P", StringComparison.Ordinal))
            {
                throw new CannotRun($"The database refuses Keel: {refused.MessageText}", refused);
            }
            catch (NpgsqlException) when (options.Time.GetElapsedTime(started) < within)
            {
                if (IsOwner && postmaster.Living is null) return false;
                await Task.Delay(TimeSpan.FromMilliseconds(50), options.Time, ct);
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
    }

    /// Brings the server back when it was killed while Keel goes on.
    private async Task Watch()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(closing.Token))
            {
                if (postmaster.Living is not null) continue;
                options.Say("The database was gone and is started again.");
                try
                {
                    await Launch(closing.Token);
                }
                catch (CannotRun why)
                {
                    options.Say(why.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task Stop()
    {
        if (postmaster.Living is null) return;
        if (await StopBy("fast", 60) || await StopBy("immediate", 20)) return;
        postmaster.KillAll();
        await postmaster.ClearRemains(CancellationToken.None);
    }

    private async Task<bool> StopBy(string mode, int seconds) =>
        (await user.Run([binaries["pg_ctl"], "stop", "-D", home.Cluster, "-m", mode, "-w", "-t", $"{seconds}", "-s"], default)).Succeeded;

    private string Maintenance =>
        new NpgsqlConnectionStringBuilder(ConnectionTo("postgres")) { Pooling = false, Timeout = 5 }.ConnectionString;

    private async Task RollLog(CancellationToken ct)
    {
        var log = new FileInfo(home.Log);
        if (log.Exists && log.Length > 16 * 1024 * 1024) log.MoveTo(home.Log + ".before", overwrite: true);
        await using (PrivateFolder.Write(home.Log, FileMode.OpenOrCreate)) { }
        await user.Own(home.Log, ct);
    }

    private string EndOfLog() => File.Exists(home.Log) ? string.Join('\n', File.ReadLines(home.Log).TakeLast(8)) : "";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
