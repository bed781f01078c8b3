using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Commands.Generate;
using Millrace.Commands.Produce;
using Millrace.Configuration;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Makes up realistic events and sends them, at full speed or at a steady rate.</summary>
internal static class GenerateCommand
{
    private const long DefaultCount = 1000;

    // With a seed the times come from it too, so that the bytes are the same whenever it runs.
    private static readonly DateTimeOffset SeededStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan UnpacedInterval = TimeSpan.FromMilliseconds(1);

    public static Command Create()
    {
        var count = new Option<long?>("--count") { HelpName = "N", Description = $"How many. [default: {DefaultCount}; with --rate until Ctrl+C]" };
        var rate = new Option<double?>("--rate") { HelpName = "N", Description = "How many a second, steadily. [default: as fast as Kafka takes them]" };
        var users = new Option<int>("--users") { HelpName = "N", Description = "How many different users.", DefaultValueFactory = _ => 1000 };
        var bad = new Option<double>("--bad")
        {
            HelpName = "SHARE",
            Description = "The share of records that are no events, such as 0.1%. [default: 0]",
            CustomParser = result =>
            {
                double? share = Share.Parse(result.Tokens[0].Value);
                if (share is null)
                    result.AddError($"--bad is a share from 0% to 100% such as 0.1% or 0.001, not '{result.Tokens[0].Value}'.");
                return share ?? 0;
            },
        };
        var seed = new Option<long?>("--seed") { HelpName = "N", Description = "The same seed makes the same events, ids and all: sent twice they are stored once." };
        var print = new Option<bool>("--print") { Description = "Write them to standard output, one a line, instead of sending them." };
        AtLeast(count, 1L);
        AtLeast(rate, 0.01);
        AtLeast(users, 1);
        Option<OutputFormat> format = FormatOption.Create("json: {\"topic\",\"sent\",\"refused\",\"failed\",\"seconds\"}");
        var command = new ExampleCommand(
            "generate", "Makes up realistic events of a web shop (some 300 bytes each) and sends them.",
            "millrace generate --count 10000",
            "millrace generate --rate 500 --users 50 --bad 0.1%",
            "millrace generate --count 5 --seed 1 --print")
        {
            count, rate, users, bad, seed, print, SharedOptions.Topic(), SharedOptions.Data(), SharedOptions.Kafka(), format,
        };
        command.SetAction(async (parsed, _) =>
        {
            double? perSecond = parsed.GetValue(rate);
            long total = parsed.GetValue(count) ?? (perSecond is null ? DefaultCount : long.MaxValue);
            var settings = new GeneratorSettings(
                (ulong?)parsed.GetValue(seed) ?? (ulong)Random.Shared.NextInt64(),
                parsed.GetValue(users),
                parsed.GetValue(bad),
                parsed.GetValue(seed) is null ? DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) : SeededStart,
                perSecond is { } r ? TimeSpan.FromSeconds(1 / r) : UnpacedInterval);
            MillraceOptions options = SharedOptions.Load(parsed);
            return parsed.GetValue(print)
                ? await PrintAsync(settings, total, perSecond)
                : await SendAsync(options, settings, total, perSecond, parsed.GetValue(format));
        });
        return command;
    }

    private static async Task<int> SendAsync(MillraceOptions options, GeneratorSettings settings, long total, double? perSecond, OutputFormat format)
    {
        using var signals = new ShutdownSignals(() => { });
        using var sender = new EventSender(new KafkaConnection(options), options.Kafka.Topic);
        using (SendProgress.Start(sender, () => total == long.MaxValue ? null : (sender.Acknowledged, total)))
        {
            await RunAsync(settings, total, perSecond, e => sender.Send(e.Key, e.Value, signals.Requested), signals.Requested);
            sender.Flush(CancellationToken.None);
        }

        return SendReport.Of(sender, options.Kafka.Topic, 0).Write(format, sender.LastFailure);
    }

    private static async Task<int> PrintAsync(GeneratorSettings settings, long total, double? perSecond)
    {
        using var signals = new ShutdownSignals(() => { });
        await using var output = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
        await RunAsync(settings, total, perSecond, Write, signals.Requested);
        return ExitCodes.Success;

        void Write(GeneratedEvent made)
        {
            output.Write(made.Value);
            output.WriteByte((byte)'\n');
            if (perSecond is not null)
                output.Flush();
        }
    }

    private static async Task RunAsync(GeneratorSettings settings, long total, double? perSecond, Action<GeneratedEvent> take, CancellationToken stopping)
    {
        var generator = new EventGenerator(settings);
        Pacer? pacer = perSecond is { } rate ? new Pacer(rate, TimeProvider.System) : null;
        try
        {
            for (long made = 0; made < total;)
            {
                long turns = pacer is null ? total - made : Math.Min(await pacer.WaitAsync(stopping), total - made);
                for (; turns > 0; turns--, made++)
                {
                    stopping.ThrowIfCancellationRequested();
                    take(generator.Next());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C: what was made so far counts.
        }
    }

    private static void AtLeast<T>(Option<T> option, IComparable least) =>
        option.Check(value => least.CompareTo(value) <= 0, $"{option.Name} is a number from {least}.");
}
