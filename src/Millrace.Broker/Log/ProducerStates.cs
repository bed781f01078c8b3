using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>What the sequence numbers of an idempotent producer say about a batch.</summary>
internal enum SequenceCheck
{
    /// <summary>The next one, or one of a producer that is not known or not idempotent.</summary>
    Append,

    /// <summary>One that is stored already: the answer is its offset, and nothing is written.</summary>
    Duplicate,

    OutOfOrder,

    /// <summary>From before the producer was replaced.</summary>
    StaleEpoch,

    /// <summary>A batch outside of a transaction while the producer has one open here.</summary>
    OutsideTransaction,
}

/// <summary>
/// The idempotent producers of a partition with their last batches and the transactions that they have open here. Used by the log's writer thread only.
/// Rules: Kafka's <c>ProducerAppendInfo</c>.
/// </summary>
internal sealed class ProducerStates
{
    /// <summary>As many as a producer may have in flight and retry.</summary>
    public const int BatchesKept = 5;

    /// <summary>A producer that is silent for longer is forgotten, as in Kafka (<c>producer.id.expiration.ms</c>).</summary>
    private static readonly TimeSpan Expiration = TimeSpan.FromHours(24);

    private readonly Dictionary<long, ProducerState> _producers = [];
    private readonly SortedSet<long> _openTransactions = [];

    public IReadOnlyCollection<ProducerState> All => _producers.Values;

    /// <summary>Where the earliest transaction that is still open begins: nobody who wants only what is committed may read on. Null: none is.</summary>
    public long? FirstOpenTransaction => _openTransactions.Count == 0 ? null : _openTransactions.Min;

    public SequenceCheck Check(in RecordBatchHeader batch, out long originalOffset)
    {
        originalOffset = -1;
        if (batch.ProducerId < 0 || batch.Attributes.IsControl || !_producers.TryGetValue(batch.ProducerId, out var producer))
            return SequenceCheck.Append;
        if (batch.ProducerEpoch < producer.Epoch)
            return SequenceCheck.StaleEpoch;
        if (batch.ProducerEpoch > producer.Epoch)
            return batch.BaseSequence == 0 ? SequenceCheck.Append : SequenceCheck.OutOfOrder;

        if (producer.TryFind(batch.BaseSequence, LastSequence(batch), out originalOffset))
            return SequenceCheck.Duplicate;
        if (batch.BaseSequence != Advance(producer.LastSequence, 1))
            return SequenceCheck.OutOfOrder;
        return producer.TransactionStart is not null && !batch.Attributes.IsTransactional ? SequenceCheck.OutsideTransaction : SequenceCheck.Append;
    }

    /// <summary>Remembers a batch that is in the log, or certain to be.</summary>
    public void Record(in RecordBatchHeader batch, long baseOffset, DateTimeOffset now)
    {
        if (batch.ProducerId < 0)
            return;

        var producer = InEpochOf(batch);
        producer.Add(new ProducedBatch(batch.BaseSequence, LastSequence(batch), baseOffset), now);
        if (batch.Attributes.IsTransactional && producer.TransactionStart is null)
        {
            producer.TransactionStart = baseOffset;
            _openTransactions.Add(baseOffset);
        }
    }

    /// <summary>Ends the producer's transaction. Its epoch may have been raised, which fences the producer that began it.</summary>
    /// <returns>Where the transaction began; null when none was open here.</returns>
    public long? RecordMarker(in RecordBatchHeader marker, DateTimeOffset now)
    {
        var start = _producers.GetValueOrDefault(marker.ProducerId)?.TransactionStart;
        var producer = InEpochOf(marker);
        producer.Seen(now);
        producer.TransactionStart = null;
        if (start is { } offset)
            _openTransactions.Remove(offset);
        return start;
    }

    /// <summary>Forgets all that is known and takes what a snapshot holds.</summary>
    public void Reset(IEnumerable<ProducerState> producers)
    {
        _producers.Clear();
        _openTransactions.Clear();
        foreach (var producer in producers)
        {
            _producers[producer.Id] = producer;
            if (producer.TransactionStart is { } start)
                _openTransactions.Add(start);
        }
    }

    /// <summary>Forgets the silent, and over the limit the longest silent.</summary>
    public void Trim(DateTimeOffset now, int limit)
    {
        // Who has a transaction open is not forgotten: its end would find nothing to end.
        var idle = _producers.Values.Where(p => p.TransactionStart is null).ToList();
        foreach (var producer in idle.Where(p => now - p.LastSeen > Expiration))
            _producers.Remove(producer.Id);
        foreach (var producer in idle.Where(p => _producers.ContainsKey(p.Id)).OrderByDescending(p => p.LastSeen).Skip(limit))
            _producers.Remove(producer.Id);
    }

    private ProducerState InEpochOf(in RecordBatchHeader batch)
    {
        if (_producers.TryGetValue(batch.ProducerId, out var producer) && producer.Epoch == batch.ProducerEpoch)
            return producer;
        var start = producer?.TransactionStart;
        return _producers[batch.ProducerId] = new ProducerState(batch.ProducerId, batch.ProducerEpoch) { TransactionStart = start };
    }

    private static int LastSequence(in RecordBatchHeader batch) => Advance(batch.BaseSequence, batch.LastOffsetDelta);

    /// <summary>Sequence numbers go from 2^31-1 to 0.</summary>
    private static int Advance(int sequence, int by) => (int)((sequence + (long)by) & int.MaxValue);
}
