using Millrace.Broker.Log;

namespace Millrace.Broker.Topics;

/// <summary>A topic that exists, with its partitions in order.</summary>
internal sealed record Topic(string Name, Guid Id, TopicConfig Config, PartitionLog[] Partitions)
{
    public PartitionLog? Partition(int index) => (uint)index < (uint)Partitions.Length ? Partitions[index] : null;
}
