using System.Text.Json;
using Confluent.Kafka;
using Millrace.Chaos.Load;

namespace Millrace.Chaos.Proof;

/// <summary>Reads the whole topic with a consumer of its own.</summary>
internal static class TopicContentsReader
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<long> EndOffsets(string bootstrapServers, string topic, int partitions)
    {
        using var consumer = Build(bootstrapServers);
        return Ends(consumer, topic, partitions);
    }

    /// <exception cref="ChaosFailedException">It cannot be read.</exception>
    public static TopicContents Read(string bootstrapServers, string topic, int partitions)
    {
        using var consumer = Build(bootstrapServers);
        var ends = Ends(consumer, topic, partitions);
        var records = ends.Select(end => new List<LoggedRecord>((int)end)).ToList();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)));
        for (var left = ends.Sum(); left > 0; left--)
        {
            var result = Consume(consumer)
                ?? throw new ChaosFailedException($"The topic could not be read to its end: {left} records are left.");
            var partition = records[result.Partition.Value];
            if (result.Offset.Value != partition.Count)
                throw new ChaosFailedException($"Partition {result.Partition.Value} has no record at offset {partition.Count}: the next one is {result.Offset.Value}.");
            partition.Add(Describe(result.Message));
        }

        return new TopicContents(records);
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
            throw new ChaosFailedException($"The broker does not tell the ends of the topic: {e.Error.Reason}.", e);
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
}
