using System.Globalization;

namespace Millrace.Chaos.Proof;

/// <summary>What the comparison found. Every number but the first ones has to be 0.</summary>
internal sealed record Verdict
{
    /// <summary>Events that a broker or ingest acknowledged.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Acknowledged events that are in the table.</summary>
    public required long Stored { get; init; }

    /// <summary>Events in the table that were not acknowledged: allowed, the answer may have been what was lost.</summary>
    public required long StoredUnacknowledged { get; init; }

    /// <summary>Bad records that were acknowledged.</summary>
    public required long BadAcknowledged { get; init; }

    public required long DeadLetters { get; init; }

    /// <summary>Records of the topic, copies and bad ones included.</summary>
    public required long Records { get; init; }

    public required long Flushes { get; init; }

    /// <summary>Acknowledged and not in the table.</summary>
    public required long Lost { get; init; }

    /// <summary>Rows beyond the first for one event.</summary>
    public required long Doubled { get; init; }

    /// <summary>Rows that stand before or beside an earlier event of their user, by partition and offset.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Acknowledged and not in the topic: the broker's loss, not the pipeline's.</summary>
    public required long LostByBroker { get; init; }

    /// <summary>Records of idempotent producers beyond the first for one event: the broker's doing.</summary>
    public required long DoubledByBroker { get; init; }

    /// <summary>Rows and dead letters that are of no event or record of this run, or not where the topic has it.</summary>
    public required long Misplaced { get; init; }

    /// <summary>Acknowledged bad records without a dead letter.</summary>
    public required long DeadLettersLost { get; init; }

    /// <summary>Dead letters beyond the first for one record.</summary>
    public required long DeadLettersDoubled { get; init; }

    /// <summary>Dead letters of the table that are not in the dead-letter topic.</summary>
    public required long DeadLettersNotRelayed { get; init; }

    /// <summary>Records of the dead-letter topic that are of no dead letter, or not with the place, key and bytes of the record that it was. Copies are allowed: it is sent at least once.</summary>
    public required long RelayedWrongly { get; init; }

    /// <summary>What is wrong with the ledger, a sentence each; the first few.</summary>
    public required IReadOnlyList<string> LedgerDifferences { get; init; }

    /// <summary>Partitions whose end was not reached in time.</summary>
    public required IReadOnlyList<string> Undrained { get; init; }

    public bool IsGood =>
        Acknowledged > 0 && Lost == 0 && Doubled == 0 && OutOfOrder == 0 && LostByBroker == 0 && DoubledByBroker == 0 && Misplaced == 0
        && DeadLettersLost == 0 && DeadLettersDoubled == 0 && DeadLettersNotRelayed == 0 && RelayedWrongly == 0 && LedgerDifferences.Count == 0 && Undrained.Count == 0;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"acknowledged {Acknowledged}, stored {Stored}, lost {Lost}, doubled {Doubled}, out of order {OutOfOrder}");

    /// <summary>Everything beyond the one line.</summary>
    public IEnumerable<string> Details()
    {
        yield return $"bad records {BadAcknowledged}, dead letters {DeadLetters}, lost {DeadLettersLost}, doubled {DeadLettersDoubled}, not relayed {DeadLettersNotRelayed}, relayed wrongly {RelayedWrongly}";
        yield return $"topic: {Records} records, acknowledged and not there {LostByBroker}, of idempotent producers twice {DoubledByBroker}";
        yield return $"table: stored without an acknowledgement {StoredUnacknowledged}, not where the topic has it {Misplaced}";
        yield return $"ledger: {Flushes} flushes, {(LedgerDifferences.Count == 0 ? "no gap, no overlap, counts agree with tables and topic" : "differs")}";
        foreach (var difference in LedgerDifferences)
            yield return $"ledger: {difference}";
        foreach (var partition in Undrained)
            yield return $"not drained: {partition}";
    }
}
