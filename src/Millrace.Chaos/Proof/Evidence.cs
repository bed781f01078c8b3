namespace Millrace.Chaos.Proof;

/// <summary>One row of <c>pipeline.events</c>.</summary>
internal readonly record struct StoredEvent(Guid Id, int Partition, long Offset);

/// <summary>One record of the topic. An event has an id, a bad record has none but a key; a deliberate copy says so.</summary>
internal readonly record struct LoggedRecord(Guid Id, string? BadKey, bool IsCopy);

/// <summary>One row of <c>pipeline.dead_letters</c>.</summary>
internal readonly record struct DeadRecord(Guid Id, string Key, int Partition, long Offset);

/// <summary>One record of the dead-letter topic: the headers that say which dead letter it is and where it was, and the bytes that were there.</summary>
internal sealed record RelayedRecord(Guid Id, string Key, int Partition, long Offset, byte[] Value);

/// <summary>One row of <c>pipeline.ledger</c>.</summary>
internal readonly record struct LedgerRange(int Partition, long From, long To, int Inserted, int Duplicates, int Dead, int Parked)
{
    public override string ToString() => $"partition {Partition} [{From}, {To})";
}

/// <summary>The topic as it is when the load is over. Offsets begin at 0 and have no holes: nothing is compacted, nobody writes transactions.</summary>
/// <param name="Records">By partition and offset.</param>
/// <param name="DeadLetters">The dead-letter topic, in no order.</param>
internal sealed record TopicContents(IReadOnlyList<IReadOnlyList<LoggedRecord>> Records, IReadOnlyList<RelayedRecord> DeadLetters);

/// <summary>What is in the database when the pipeline has drained.</summary>
internal sealed record DatabaseContents(
    IReadOnlyList<StoredEvent> Events, IReadOnlyList<DeadRecord> DeadLetters, IReadOnlyList<LedgerRange> Ledger);
