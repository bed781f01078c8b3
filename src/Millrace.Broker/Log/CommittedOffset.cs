namespace Millrace.Broker.Log;

/// <summary>Where a group is in a partition: the next offset it wants, and the text that it left with it.</summary>
internal sealed record CommittedOffset(
    string Topic, int Partition, long Offset, int LeaderEpoch, string Metadata, DateTimeOffset CommittedAt)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(Topic);
        writer.Write(Partition);
        writer.Write(Offset);
        writer.Write(LeaderEpoch);
        writer.Write(Metadata);
        writer.Write(CommittedAt.ToUnixTimeMilliseconds());
    }

    public static CommittedOffset Read(BinaryReader reader) => new(
        reader.ReadString(),
        reader.ReadInt32(),
        reader.ReadInt64(),
        reader.ReadInt32(),
        reader.ReadString(),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
}
