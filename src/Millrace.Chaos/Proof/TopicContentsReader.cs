using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Millrace.Chaos.Load;

namespace Millrace.Chaos.Proof;

/// <summary>Reads whole topics with a consumer of its own.</summary>
internal static class TopicContentsReader
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<long> EndOffsets(string bootstrapServers, string topic, int partitions)
    {
        using var consumer = Build(bootstrapServers);
        return Ends(consumer, topic, partitions);
    }

    /// <exception cref="ChaosFailedException">One of the topics cannot be read.</exception>
    public static TopicContents Read(string bootstrapServers, string topic, int partitions, string deadLetterTopic)
    {
        using var consumer = Build(bootstrapServers);
        var records = Enumerable.Range(0, partitions).Select(_ => new List<LoggedRecord>()).ToList();
        ReadToEnd(consumer, topic, partitions, result => records[result.Partition.Value].Add(Describe(result.Message)));
        var deadLetters = new List<RelayedRecord>();
        ReadToEnd(consumer, deadLetterTopic, CountPartitions(consumer, deadLetterTopic), result => deadLetters.Add(DescribeDeadLetter(result.Message)));
        return new TopicContents(records, deadLetters);
    }

    private static void ReadToEnd(IConsumer<string, byte[]> consumer, string topic, int partitions, Action<ConsumeResult<string, byte[]>> take)
    {
        var ends = Ends(consumer, topic, partitions);
        var next = new long[partitions];
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)));
        for (var left = ends.Sum(); left > 0; left--)
        {
            var result = Consume(consumer)
                ?? throw new ChaosFailedException($"The topic {topic} could not be read to its end: {left} records are left.");
            ref var expected = ref next[result.Partition.Value];
            if (result.Offset.Value != expected)
                throw new ChaosFailedException($"Partition {result.Partition.Value} of {topic} has no record at offset {expected}: the next one is {result.Offset.Value}.");
            expected++;
            take(result);
        }
    }

    private static ConsumeResult<string, byte[]>? Consume(IConsumer<string, byte[]> consumer)
    {
        try
        {
            return consumer.Consume(AnswerLimit);
        }
        catch (ConsumeException e)
        {
            throw new ChaosFailedException($"The topic cannot be read: {e.Error.Reason}.", e);
        }
    }

    private static IReadOnlyList<long> Ends(IConsumer<string, byte[]> consumer, string topic, int partitions)
    {
        try
        {
            return [.. Enumerable.Range(0, partitions).Select(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), AnswerLimit).High.Value)];
        }
        catch (KafkaException e)
        {
            throw new ChaosFailedException($"The broker does not tell the ends of the topic {topic}: {e.Error.Reason}.", e);
        }
    }

    private static int CountPartitions(IConsumer<string, byte[]> consumer, string topic)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            return admin.GetMetadata(topic, AnswerLimit).Topics.Single().Partitions.Count;
        }
        catch (KafkaException e)
        {
            throw new ChaosFailedException($"The broker does not describe the topic {topic}: {e.Error.Reason}.", e);
        }
    }

    private static IConsumer<string, byte[]> Build(string bootstrapServers) =>
        new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "chaos-proof",
            EnableAutoCommit = false,
            CheckCrcs = true,
        }).SetLogHandler((_, _) => { }).Build();

    private static LoggedRecord Describe(Message<string, byte[]> message)
    {
        if (message.Key.StartsWith(Source.BadKeyPrefix, StringComparison.Ordinal))
            return new LoggedRecord(Guid.Empty, message.Key, IsCopy: false);
        var reader = new Utf8JsonReader(message.Value);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("eventId"u8))
            {
                reader.Read();
                return new LoggedRecord(reader.GetGuid(), null, message.Headers.TryGetLastBytes(CopyLoad.Header, out _));
            }
        }

        throw new ChaosFailedException($"A record with the key '{message.Key}' has no event id: somebody else writes to the topic.");
    }

    private static RelayedRecord DescribeDeadLetter(Message<string, byte[]> message) => new(
        Guid.Parse(Header(message, "millrace-dead-letter-id")),
        message.Key,
        int.Parse(Header(message, "millrace-partition"), CultureInfo.InvariantCulture),
        long.Parse(Header(message, "millrace-offset"), CultureInfo.InvariantCulture),
        message.Value ?? []);

    private static string Header(Message<string, byte[]> message, string name) => message.Headers.TryGetLastBytes(name, out var value)
        ? Encoding.UTF8.GetString(value)
        : throw new ChaosFailedException($"A record of the dead-letter topic with the key '{message.Key}' has no header {name}.");
}
