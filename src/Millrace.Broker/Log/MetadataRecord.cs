using Millrace.Broker.Transactions;

namespace Millrace.Broker.Log;

/// <summary>One fact in the metadata log. The numbers of the kinds and the order of the fields are on disk: frozen in a test.</summary>
internal abstract record MetadataRecord
{
    private const byte ClusterCreatedKind = 1;
    private const byte TopicCreatedKind = 2;
    private const byte TopicDeletedKind = 3;
    private const byte OffsetsCommittedKind = 4;
    private const byte ProducerIdsReservedKind = 5;
    private const byte OffsetsExpiredKind = 6;
    private const byte LogStartRaisedKind = 7;
    private const byte OffsetsDeletedKind = 8;
    private const byte TransactionChangedKind = 9;
    private const byte TransactionForgottenKind = 10;

    /// <summary>The cluster has its id.</summary>
    internal sealed record ClusterCreated(string ClusterId) : MetadataRecord;

    /// <summary>A topic exists, with these settings of its own. Of one id the last record holds: partitions and settings change.</summary>
    internal sealed record TopicCreated(string Name, Guid Id, int Partitions, IReadOnlyDictionary<string, string> Configs) : MetadataRecord;

    /// <summary>A topic and every offset committed for it are gone.</summary>
    internal sealed record TopicDeleted(Guid Id) : MetadataRecord;

    /// <summary>A group's positions.</summary>
    internal sealed record OffsetsCommitted(string Group, IReadOnlyList<CommittedOffset> Offsets) : MetadataRecord;

    /// <summary>Producer ids below this may have been handed out.</summary>
    internal sealed record ProducerIdsReserved(long Next) : MetadataRecord;

    /// <summary>What the group committed before this time is gone. The time is part of it, so that a commit that comes meanwhile stays.</summary>
    internal sealed record OffsetsExpired(string Group, DateTimeOffset Before) : MetadataRecord;

    /// <summary>Records of a partition below this offset are deleted.</summary>
    internal sealed record LogStartRaised(Guid TopicId, int Partition, long Offset) : MetadataRecord;

    /// <summary>Some positions of a group are gone, or without a list all.</summary>
    internal sealed record OffsetsDeleted(string Group, IReadOnlyList<TopicPartition> Partitions) : MetadataRecord;

    /// <summary>How it stands with a transactional id.</summary>
    internal sealed record TransactionChanged(TransactionState State) : MetadataRecord;

    /// <summary>A transactional id that nobody has used for long.</summary>
    internal sealed record TransactionForgotten(string Id) : MetadataRecord;

    public void Write(BinaryWriter writer)
    {
        switch (this)
        {
            case ClusterCreated r:
                writer.Write(ClusterCreatedKind);
                writer.Write(r.ClusterId);
                break;
            case TopicCreated r:
                writer.Write(TopicCreatedKind);
                writer.Write(r.Name);
                writer.Write(r.Id.ToByteArray(bigEndian: true));
                writer.Write(r.Partitions);
                writer.Write(r.Configs.Count);
                foreach (var (key, value) in r.Configs)
                {
                    writer.Write(key);
                    writer.Write(value);
                }

                break;
            case TopicDeleted r:
                writer.Write(TopicDeletedKind);
                writer.Write(r.Id.ToByteArray(bigEndian: true));
                break;
            case OffsetsCommitted r:
                writer.Write(OffsetsCommittedKind);
                writer.Write(r.Group);
                writer.Write(r.Offsets.Count);
                foreach (var offset in r.Offsets)
                    offset.Write(writer);
                break;
            case ProducerIdsReserved r:
                writer.Write(ProducerIdsReservedKind);
                writer.Write(r.Next);
                break;
            case OffsetsExpired r:
                writer.Write(OffsetsExpiredKind);
                writer.Write(r.Group);
                writer.Write(r.Before.ToUnixTimeMilliseconds());
                break;
            case LogStartRaised r:
                writer.Write(LogStartRaisedKind);
                writer.Write(r.TopicId.ToByteArray(bigEndian: true));
                writer.Write(r.Partition);
                writer.Write(r.Offset);
                break;
            case OffsetsDeleted r:
                writer.Write(OffsetsDeletedKind);
                writer.Write(r.Group);
                TopicPartition.WriteAll(writer, r.Partitions);
                break;
            case TransactionChanged r:
                writer.Write(TransactionChangedKind);
                r.State.Write(writer);
                break;
            case TransactionForgotten r:
                writer.Write(TransactionForgottenKind);
                writer.Write(r.Id);
                break;
            default:
                throw new InvalidOperationException($"{GetType().Name} has no form on disk.");
        }
    }

    /// <exception cref="InvalidDataException">Not a record of this version.</exception>
    public static MetadataRecord Read(BinaryReader reader)
    {
        switch (reader.ReadByte())
        {
            case ClusterCreatedKind:
                return new ClusterCreated(reader.ReadString());
            case TopicCreatedKind:
                var name = reader.ReadString();
                var id = new Guid(reader.ReadBytes(16), bigEndian: true);
                var partitions = reader.ReadInt32();
                var configs = new Dictionary<string, string>();
                for (var left = reader.ReadInt32(); left > 0; left--)
                    configs.Add(reader.ReadString(), reader.ReadString());
                return new TopicCreated(name, id, partitions, configs);
            case TopicDeletedKind:
                return new TopicDeleted(new Guid(reader.ReadBytes(16), bigEndian: true));
            case OffsetsCommittedKind:
                var group = reader.ReadString();
                var offsets = new CommittedOffset[reader.ReadInt32()];
                for (var i = 0; i < offsets.Length; i++)
                    offsets[i] = CommittedOffset.Read(reader);
                return new OffsetsCommitted(group, offsets);
            case ProducerIdsReservedKind:
                return new ProducerIdsReserved(reader.ReadInt64());
            case OffsetsExpiredKind:
                return new OffsetsExpired(reader.ReadString(), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
            case LogStartRaisedKind:
                return new LogStartRaised(new Guid(reader.ReadBytes(16), bigEndian: true), reader.ReadInt32(), reader.ReadInt64());
            case OffsetsDeletedKind:
                return new OffsetsDeleted(reader.ReadString(), TopicPartition.ReadAll(reader));
            case TransactionChangedKind:
                return new TransactionChanged(TransactionState.Read(reader));
            case TransactionForgottenKind:
                return new TransactionForgotten(reader.ReadString());
            case var kind:
                throw new InvalidDataException($"There is no metadata record of kind {kind}.");
        }
    }
}
