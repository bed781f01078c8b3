using Millrace.Broker.Log;

namespace Millrace.Broker.Transactions;

/// <summary>Where a transactional id is in the life of its transaction. The numbers are on disk; the names are those that Kafka's tools show.</summary>
internal enum TransactionStatus : byte
{
    Empty = 0,
    Ongoing = 1,

    /// <summary>The decision is on disk. What follows is done again after a crash until it is done.</summary>
    PrepareCommit = 2,
    PrepareAbort = 3,
    CompleteCommit = 4,
    CompleteAbort = 5,
}

/// <summary>The offsets that a transaction commits for a group.</summary>
internal sealed record GroupOffsets(string Group, IReadOnlyList<CommittedOffset> Offsets);

/// <summary>How it stands with a transactional id: as it is on disk, replaced as a whole with each step.</summary>
internal sealed record TransactionState
{
    public const short NoEpoch = -1;

    public required string Id { get; init; }

    public required long ProducerId { get; init; }

    public required short Epoch { get; init; }

    /// <summary>What the producer had before it was given <see cref="Epoch"/>: it may not have got the answer and ask again.</summary>
    public short LastEpoch { get; init; } = NoEpoch;

    public required TimeSpan Timeout { get; init; }

    public required TransactionStatus Status { get; init; }

    public IReadOnlyList<TopicPartition> Partitions { get; init; } = [];

    public IReadOnlyList<GroupOffsets> Offsets { get; init; } = [];

    /// <summary>When the first partition or group came into the transaction.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public bool IsDecided => Status is TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort;

    public bool IsOpen => Status is TransactionStatus.Ongoing || IsDecided;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Id);
        writer.Write(ProducerId);
        writer.Write(Epoch);
        writer.Write(LastEpoch);
        writer.Write((int)Timeout.TotalMilliseconds);
        writer.Write((byte)Status);
        writer.Write(StartedAt.ToUnixTimeMilliseconds());
        writer.Write(ChangedAt.ToUnixTimeMilliseconds());
        TopicPartition.WriteAll(writer, Partitions);
        writer.Write(Offsets.Count);
        foreach (var (group, offsets) in Offsets)
        {
            writer.Write(group);
            writer.Write(offsets.Count);
            foreach (var offset in offsets)
                offset.Write(writer);
        }
    }

    public static TransactionState Read(BinaryReader reader)
    {
        var state = new TransactionState
        {
            Id = reader.ReadString(),
            ProducerId = reader.ReadInt64(),
            Epoch = reader.ReadInt16(),
            LastEpoch = reader.ReadInt16(),
            Timeout = TimeSpan.FromMilliseconds(reader.ReadInt32()),
            Status = (TransactionStatus)reader.ReadByte(),
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()),
            ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()),
            Partitions = TopicPartition.ReadAll(reader),
        };
        var groups = new GroupOffsets[reader.ReadInt32()];
        for (var i = 0; i < groups.Length; i++)
        {
            var group = reader.ReadString();
            var offsets = new CommittedOffset[reader.ReadInt32()];
            for (var j = 0; j < offsets.Length; j++)
                offsets[j] = CommittedOffset.Read(reader);
            groups[i] = new GroupOffsets(group, offsets);
        }

        return state with { Offsets = groups };
    }
}
