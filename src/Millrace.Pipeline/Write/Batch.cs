using System.Runtime.InteropServices;
using Millrace.Events;
using Millrace.Pipeline.DeadLetters;
using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline.Write;

/// <summary>What one transaction writes: the records of a buffer, each a row, a dead letter, or one that waits.</summary>
internal sealed class Batch
{
    private readonly List<int> _recordOfRow = [];
    private readonly List<DeadLetter> _dead = [];
    private readonly List<ParkedEvent> _parked = [];
    private readonly Dictionary<(RefusalReason Reason, string EventType), int> _warnings = [];

    /// <summary>Where the records stand.</summary>
    public RecordBuffer Records { get; private set; } = new();

    /// <summary>The good ones, as rows.</summary>
    public EventRows Rows { get; } = new();

    /// <summary>The refused ones.</summary>
    public IReadOnlyList<DeadLetter> Dead => _dead;

    /// <summary>Those that wait for their user.</summary>
    public IReadOnlyList<ParkedEvent> Parked => _parked;

    /// <summary>How many events are rows, or wait, although something is wrong with them by the schemas.</summary>
    public IReadOnlyDictionary<(RefusalReason Reason, string EventType), int> Warnings => _warnings;

    /// <summary>The sentence for the first of them; empty when there is none.</summary>
    public string FirstWarning { get; private set; } = "";

    /// <summary>The first record's offset.</summary>
    public long FirstOffset => Records[0].Offset;

    /// <summary>One past the last record's offset.</summary>
    public long NextOffset => Records[Records.Count - 1].Offset + 1;

    /// <summary>The leader epoch of the last record.</summary>
    public int? LeaderEpoch => Records[Records.Count - 1].LeaderEpoch;

    /// <summary>Begins anew with these records, none of them judged yet.</summary>
    public void Begin(RecordBuffer records)
    {
        Records = records;
        Rows.Clear();
        _recordOfRow.Clear();
        _dead.Clear();
        _parked.Clear();
        _warnings.Clear();
        FirstWarning = "";
    }

    /// <summary>The record at <paramref name="index"/> becomes a row.</summary>
    public void AddRow(
        int index, in Record record, int partition, Guid eventId, in Envelope envelope, ReadOnlySpan<byte> userId, bool hasUserId)
    {
        Rows.Add(eventId, envelope, userId, hasUserId, envelope.Timestamp ?? record.Timestamp, record.Value, partition, record.Offset);
        _recordOfRow.Add(index);
    }

    /// <summary>The record at <paramref name="index"/> becomes a dead letter.</summary>
    public void AddDead(int index, RefusalReason reason, string detail) => _dead.Add(new DeadLetter(index, reason, detail));

    /// <summary>An event will be stored although something is wrong with it.</summary>
    public void AddWarning(in SchemaVerdict verdict)
    {
        if (_warnings.Count == 0)
            FirstWarning = verdict.Detail;
        CollectionsMarshal.GetValueRefOrAddDefault(_warnings, (verdict.Reason, verdict.EventType), out _)++;
    }

    /// <summary>The event waits for its user.</summary>
    public void AddParked(ParkedEvent parked) => _parked.Add(parked);

    /// <summary>Which record a row was made of.</summary>
    public int RecordOfRow(int row) => _recordOfRow[row];
}
