using Millrace.Events;
using Millrace.Pipeline.DeadLetters;
using Millrace.Pipeline.Read;

namespace Millrace.Pipeline.Write;

/// <summary>What one transaction writes: records of one partition without a gap, each either a row or a dead letter.</summary>
internal sealed class Batch
{
    private readonly List<LaneRecord> _rowRecords = [];
    private readonly List<DeadLetter> _dead = [];

    /// <summary>The good records, as rows.</summary>
    public EventRows Rows { get; } = new();

    /// <summary>The refused ones.</summary>
    public IReadOnlyList<DeadLetter> Dead => _dead;

    /// <summary>The first record's offset.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>One past the last record's offset.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The leader epoch of the last record.</summary>
    public int? LeaderEpoch { get; private set; }

    /// <summary>How many records there are.</summary>
    public int Count => Rows.Count + _dead.Count;

    /// <summary>The bytes of their keys and values.</summary>
    public long Bytes { get; private set; }

    /// <summary>Forgets everything and keeps the buffers.</summary>
    public void Clear()
    {
        Rows.Clear();
        _rowRecords.Clear();
        _dead.Clear();
        Bytes = 0;
    }

    /// <summary>Adds the record as a row.</summary>
    public void AddRow(in LaneRecord record, int partition, Guid eventId, in Envelope envelope, ReadOnlySpan<byte> userId, bool hasUserId)
    {
        Note(record);
        Rows.Add(eventId, envelope, userId, hasUserId, envelope.Timestamp ?? record.Timestamp, record.Value, partition, record.Offset);
        _rowRecords.Add(record);
    }

    /// <summary>Adds the record as a dead letter.</summary>
    public void AddDead(in LaneRecord record, RefusalReason reason, string detail)
    {
        Note(record);
        _dead.Add(new DeadLetter(record, reason, detail));
    }

    /// <summary>The record that a row was made of.</summary>
    public LaneRecord RecordOfRow(int row) => _rowRecords[row];

    private void Note(in LaneRecord record)
    {
        if (Count == 0)
            FirstOffset = record.Offset;
        NextOffset = record.Offset + 1;
        LeaderEpoch = record.LeaderEpoch;
        Bytes += record.Size;
    }
}
