namespace Millrace.Broker.Log;

/// <summary>A batch of an idempotent producer that is in the log.</summary>
internal readonly record struct ProducedBatch(int FirstSequence, int LastSequence, long BaseOffset);

/// <summary>One idempotent producer in one partition, in one epoch.</summary>
internal sealed class ProducerState(long id, short epoch)
{
    private readonly Queue<ProducedBatch> _batches = new(ProducerStates.BatchesKept);

    public long Id { get; } = id;

    public short Epoch { get; } = epoch;

    public int LastSequence { get; private set; } = -1;

    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>Where the transaction that is open here begins; null when none is.</summary>
    public long? TransactionStart { get; set; }

    /// <summary>The last few, oldest first.</summary>
    public IReadOnlyCollection<ProducedBatch> Batches => _batches;

    public bool TryFind(int firstSequence, int lastSequence, out long baseOffset)
    {
        foreach (var batch in _batches)
        {
            if (batch.FirstSequence == firstSequence && batch.LastSequence == lastSequence)
            {
                baseOffset = batch.BaseOffset;
                return true;
            }
        }

        baseOffset = -1;
        return false;
    }

    public void Add(ProducedBatch batch, DateTimeOffset now)
    {
        if (_batches.Count == ProducerStates.BatchesKept)
            _batches.Dequeue();
        _batches.Enqueue(batch);
        LastSequence = batch.LastSequence;
        LastSeen = now;
    }

    public void Seen(DateTimeOffset now) => LastSeen = now;
}
