using System.CommandLine;
using Millrace.Chaos;
using Millrace.Chaos.Plan;
using Millrace.Commands.Chaos;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Breaks servers and consumers of its own while events flow, and proves that none is lost, doubled or out of order.</summary>
internal static class ChaosCommand
{
    private const string KafkaScript = "bin/kafka-up";

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { HelpName = "N", Description = "How long faults are injected.", DefaultValueFactory = _ => 2 };
        var seed = new Option<int>("--seed") { HelpName = "S", Description = "The same seed gives the same plan.", DefaultValueFactory = _ => 1 };
        var kafka = new Option<KafkaKind>("--kafka") { HelpName = "embedded|real", Description = "The embedded broker in a process of its own, or three brokers of Apache Kafka. [default: embedded]" };
        var kafkaHome = new Option<string?>("--kafka-home") { HelpName = "DIR", Description = $"For --kafka real: the directory of {KafkaScript}. [default: shared/kafka beside or above the program]" };
        var faults = new Option<string[]>("--faults")
        {
            HelpName = "LIST",
            Description = $"What may happen: {string.Join(", ", Enum.GetValues<FaultKind>().Select(FaultKinds.Name))}, or none. [default: all]",
            AllowMultipleArgumentsPerToken = true,
        };
        var rate = new Option<int>("--rate") { HelpName = "N", Description = "Events a second.", DefaultValueFactory = _ => 1000 };
        var plan = new Option<bool>("--plan") { Description = "Print what would be done when, and do nothing." };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the outcome to a file too, as JSON." };
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "The directory to work in, with a log of each process. [default: .millrace-chaos-…, deleted when all is well]" };
        Option<OutputFormat> format = FormatOption.Create("text, or json: the document that --json writes");
        minutes.Check(value => value is > 0 and <= 24 * 60, "--minutes is a number above 0, at most a day.");
        rate.Check(value => value is >= 10 and <= 100_000, "--rate is a number from 10 to 100000.");
        faults.Check(value => FindFaults(value) is not null, $"--faults are some of {string.Join(", ", Enum.GetValues<FaultKind>().Select(FaultKinds.Name))}, or none.");

        var command = new ExampleCommand(
            "chaos",
            "Proves the guarantee: breaks a broker, PostgreSQL and consumers of its own while events flow, then compares what was acknowledged with what is there.",
            "millrace chaos --minutes 2 --seed 7",
            "millrace chaos --minutes 20 --kafka real --json chaos.json",
            "millrace chaos --faults kill-consumer,pause-consumer --plan")
        {
            minutes, seed, kafka, kafkaHome, faults, rate, plan, json, data, format, HostCommands.CreateBroker(), HostCommands.CreatePostgres(),
        };
        command.SetAction(async (parsed, _) =>
        {
            KafkaKind kind = parsed.GetValue(kafka);
            string? given = parsed.GetValue(data);
            var options = new ChaosOptions
            {
                Program = Environment.ProcessPath!,
                Directory = Path.GetFullPath(given ?? $".millrace-chaos-{Environment.ProcessId}"),
                Duration = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                Seed = parsed.GetValue(seed),
                Kafka = kind,
                KafkaHome = kind == KafkaKind.Real && !parsed.GetValue(plan) ? RequireKafka(parsed.GetValue(kafkaHome)) : null,
                Faults = FindFaults(parsed.GetValue(faults))!,
                Rate = parsed.GetValue(rate),
            };
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (!parsed.GetValue(plan))
                return await RunAsync(options, keep: given is not null, parsed.GetValue(json), parsed.GetValue(format), output);
            foreach (Fault fault in ChaosRun.Plan(options))
                output.WriteLine(fault);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task<int> RunAsync(ChaosOptions options, bool keep, string? json, OutputFormat format, TextWriter output)
    {
        var screen = new Screen();
        using var signals = new ShutdownSignals(() => screen.WriteLine("Stopping: what is broken is healed first. Ctrl+C again ends at once."));
        ChaosReport report;
        try
        {
            TextWriter lines = TextWriter.Synchronized(output);
            report = await new ChaosRun(
                options,
                format == OutputFormat.Json ? screen.WriteLine : lines.WriteLine,
                line => screen.WriteLine($"chaos: {line}")).RunAsync(signals.Requested);
        }
        catch (ChaosFailedException e)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"{e.Message}\nWhat the processes logged is in {options.Directory}", e);
        }
        catch (OperationCanceledException) when (!keep)
        {
            Directory.Delete(options.Directory, recursive: true);
            throw;
        }

        if (json is not null)
            await File.WriteAllTextAsync(json, report.ToJson() + "\n", CancellationToken.None);
        if (format == OutputFormat.Json)
            output.WriteLine(report.ToJson());
        else
            WriteVerdict(output, report);
        if (!report.Verdict.IsGood)
            screen.WriteLine($"chaos: something differs; everything is still in {options.Directory}");
        else if (!keep)
            Directory.Delete(options.Directory, recursive: true);
        return report.Verdict.IsGood ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static void WriteVerdict(TextWriter output, ChaosReport report)
    {
        foreach (string line in report.Verdict.Details())
            output.WriteLine(line);
        output.WriteLine(report.Verdict);
    }

    private static IReadOnlyList<FaultKind>? FindFaults(string[]? names)
    {
        if (names is null or [])
            return Enum.GetValues<FaultKind>();
        if (names is ["none"])
            return [];
        FaultKind?[] kinds = [.. names.SelectMany(name => name.Split(',')).Select(FaultKinds.Find)];
        return kinds.Contains(null) ? null : [.. kinds.Select(kind => kind!.Value).Distinct()];
    }

    /// <param name="given">The directory, when it was named; else it is looked for where a developer's checkout has it.</param>
    private static string RequireKafka(string? given)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); given is null && at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "kafka");
            if (File.Exists(Path.Combine(candidate, KafkaScript)))
                return candidate;
        }

        return given is not null && File.Exists(Path.Combine(given, KafkaScript))
            ? Path.GetFullPath(given)
            : throw new CommandFailedException(ExitCodes.Usage, $"--kafka real needs {KafkaScript}, which starts Apache Kafka, and it is not {(given is null ? "here" : $"in {given}")}: name its directory with --kafka-home.");
    }
}
