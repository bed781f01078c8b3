using System.CommandLine;
using Millrace.Bench;

namespace Millrace.Broker.Benchmarks;

/// <summary>
/// The embedded broker beside Apache Kafka, in one run, by the same client, the two in turn within each round:
/// <list type="number">
/// <item>starts both in each round anew, and watches them do nothing;</item>
/// <item>runs a round that does not count: the JIT compilers of both, and of the client, are busy in it, that of Kafka's JVM for some million records;</item>
/// <item>runs the rounds, the contestants in another order each time;</item>
/// <item>prints the table.</item>
/// </list>
/// Both are running all the time from 2 on; the one that is not being measured is idle. Producing has a third contestant, the <see cref="CeilingServer"/>.
/// </summary>
internal static class CompareCommand
{
    private const string Kafka = "kafka";
    private const string Strict = "strict";
    private const string Os = "os";
    private const string Ceiling = "ceiling";
    private const int ProducedRecords = 1_000_000;
    private const int ProducedUnmeasured = 4_000_000;
    private const int ConsumedRecords = 500_000;
    private const int SecondsOfLatency = 8;

    private static readonly int[] Producers = [1, 8];
    private static readonly int[] Rates = [1_000, 10_000];

    public static Command Create()
    {
        var kafkaHome = new Option<string>("--kafka-home") { HelpName = "DIR", Description = "Apache Kafka with bin/kafka-up.", DefaultValueFactory = _ => Programs.FindKafka() };
        var millrace = new Option<string>("--millrace") { HelpName = "PATH", Description = "The millrace-broker, or millrace, to measure.", DefaultValueFactory = _ => Programs.FindMillrace() };
        var directory = new Option<string>("--directory") { HelpName = "DIR", Description = "Where both keep their data meanwhile.", DefaultValueFactory = _ => Path.GetTempPath() };
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds that count.", DefaultValueFactory = _ => 3 };
        var only = new Option<string[]>("--only") { HelpName = "PART", Description = "start, idle, produce, consume or latency; may be given again." };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Where the figures of all rounds go." };
        var command = new Command("compare", "Compares millrace with Apache Kafka.") { kafkaHome, millrace, directory, rounds, only, json };
        command.SetAction(async (parsed, _) =>
        {
            var parts = parsed.GetValue(only) ?? [];
            var run = new Run(parsed.GetValue(rounds), part => parts.Length == 0 || parts.Contains(part));
            var root = Directory.CreateDirectory(Path.Combine(parsed.GetRequiredValue(directory), $"millrace-compare-{Environment.ProcessId}")).FullName;
            try
            {
                await using var ours = BrokerServer.Millrace(parsed.GetRequiredValue(millrace), Directory.CreateDirectory(Path.Combine(root, "millrace")).FullName);
                await using var theirs = await BrokerServer.KafkaAsync(parsed.GetRequiredValue(kafkaHome), Path.Combine(root, Kafka)).ConfigureAwait(false);
                await using var ceiling = BrokerServer.Ceiling(Directory.CreateDirectory(Path.Combine(root, Ceiling)).FullName);
                var results = await run.RunAsync(ours, theirs, ceiling, root).ConfigureAwait(false);
                Console.WriteLine(Machine.Describe());
                results.Print(Console.Out);
                if (parsed.GetValue(json) is { } file)
                    results.Save(file, Machine.Describe());
            }
            finally
            {
                Directory.Delete(root, recursive: true);
            }
        });
        return command;
    }

    private sealed class Run(int rounds, Func<string, bool> wants)
    {
        private readonly Results _results = new(Kafka, Ceiling);

        public async Task<Results> RunAsync(BrokerServer ours, BrokerServer theirs, BrokerServer ceiling, string root)
        {
            SetTargets();
            Contestant[] contestants =
            [
                new(Kafka, theirs, new Dictionary<string, string>()),
                new(Strict, ours, new Dictionary<string, string> { ["flush.policy"] = "strict" }),
                new(Os, ours, new Dictionary<string, string> { ["flush.policy"] = "os" }),
                .. wants("produce") ? [new Contestant(Ceiling, ceiling, new Dictionary<string, string>())] : Array.Empty<Contestant>(),
            ];

            // 1. Starts. The first one makes the topic, and does not count.
            for (var round = 0; round <= (wants("start") ? rounds : 0); round++)
                await StartAsync(ours, theirs, Path.Combine(root, "embedded"), isLast: round == (wants("start") ? rounds : 0)).ConfigureAwait(false);
            if (wants("idle"))
                await IdleAsync(ours, theirs, "after a start").ConfigureAwait(false);

            // 2. and 3.
            if (wants("produce"))
                await ceiling.StartAsync().ConfigureAwait(false);
            var filled = new Dictionary<string, string>();
            foreach (var contestant in wants("consume") ? contestants.Where(c => c.Name != Ceiling) : [])
                filled[contestant.Name] = await ConsumeMeasurement.FillAsync(contestant, ConsumedRecords).ConfigureAwait(false);
            var unmeasured = new Results(Kafka, Ceiling);
            for (var round = 0; round <= rounds; round++)
            {
                Console.Error.WriteLine(round == 0 ? "warming up" : $"round {round} of {rounds}");
                for (var i = 0; i < contestants.Length; i++)
                    await RoundAsync(contestants[(i + round) % contestants.Length], filled, round == 0 ? unmeasured : _results, root).ConfigureAwait(false);
            }

            if (wants("idle"))
                await IdleAsync(ours, theirs, "after load").ConfigureAwait(false);
            return _results;
        }

        private void SetTargets()
        {
            _results.Require("start of the process to first record, ms", Strict, Target.AtMost(1 / 20.0));
            _results.Require("StartAsync to first record, ms", Strict, Target.AtMost(1 / 20.0));
            _results.Require("idle memory after a start, MB", Strict, Target.AtMost(1 / 5.0));
            foreach (var producers in Producers)
            {
                _results.Require(ProduceName(producers), Strict, Target.AtLeast(1));
                _results.Require(ProduceName(producers), Os, Target.AtLeast(1.3));
            }

            _results.Require("consume, records/s", Strict, Target.AtLeast(1));
            _results.Require("consume, records/s", Os, Target.AtLeast(1));
            foreach (var rate in Rates)
                _results.Require(LatencyName(99, rate), Os, Target.AtMost(0.5));
        }

        private async Task StartAsync(BrokerServer ours, BrokerServer theirs, string embedded, bool isLast)
        {
            var isFirst = !Directory.Exists(embedded);
            var their = await StartMeasurement.ProcessAsync(theirs).ConfigureAwait(false);
            if (!isLast)
                await theirs.StopAsync().ConfigureAwait(false);
            var our = await StartMeasurement.ProcessAsync(ours).ConfigureAwait(false);
            if (!isLast)
                await ours.StopAsync().ConfigureAwait(false);
            var inProcess = await StartMeasurement.EmbeddedAsync(embedded).ConfigureAwait(false);
            if (isFirst)
                return;
            _results.Add("start of the process to first record, ms", Kafka, their);
            _results.Add("start of the process to first record, ms", Strict, our);
            _results.Add("StartAsync to first record, ms", Kafka, their);
            _results.Add("StartAsync to first record, ms", Strict, inProcess);
        }

        private async Task IdleAsync(BrokerServer ours, BrokerServer theirs, string when)
        {
            foreach (var (name, server) in new[] { (Kafka, theirs), (Strict, ours) })
            {
                var (megabytes, cpu) = await IdleMeasurement.RunAsync(server).ConfigureAwait(false);
                _results.Add($"idle memory {when}, MB", name, megabytes);
                _results.Add($"idle {when}, % of a core", name, cpu);
            }
        }

        private async Task RoundAsync(Contestant contestant, Dictionary<string, string> filled, Results results, string root)
        {
            foreach (var producers in wants("produce") ? Producers : [])
            {
                var records = results == _results ? ProducedRecords : ProducedUnmeasured;
                var before = contestant.Server.CpuTime;
                results.Add(ProduceName(producers), contestant.Name, await ProduceMeasurement.RunAsync(contestant, producers, records).ConfigureAwait(false));
                results.Add(ProcessorName(producers), contestant.Name, (contestant.Server.CpuTime - before).TotalMicroseconds / records);
            }

            if (contestant.Name == Ceiling)
                return;
            if (wants("consume"))
                results.Add("consume, records/s", contestant.Name, ConsumeMeasurement.Run(contestant, filled[contestant.Name], ConsumedRecords));
            foreach (var rate in wants("latency") ? Rates : [])
            {
                var (p50, p99) = await LatencyMeasurement.RunAsync(contestant, rate, SecondsOfLatency).ConfigureAwait(false);
                results.Add(LatencyName(50, rate), contestant.Name, p50);
                results.Add(LatencyName(99, rate), contestant.Name, p99);
            }

            if (!wants("latency") || contestant.Name != Strict)
                return;
            var fsync = FsyncProbe.Measure(root);
            results.Add("fsync of the disk, p50, ms", "disk", fsync.P50);
            results.Add("fsync of the disk, p99, ms", "disk", fsync.P99);
        }

        private static string ProduceName(int producers) => $"produce, {producers} producer{(producers == 1 ? "" : "s")}, records/s";

        private static string ProcessorName(int producers) => $"produce, {producers} producer{(producers == 1 ? "" : "s")}, processor time of the broker, µs a record";

        private static string LatencyName(int percentile, int rate) => $"latency at {rate}/s, p{percentile}, ms";
    }
}
