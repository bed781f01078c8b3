using System.Collections.Concurrent;
using Millrace.Chaos.Plan;
using Npgsql;

namespace Millrace.Chaos.Tests;

/// <summary>Runs the harness in a temporary directory, which stays when something differs.</summary>
internal static class RunningChaos
{
    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "millrace");

    public static async Task<ChaosReport> RunAsync(
        TimeSpan duration, int seed, IReadOnlyList<FaultKind> faults, KafkaKind kafka = KafkaKind.Embedded, string? kafkaHome = null, string? sabotage = null)
    {
        var directory = Directory.CreateTempSubdirectory("millrace-chaos-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101); // a server under another account must reach its part
        }

        var options = new ChaosOptions
        {
            Program = Program,
            Directory = directory,
            Duration = duration,
            Seed = seed,
            Faults = faults,
            Kafka = kafka,
            KafkaHome = kafkaHome,

            // What is broken inside the database is broken for one consumer as for three, and one starts sooner.
            Consumers = sabotage is null ? 3 : 1,
            Prepared = sabotage is null ? null : connectionString => ExecuteAsync(connectionString, sabotage),
        };
        var lines = new ConcurrentQueue<string>();
        var report = await new ChaosRun(options, lines.Enqueue, lines.Enqueue).RunAsync(TestContext.Current.CancellationToken);
        foreach (var line in lines.Concat(report.Verdict.Details()).Append($"{report.Verdict}"))
        {
            TestContext.Current.TestOutputHelper!.WriteLine(line);
        }

        if (report.Verdict.IsGood || sabotage is not null)
        {
            Directory.Delete(directory, recursive: true);
        }
        else
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"everything is still in {directory}");
        }

        return report;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
