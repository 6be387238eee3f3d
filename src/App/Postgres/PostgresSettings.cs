using System.Globalization;

namespace Keel.App.Postgres;

/// The settings of the private cluster, sized for the machine. They are written anew at each start, so this file is what holds.
internal static class PostgresSettings
{
    private const long Megabyte = 1024 * 1024;

    public static string For(ClusterHome home, bool fsync, int port)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Megabyte;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = OperatingSystem.IsWindows() ? "127.0.0.1" : "",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = OperatingSystem.IsWindows() ? "" : $"\"{home.SocketFolder}\"",
            ["unix_socket_permissions"] = "0700",
            ["max_connections"] = "200",
            ["password_encryption"] = "scram-sha-256",

            ["shared_buffers"] = Megabytes(Math.Clamp(memory / 8, 64, 2048)),
            ["effective_cache_size"] = Megabytes(Math.Max(memory / 2, 256)),
            ["maintenance_work_mem"] = Megabytes(Math.Clamp(memory / 64, 64, 512)),
            ["work_mem"] = "16MB",
            ["max_locks_per_transaction"] = "256",

            ["fsync"] = fsync ? "on" : "off",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = fsync ? "on" : "off",
            ["wal_level"] = "replica",
            ["wal_compression"] = "on",
            ["wal_buffers"] = "16MB",
            ["min_wal_size"] = "256MB",
            ["max_wal_size"] = "4GB",
            ["checkpoint_timeout"] = "15min",

            ["jit"] = "off",
            ["random_page_cost"] = "1.1",
            ["effective_io_concurrency"] = OperatingSystem.IsLinux() ? "64" : "0",

            // Counters and open-order rows change all day: clean small and often rather than late and long.
            ["autovacuum_naptime"] = "15s",
            ["autovacuum_vacuum_scale_factor"] = "0.05",
            ["autovacuum_analyze_scale_factor"] = "0.02",
            ["autovacuum_vacuum_cost_limit"] = "2000",

            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["datestyle"] = "iso, ymd",
            ["lc_messages"] = "C",
            ["log_line_prefix"] = "%m [%p] ",
            ["log_checkpoints"] = "off",
            ["log_autovacuum_min_duration"] = "-1",
            ["update_process_title"] = "off",
        };
        return string.Concat(settings.Select(setting => $"{setting.Key} = '{setting.Value.Replace("'", "''")}'\n"));
    }

    private static string Megabytes(long megabytes) => $"{megabytes.ToString(CultureInfo.InvariantCulture)}MB";
}
