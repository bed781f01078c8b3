using Millrace.Broker.Transactions;

namespace Millrace.Broker.Log;

/// <summary>
/// What the metadata log adds up to. Changed only by applying records, first at start and then by the log's own thread
/// once a record is on disk; read by anyone.
/// </summary>
internal sealed class MetadataImage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, MetadataRecord.TopicCreated> _topics = [];
    private readonly Dictionary<string, Dictionary<(string Topic, int Partition), CommittedOffset>> _offsets = [];
    private readonly Dictionary<(Guid Topic, int Partition), long> _logStarts = [];
    private readonly Dictionary<string, TransactionState> _transactions = [];

    public string? ClusterId { get; private set; }

    public long NextProducerId { get; private set; }

    public IReadOnlyList<MetadataRecord.TopicCreated> Topics
    {
        get
        {
            lock (_gate)
                return [.. _topics.Values];
        }
    }

    /// <summary>The groups that have committed something.</summary>
    public IReadOnlyList<string> Groups
    {
        get
        {
            lock (_gate)
                return [.. _offsets.Keys];
        }
    }

    public IReadOnlyList<TransactionState> Transactions
    {
        get
        {
            lock (_gate)
                return [.. _transactions.Values];
        }
    }

    /// <summary>The offset below which records were deleted on request; 0 when none were.</summary>
    public long LogStartOf(Guid topic, int partition)
    {
        lock (_gate)
            return _logStarts.GetValueOrDefault((topic, partition));
    }

    public bool HasOffsets(string group)
    {
        lock (_gate)
            return _offsets.ContainsKey(group);
    }

    public CommittedOffset? OffsetOf(string group, string topic, int partition)
    {
        lock (_gate)
            return _offsets.TryGetValue(group, out var offsets) ? offsets.GetValueOrDefault((topic, partition)) : null;
    }

    public IReadOnlyList<CommittedOffset> OffsetsOf(string group)
    {
        lock (_gate)
            return _offsets.TryGetValue(group, out var offsets) ? [.. offsets.Values] : [];
    }

    public void Apply(MetadataRecord record)
    {
        lock (_gate)
        {
            switch (record)
            {
                case MetadataRecord.ClusterCreated r:
                    ClusterId = r.ClusterId;
                    break;
                case MetadataRecord.TopicCreated r:
                    _topics[r.Id] = r;
                    break;
                case MetadataRecord.TopicDeleted r:
                    if (_topics.Remove(r.Id, out var topic))
                    {
                        foreach (var group in _offsets.Keys.ToList())
                            DropOffsets(group, o => o.Topic == topic.Name);
                        foreach (var partition in _logStarts.Keys.Where(k => k.Topic == r.Id).ToList())
                            _logStarts.Remove(partition);
                    }

                    break;
                case MetadataRecord.OffsetsCommitted r:
                    if (!_offsets.TryGetValue(r.Group, out var offsets))
                        _offsets[r.Group] = offsets = [];
                    foreach (var offset in r.Offsets)
                        offsets[(offset.Topic, offset.Partition)] = offset;
                    break;
                case MetadataRecord.ProducerIdsReserved r:
                    NextProducerId = Math.Max(NextProducerId, r.Next);
                    break;
                case MetadataRecord.OffsetsExpired r:
                    DropOffsets(r.Group, o => o.CommittedAt < r.Before);
                    break;
                case MetadataRecord.LogStartRaised r:
                    _logStarts[(r.TopicId, r.Partition)] = Math.Max(r.Offset, _logStarts.GetValueOrDefault((r.TopicId, r.Partition)));
                    break;
                case MetadataRecord.OffsetsDeleted r:
                    DropOffsets(r.Group, o => r.Partitions.Count == 0 || r.Partitions.Contains(new TopicPartition(o.Topic, o.Partition)));
                    break;
                case MetadataRecord.TransactionChanged r:
                    _transactions[r.State.Id] = r.State;
                    break;
                case MetadataRecord.TransactionForgotten r:
                    _transactions.Remove(r.Id);
                    break;
                default:
                    throw new InvalidOperationException($"{record.GetType().Name} changes nothing.");
            }
        }
    }

    /// <summary>The fewest records that give this image again.</summary>
    public IReadOnlyList<MetadataRecord> ToRecords()
    {
        lock (_gate)
        {
            var records = new List<MetadataRecord>();
            if (ClusterId is not null)
                records.Add(new MetadataRecord.ClusterCreated(ClusterId));
            records.Add(new MetadataRecord.ProducerIdsReserved(NextProducerId));
            records.AddRange(_topics.Values);
            records.AddRange(_offsets.Select(o => new MetadataRecord.OffsetsCommitted(o.Key, [.. o.Value.Values])));
            records.AddRange(_logStarts.Select(s => new MetadataRecord.LogStartRaised(s.Key.Topic, s.Key.Partition, s.Value)));
            records.AddRange(_transactions.Values.Select(t => new MetadataRecord.TransactionChanged(t)));
            return records;
        }
    }

    private void DropOffsets(string group, Func<CommittedOffset, bool> isGone)
    {
        if (!_offsets.TryGetValue(group, out var offsets))
            return;
        foreach (var offset in offsets.Values.Where(isGone).ToList())
            offsets.Remove((offset.Topic, offset.Partition));
        if (offsets.Count == 0)
            _offsets.Remove(group);
    }
}
