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
}

/// <summary>
/// The idempotent producers of a partition with their last batches. Used by the log's writer thread only.
/// Rules: Kafka's <c>ProducerAppendInfo</c>.
/// </summary>
internal sealed class ProducerStates
{
    /// <summary>As many as a producer may have in flight and retry.</summary>
    public const int BatchesKept = 5;

    /// <summary>A producer that is silent for longer is forgotten, as in Kafka (<c>producer.id.expiration.ms</c>).</summary>
    private static readonly TimeSpan Expiration = TimeSpan.FromHours(24);

    private readonly Dictionary<long, ProducerState> _producers = [];

    public IReadOnlyCollection<ProducerState> All => _producers.Values;

    public SequenceCheck Check(in RecordBatchHeader batch, out long originalOffset)
    {
        originalOffset = -1;
        if (batch.ProducerId < 0 || !_producers.TryGetValue(batch.ProducerId, out var producer))
            return SequenceCheck.Append;
        if (batch.ProducerEpoch < producer.Epoch)
            return SequenceCheck.StaleEpoch;
        if (batch.ProducerEpoch > producer.Epoch)
            return batch.BaseSequence == 0 ? SequenceCheck.Append : SequenceCheck.OutOfOrder;

        if (producer.TryFind(batch.BaseSequence, LastSequence(batch), out originalOffset))
            return SequenceCheck.Duplicate;
        return batch.BaseSequence == Advance(producer.LastSequence, 1) ? SequenceCheck.Append : SequenceCheck.OutOfOrder;
    }

    /// <summary>Remembers a batch that is in the log, or certain to be.</summary>
    public void Record(in RecordBatchHeader batch, long baseOffset, DateTimeOffset now)
    {
        if (batch.ProducerId < 0)
            return;

        if (!_producers.TryGetValue(batch.ProducerId, out var producer) || producer.Epoch != batch.ProducerEpoch)
            _producers[batch.ProducerId] = producer = new ProducerState(batch.ProducerId, batch.ProducerEpoch);
        producer.Add(new ProducedBatch(batch.BaseSequence, LastSequence(batch), baseOffset), now);
    }

    public void Restore(ProducerState producer) => _producers[producer.Id] = producer;

    /// <summary>Forgets the silent, and over the limit the longest silent.</summary>
    public void Trim(DateTimeOffset now, int limit)
    {
        foreach (var producer in _producers.Values.Where(p => now - p.LastSeen > Expiration).ToList())
            _producers.Remove(producer.Id);
        foreach (var producer in _producers.Values.OrderByDescending(p => p.LastSeen).Skip(limit).ToList())
            _producers.Remove(producer.Id);
    }

    private static int LastSequence(in RecordBatchHeader batch) => Advance(batch.BaseSequence, batch.LastOffsetDelta);

    /// <summary>Sequence numbers go from 2^31-1 to 0.</summary>
    private static int Advance(int sequence, int by) => (int)((sequence + (long)by) & int.MaxValue);
}
