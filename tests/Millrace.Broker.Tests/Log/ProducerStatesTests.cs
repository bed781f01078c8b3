using Millrace.Broker.Log;

namespace Millrace.Broker.Tests.Log;

public sealed class ProducerStatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ProducerStates _states = new();

    [Fact]
    public void Batch_without_producer_is_always_appended()
    {
        var header = Batches.HeaderOf(Batches.Of("a"));
        Assert.Equal(SequenceCheck.Append, _states.Check(header, out _));
        _states.Record(header, 0, Now);
        Assert.Empty(_states.All);
    }

    [Fact]
    public void Repeated_batch_is_duplicate_with_its_first_offset()
    {
        Append(sequence: 0, count: 3, offset: 100);
        Append(sequence: 3, count: 2, offset: 103);
        Assert.Equal(SequenceCheck.Duplicate, Check(0, 3, out var original));
        Assert.Equal(100, original);
        Assert.Equal(SequenceCheck.Duplicate, Check(3, 2, out original));
        Assert.Equal(103, original);
    }

    [Fact]
    public void Only_the_last_five_batches_are_duplicates()
    {
        for (var i = 0; i < 6; i++)
            Append(sequence: i, count: 1, offset: i);
        Assert.Equal(SequenceCheck.OutOfOrder, Check(0, 1, out _));
        Assert.Equal(SequenceCheck.Duplicate, Check(1, 1, out var original));
        Assert.Equal(1, original);
    }

    [Fact]
    public void Gap_and_different_batch_at_same_sequence_are_out_of_order()
    {
        Append(sequence: 0, count: 3, offset: 0);
        Assert.Equal(SequenceCheck.OutOfOrder, Check(4, 1, out _));
        Assert.Equal(SequenceCheck.OutOfOrder, Check(0, 2, out _));
        Assert.Equal(SequenceCheck.Append, Check(3, 1, out _));
    }

    [Fact]
    public void Sequence_goes_from_largest_to_zero()
    {
        Append(sequence: int.MaxValue - 1, count: 2, offset: 0);
        Assert.Equal(SequenceCheck.Append, Check(0, 1, out _));
        Append(sequence: 0, count: 1, offset: 2);

        Append(sequence: 1, count: 1, offset: 3);
        Assert.Equal(SequenceCheck.Duplicate, Check(int.MaxValue - 1, 2, out var original));
        Assert.Equal(0, original);
    }

    [Fact]
    public void Batch_that_spans_the_largest_sequence_is_followed_by_the_right_one()
    {
        Append(sequence: int.MaxValue, count: 3, offset: 0);
        Assert.Equal(SequenceCheck.OutOfOrder, Check(1, 1, out _));
        Assert.Equal(SequenceCheck.Append, Check(2, 1, out _));
    }

    [Fact]
    public void Newer_epoch_begins_at_zero_and_older_is_stale()
    {
        Append(sequence: 0, count: 3, offset: 0);
        Assert.Equal(SequenceCheck.OutOfOrder, Check(3, 1, out _, epoch: 1));
        Assert.Equal(SequenceCheck.Append, Check(0, 1, out _, epoch: 1));
        _states.Record(Batches.HeaderOf(Batches.Idempotent(7, 1, 0, "x")), 3, Now);
        Assert.Equal(SequenceCheck.StaleEpoch, Check(3, 1, out _));
        Assert.Equal(SequenceCheck.Append, Check(1, 1, out _, epoch: 1));
    }

    [Fact]
    public void Trim_forgets_the_silent_and_over_the_limit_the_longest_silent()
    {
        for (var id = 0; id < 5; id++)
            _states.Record(Batches.HeaderOf(Batches.Idempotent(id, 0, 0, "x")), id, Now.AddHours(id));
        _states.Trim(Now.AddHours(25), limit: 2);
        Assert.Equal([3L, 4L], _states.All.Select(p => p.Id).Order());
    }

    private void Append(int sequence, int count, long offset)
    {
        Assert.Equal(SequenceCheck.Append, Check(sequence, count, out _));
        _states.Record(Batches.HeaderOf(Batch(sequence, count)), offset, Now);
    }

    private SequenceCheck Check(int sequence, int count, out long original, short epoch = 0) =>
        _states.Check(Batches.HeaderOf(Batch(sequence, count, epoch)), out original);

    private static byte[] Batch(int sequence, int count, short epoch = 0) =>
        Batches.Idempotent(7, epoch, sequence, [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
}
