using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Log;

/// <summary>A checked batch on its way into a partition, and afterwards what became of it.</summary>
internal sealed class AppendPart(PartitionLog log, Memory<byte> batch, RecordBatchHeader header)
{
    public PartitionLog Log { get; } = log;

    /// <summary>Part of the request's frame: valid until the request is settled.</summary>
    public Memory<byte> Batch { get; } = batch;

    public RecordBatchHeader Header { get; } = header;

    public ErrorCode Error { get; set; }

    public long BaseOffset { get; set; } = -1;

    /// <summary>-1 when the records keep their own times.</summary>
    public long LogAppendTimeMs { get; set; } = -1;
}

/// <summary>All batches of one Produce request. <see cref="Done"/> completes once, always without an exception.</summary>
internal sealed class AppendRequest(AppendPart[] parts, bool waitsForDisk)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendPart[] Parts { get; } = parts;

    /// <summary>acks=all: answered when the records are on disk. Otherwise when the operating system has them.</summary>
    public bool WaitsForDisk { get; } = waitsForDisk;

    public Task Done => _done.Task;

    public void Settle()
    {
        foreach (var part in Parts)
        {
            if (part.Error is ErrorCode.None && part.Log.Status is not LogStatus.Online)
                part.Error = part.Log.Status is LogStatus.Deleted ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError;
        }

        _done.TrySetResult();
    }
}
