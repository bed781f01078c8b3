using System.CommandLine;
using System.Text.Json;
using Confluent.Kafka;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Terminal;

namespace Millrace.Commands;

/// <summary>Lists topics, or one topic's partitions with their offsets.</summary>
internal static class TopicsCommand
{
    public static Command Create()
    {
        var topic = new Argument<string?>("topic") { Arity = ArgumentArity.ZeroOrOne, Description = "Show the partitions of this topic." };
        Option<OutputFormat> format = FormatOption.Create(
            "json: [{\"topic\",\"partitions\",\"records\"}], for one topic {\"topic\",\"partitions\":[{\"partition\",\"leader\",\"begin\",\"end\"}]}");
        var command = new ExampleCommand(
            "topics", "Lists the topics, or one topic's partitions with their offsets.",
            "millrace topics", "millrace topics events", "millrace topics --kafka localhost:9092 --format json")
        {
            topic, SharedOptions.Data(), SharedOptions.Kafka(), format,
        };
        command.SetAction((parsed, _) => RunAsync(SharedOptions.Load(parsed), parsed.GetValue(topic), parsed.GetValue(format)));
        return command;
    }

    private static async Task RunAsync(MillraceOptions options, string? topic, OutputFormat format)
    {
        var kafka = new KafkaConnection(options);
        using IAdminClient admin = kafka.CreateAdmin();
        List<TopicMetadata> topics = [.. kafka.GetMetadata(admin, topic).Topics.OrderBy(t => t.Topic, StringComparer.Ordinal)];
        try
        {
            IReadOnlyDictionary<TopicPartition, PartitionOffsets> offsets = await TopicOffsets.ReadAsync(
                admin, topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p.PartitionId))));
            if (topic is null)
                WriteList([.. topics.Select(t => Summary(t, offsets))], format);
            else
                WriteOne(Details(topics[0], offsets), format);
        }
        catch (KafkaException e)
        {
            throw kafka.Unreachable(e);
        }
    }

    private static TopicSummary Summary(TopicMetadata topic, IReadOnlyDictionary<TopicPartition, PartitionOffsets> offsets) => new(
        topic.Topic,
        topic.Partitions.Count,
        topic.Partitions.Sum(p => offsets[new TopicPartition(topic.Topic, p.PartitionId)] is { } o ? o.End - o.Begin : 0));

    private static TopicDetails Details(TopicMetadata topic, IReadOnlyDictionary<TopicPartition, PartitionOffsets> offsets) => new(
        topic.Topic,
        [
            .. topic.Partitions.OrderBy(p => p.PartitionId).Select(p =>
            {
                PartitionOffsets o = offsets[new TopicPartition(topic.Topic, p.PartitionId)];
                return new TopicPartitionDetails(p.PartitionId, p.Leader, o.Begin, o.End);
            }),
        ]);

    private static void WriteList(TopicSummary[] topics, OutputFormat format)
    {
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(topics, JsonContext.Default.TopicSummaryArray));
        else
            DataTable.Write(Console.Out, ["TOPIC", "PARTITIONS", "RECORDS"], topics.Select(t => new object[] { t.Topic, t.Partitions, t.Records }));
    }

    private static void WriteOne(TopicDetails topic, OutputFormat format)
    {
        if (format == OutputFormat.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(topic, JsonContext.Default.TopicDetails));
        else
            DataTable.Write(
                Console.Out,
                ["TOPIC", "PARTITION", "LEADER", "BEGIN", "END", "RECORDS"],
                topic.Partitions.Select(p => new object[] { topic.Topic, p.Partition, p.Leader, p.Begin, p.End, p.End - p.Begin }));
    }
}

/// <summary>One line of <c>topics --format json</c>. Records are offsets between begin and end: transaction markers count too.</summary>
internal sealed record TopicSummary(string Topic, int Partitions, long Records);

/// <summary>The shape of <c>topics TOPIC --format json</c>.</summary>
internal sealed record TopicDetails(string Topic, TopicPartitionDetails[] Partitions);

internal sealed record TopicPartitionDetails(int Partition, int Leader, long Begin, long End);
