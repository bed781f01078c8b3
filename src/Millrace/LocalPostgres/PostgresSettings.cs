using System.Globalization;
using System.Text;

namespace Millrace.LocalPostgres;

/// <summary>One line of the server's configuration and why it is there.</summary>
internal sealed record PostgresSetting(string Name, string Value, string Reason);

/// <summary>
/// The settings of a local server: durable, on one disk shared with the broker, for tables that only grow.
/// They are written to <c>millrace.conf</c> in the cluster at each start; <c>ALTER SYSTEM</c> wins over them.
/// </summary>
internal static class PostgresSettings
{
    private const long MiB = 1024 * 1024;

    public static IReadOnlyList<PostgresSetting> For(long memoryBytes, bool lz4) =>
    [
        new("fsync", "on", "An answered commit survives a power cut."),
        new("synchronous_commit", "on", "The pipeline moves an offset with its rows: both must be on disk when the commit returns."),
        new("full_page_writes", "on", "A page torn by a crash can be repaired."),

        new("shared_buffers", Megabytes(memoryBytes / 8, 128, 1024), "The pages that inserts touch (the unique index above all) stay in memory; the rest is left to the file cache."),
        new("effective_cache_size", Megabytes(memoryBytes / 2, 512, 65536), "What the planner may expect to find in memory."),
        new("work_mem", "16MB", "A GROUP BY over the events of an hour sorts in memory."),
        new("maintenance_work_mem", "128MB", "Indexes of migrations are built in one pass."),
        new("max_connections", "60", "One for each lane and a handful for consoles, flows and psql."),

        new("wal_level", "minimal", "There is no replica and no archive to feed, so the least is written."),
        new("max_wal_senders", "0", "wal_level=minimal asks for it."),
        new("wal_buffers", "16MB", "Batches of 10,000 rows from three lanes fit without a write before its commit."),
        new("wal_compression", lz4 ? "lz4" : "off", "Full pages after a checkpoint are most of the log; lz4 shrinks them for next to no time, other methods cost more than they save."),
        new("max_wal_size", "2GB", "Checkpoints come by time, not by volume, at 10,000 events a second."),
        new("min_wal_size", "512MB", "Segments are used again instead of made anew, which saves a fsync of a new file under load."),
        new("checkpoint_timeout", "10min", "Fewer checkpoints, fewer full pages; recovery still takes seconds."),
        new("checkpoint_completion_target", "0.9", "A checkpoint is spread out, so that it does not hold up the commits' fsyncs."),

        new("autovacuum_vacuum_insert_threshold", "100000", "Tables that only grow are visited too,"),
        new("autovacuum_vacuum_insert_scale_factor", "0.05", "early and in small steps: counts use the visibility map, and freezing never comes as one big wave."),
        new("autovacuum_analyze_scale_factor", "0.05", "The planner knows today's events, not last week's."),
        new("autovacuum_max_workers", "2", "Two big tables; more workers would only take the disk from the commits."),

        new("jit", "off", "Compiling takes longer than the short queries that run here."),
        new("random_page_cost", "1.1", "Disks have no arm to move any more."),
        new("timezone", "UTC", "Times are UTC everywhere in Millrace."),
        new("log_timezone", "UTC", "The log agrees with the tables."),

        new("logging_collector", "off", "The log is the standard error, which Millrace keeps in postgres.log and trims."),
        new("log_line_prefix", "%m [%p] %u@%d ", "When, which process, who."),
        new("log_min_duration_statement", "1s", "A statement that takes a second is worth a line."),
        new("log_lock_waits", "on", "So is one that waits for another."),
        new("log_parameter_max_length", "0", "Events are the user's data and do not belong into a log,"),
        new("log_parameter_max_length_on_error", "0", "not even in an error."),
    ];

    /// <summary>The file as the server reads it, each line below its reason.</summary>
    public static string Render(IEnumerable<PostgresSetting> settings, IEnumerable<KeyValuePair<string, string>> overrides)
    {
        var text = new StringBuilder("# Written by millrace at each start. Use ALTER SYSTEM for settings of your own: they win.\n");
        foreach (PostgresSetting setting in settings)
            text.Append(CultureInfo.InvariantCulture, $"\n# {setting.Reason}\n{setting.Name} = {Quote(setting.Value)}\n");
        foreach ((string name, string value) in overrides)
            text.Append(CultureInfo.InvariantCulture, $"\n{name} = {Quote(value)}\n");
        return text.ToString();
    }

    private static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Megabytes(long bytes, long least, long most) => $"{Math.Clamp(bytes / MiB, least, most)}MB";
}
