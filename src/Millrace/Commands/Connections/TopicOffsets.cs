using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Commands.Connections;

/// <summary>First and next offset of one partition.</summary>
internal sealed record PartitionOffsets(int Partition, long Begin, long End);

/// <summary>Asks for the offsets of partitions in two requests, however many there are.</summary>
internal static class TopicOffsets
{
    public static async Task<IReadOnlyDictionary<TopicPartition, PartitionOffsets>> ReadAsync(IAdminClient admin, IEnumerable<TopicPartition> partitions)
    {
        List<TopicPartition> wanted = [.. partitions];
        if (wanted.Count == 0)
            return new Dictionary<TopicPartition, PartitionOffsets>();
        Dictionary<TopicPartition, long> begin = await ListAsync(admin, wanted, OffsetSpec.Earliest());
        Dictionary<TopicPartition, long> end = await ListAsync(admin, wanted, OffsetSpec.Latest());
        return wanted.ToDictionary(p => p, p => new PartitionOffsets(p.Partition.Value, begin[p], end[p]));
    }

    private static async Task<Dictionary<TopicPartition, long>> ListAsync(IAdminClient admin, List<TopicPartition> partitions, OffsetSpec spec)
    {
        ListOffsetsResult result = await admin.ListOffsetsAsync(
            partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = spec }),
            new ListOffsetsOptions { RequestTimeout = KafkaConnection.AnswerLimit });
        return result.ResultInfos.ToDictionary(r => r.TopicPartitionOffsetError.TopicPartition, r => r.TopicPartitionOffsetError.Offset.Value);
    }
}
