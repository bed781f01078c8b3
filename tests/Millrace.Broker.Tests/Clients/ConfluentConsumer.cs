using System.Diagnostics;
using Confluent.Kafka;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

internal static class ConfluentConsumer
{
    public static ConsumerConfig Config(string bootstrapServers, string group) => new()
    {
        BootstrapServers = bootstrapServers,
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        EnablePartitionEof = true,
        SessionTimeoutMs = 6_000,
    };

    /// <summary>Every record of a topic, to the end of all of its partitions.</summary>
    public static List<ConsumeResult<string?, string?>> ReadAll(string bootstrapServers, string topic, int atLeast)
    {
        using var consumer = new ConsumerBuilder<string?, string?>(Config(bootstrapServers, "read-all")).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Eventually.Limit).Topics[0].Partitions;
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(topic, p.PartitionId, Offset.Beginning)));
        var records = new List<ConsumeResult<string?, string?>>();
        var ended = new HashSet<int>();
        var clock = Stopwatch.StartNew();
        while (ended.Count < partitions.Count || records.Count < atLeast)
        {
            Assert.True(clock.Elapsed < Eventually.Limit, $"only {records.Count} of {atLeast} records came");
            var result = consumer.Consume(TimeSpan.FromSeconds(1));
            if (result is { IsPartitionEOF: true })
                ended.Add(result.Partition);
            else if (result is not null)
                records.Add(result);
        }

        return records;
    }
}
