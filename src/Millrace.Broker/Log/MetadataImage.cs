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
