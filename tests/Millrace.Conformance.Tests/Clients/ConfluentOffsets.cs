using Confluent.Kafka;
using Confluent.Kafka.Admin;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What Confluent.Kafka asks and says about the offsets of partitions and groups.</summary>
internal static class ConfluentOffsets
{
    public static async Task<string> ListAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 10);
        using var admin = Admin(bootstrap);
        async Task<long> AtAsync(OffsetSpec where) =>
            (await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = where }])).ResultInfos[0].TopicPartitionOffsetError.Offset;
        return $"{await AtAsync(OffsetSpec.Earliest())} to {await AtAsync(OffsetSpec.Latest())}";
    }

    public static async Task<string> OfGroupAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        return $"{await CommittedAsync(bootstrap, topic)} of {End(bootstrap, topic)}";
    }

    public static async Task<string> ResetAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        using var admin = Admin(bootstrap);
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(topic, [new TopicPartitionOffset(topic, 0, 3)])]);
        using var consumer = Consumer(bootstrap, topic);
        consumer.Subscribe(topic);
        var from = Next(consumer).Offset;
        consumer.Close();
        return $"from {from.Value}";
    }

    public static async Task<string> DeleteAsync(string bootstrap, string topic)
    {
        await ConfluentConsuming.CommitAsync(bootstrap, topic);
        using var admin = Admin(bootstrap);
        await admin.DeleteConsumerGroupOffsetsAsync(topic, [new TopicPartition(topic, 0)]);
        return await CommittedAsync(bootstrap, topic) is { } left ? $"still {left}" : "gone";
    }

    /// <summary>What a group that is named as its topic has committed; null: nothing.</summary>
    public static async Task<long?> CommittedAsync(string bootstrap, string topic)
    {
        using var admin = Admin(bootstrap);
        var offsets = (await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(topic, [new TopicPartition(topic, 0)])]))[0].Partitions;
        return offsets.Count == 0 || offsets[0].Offset == Offset.Unset ? null : offsets[0].Offset.Value;
    }

    /// <summary>The offset that the next record gets.</summary>
    public static long End(string bootstrap, string topic)
    {
        using var consumer = Consumer(bootstrap, topic);
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Limit).High;
    }
}
