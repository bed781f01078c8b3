namespace Millrace.Broker.Log;

/// <summary>A partition by the name of its topic.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition)
{
    public static void WriteAll(BinaryWriter writer, IReadOnlyList<TopicPartition> partitions)
    {
        writer.Write(partitions.Count);
        foreach (var (topic, partition) in partitions)
        {
            writer.Write(topic);
            writer.Write(partition);
        }
    }

    public static TopicPartition[] ReadAll(BinaryReader reader)
    {
        var partitions = new TopicPartition[reader.ReadInt32()];
        for (var i = 0; i < partitions.Length; i++)
            partitions[i] = new TopicPartition(reader.ReadString(), reader.ReadInt32());
        return partitions;
    }
}
