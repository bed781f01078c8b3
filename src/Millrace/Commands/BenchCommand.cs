using System.CommandLine;
using Microsoft.Extensions.Logging;
using Millrace.Bench;
using Millrace.Broker;
using Millrace.LocalPostgres;
using Millrace.Pipeline;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Measures this machine: the drain beside a bare COPY, and latency from send to commit.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var events = new Option<int>("--events") { HelpName = "N", Description = "Events that are drained in each round.", DefaultValueFactory = _ => 500_000 };
        var rounds = new Option<int>("--rounds") { HelpName = "N", Description = "Rounds of drain and COPY; medians are shown.", DefaultValueFactory = _ => 3 };
        var rates = new Option<int[]>("--rates")
        {
            HelpName = "N",
            Description = "Events a second of the latency runs.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [2000, 10_000],
        };
        var seconds = new Option<int>("--seconds") { HelpName = "N", Description = "Length of each latency run.", DefaultValueFactory = _ => 20 };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the figures to a file too, as JSON." };
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "The directory to work in: the disk under it is what is measured. [default: .millrace-bench-…, deleted at the end]" };
        var kafka = new Option<string?>("--kafka") { HelpName = "HOST:PORT", Description = "Measure with this Kafka cluster instead of an embedded broker." };
        var postgres = new Option<string?>("--postgres") { HelpName = "CONNSTR", Description = "Measure with this PostgreSQL server, in a database made for it, instead of a local one." };
        Option<OutputFormat> format = FormatOption.Create("text, or json: the document that --json writes");
        foreach (Option<int> number in (Option<int>[])[events, rounds, seconds])
            number.Check(value => value >= 1, $"{number.Name} is a number from 1.");
        rates.Check(values => values.All(rate => rate >= 1), "--rates are numbers from 1, with a space between them.");

        var command = new ExampleCommand(
            "bench",
            "Measures this machine, beside a running instance or without one: the drain of a full topic against a bare COPY of the same rows, and latency from send to commit.",
            "millrace bench",
            "millrace bench --events 1000000 --rounds 5 --json figures.json",
            "millrace bench --kafka localhost:9092 --postgres \"Host=localhost;Username=postgres\"")
        {
            events, rounds, rates, seconds, json, data, kafka, postgres, format,
        };
        command.SetAction(async (parsed, _) =>
        {
            var options = new BenchOptions(
                parsed.GetValue(events),
                parsed.GetValue(rounds),
                parsed.GetValue(rates)!,
                parsed.GetValue(seconds),
                parsed.GetValue(kafka),
                parsed.GetValue(postgres),
                parsed.GetValue(data));
            using var signals = new ShutdownSignals(() => { });
            BenchReport report = await MeasureAsync(options, signals.Requested);
            if (parsed.GetValue(json) is { } file)
            {
                await File.WriteAllTextAsync(file, report.ToJson() + "\n", CancellationToken.None);
            }

            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                await output.WriteLineAsync(report.ToJson());
            }
            else
            {
                BenchText.Write(output, report);
            }

            // A figure that cost an event is no figure: a script must notice.
            return report.Latency.Any(run => run.Lost > 0 || run.Doubled > 0) ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    private static async Task<BenchReport> MeasureAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var screen = new Screen();
        using ILoggerFactory loggers = ScreenLogging.Create(screen, LogLevel.Warning);
        try
        {
            await using BenchServers servers = await BenchServers.StartAsync(options, loggers, cancellationToken);
            return await new BenchRun(options, servers, step => screen.WriteLine($"bench: {step}")).RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is BrokerStartException or LocalPostgresStartException or PipelineStartException or BenchFailedException)
        {
            throw new CommandFailedException(ExitCodes.Failed, e.Message, e);
        }
    }
}
