using System.Buffers;

namespace Millrace.Broker.Log;

/// <summary>Whole batches, read from a segment into a pooled array that goes back with <see cref="Dispose"/>.</summary>
internal readonly struct FetchedRecords : IDisposable
{
    private readonly byte[]? _pooled;

    public FetchedRecords(byte[] pooled, Range range)
    {
        _pooled = pooled;
        Bytes = pooled.AsMemory(range);
    }

    private FetchedRecords(bool isCorrupt) => IsCorrupt = isCorrupt;

    /// <summary>There should be records here, and what is on disk are none.</summary>
    public static FetchedRecords Corrupt => new(isCorrupt: true);

    public ReadOnlyMemory<byte> Bytes { get; }

    public bool IsCorrupt { get; }

    public void Dispose()
    {
        if (_pooled is not null)
            ArrayPool<byte>.Shared.Return(_pooled);
    }
}
