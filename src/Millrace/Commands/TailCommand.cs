using System.CommandLine;
using Confluent.Kafka;
using Millrace.Commands.Connections;
using Millrace.Commands.Tail;
using Millrace.Configuration;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Shows events as they arrive, straight from Kafka, without a consumer group: nothing is committed, nobody is disturbed.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var type = new Option<string?>("--type") { HelpName = "TYPE", Description = "Only events of this eventType." };
        var user = new Option<string?>("--user") { HelpName = "USER", Description = "Only events of this userId." };
        var fromBeginning = new Option<bool>("--from-beginning") { Description = "Begin with the oldest event that Kafka has." };
        var limit = new Option<long?>("--limit", "-n") { HelpName = "N", Description = "End after so many events." };
        limit.Check(value => value >= 1, "-n is a number from 1.");
        Option<OutputFormat> format = FormatOption.Create("json: one {\"partition\",\"offset\",\"timestamp\",\"key\",\"event\"} a line; what is no JSON comes as \"raw\"");
        var command = new ExampleCommand(
            "tail", "Shows events as they arrive in Kafka.",
            "millrace tail", "millrace tail --type order_placed --user 42", "millrace tail --from-beginning -n 10 --format json")
        {
            type, user, fromBeginning, limit, SharedOptions.Topic(), SharedOptions.Data(), SharedOptions.Kafka(), format,
        };
        command.SetAction(parsed => Run(
            SharedOptions.Load(parsed),
            new EventFilter(parsed.GetValue(type), parsed.GetValue(user)),
            parsed.GetValue(fromBeginning),
            parsed.GetValue(limit) ?? long.MaxValue,
            parsed.GetValue(format)));
        return command;
    }

    private static void Run(MillraceOptions options, EventFilter filter, bool fromBeginning, long limit, OutputFormat format)
    {
        var kafka = new KafkaConnection(options);
        using var signals = new ShutdownSignals(() => { });
        using IConsumer<byte[]?, byte[]?> consumer = Open(kafka, options.Kafka.Topic, fromBeginning);
        using Stream output = Console.OpenStandardOutput();
        var writer = new EventWriter(output, format);
        if (limit == long.MaxValue && !Console.IsErrorRedirected && !Console.IsOutputRedirected)
            Console.Error.WriteLine($"Waiting for events in '{options.Kafka.Topic}'; Ctrl+C ends.");
        try
        {
            while (limit > 0)
            {
                ConsumeResult<byte[]?, byte[]?> record = consumer.Consume(signals.Requested);
                if (!filter.Matches(record.Message))
                    continue;
                writer.Write(record);
                limit--;
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how a tail ends.
        }
        catch (ConsumeException e)
        {
            throw kafka.Unreachable(e);
        }
    }

    private static IConsumer<byte[]?, byte[]?> Open(KafkaConnection kafka, string topic, bool fromBeginning)
    {
        using IAdminClient admin = kafka.CreateAdmin();
        List<PartitionMetadata> partitions = kafka.GetMetadata(admin, topic).Topics[0].Partitions;
        IConsumer<byte[]?, byte[]?> consumer = kafka.CreateConsumer(new ConsumerConfig
        {
            // The library asks for a name; with assigned partitions and no commits there is no group.
            GroupId = "millrace-tail",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 100,
        });
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, fromBeginning ? Offset.Beginning : Offset.End)));
        return consumer;
    }
}
