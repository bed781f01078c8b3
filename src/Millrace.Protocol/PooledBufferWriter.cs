using System.Buffers;

namespace Millrace.Protocol;

/// <summary>
/// A growing buffer from the shared pool. Unlike a pipe it is contiguous, so a length can be put in front of what has been
/// written. Not for use after <see cref="Dispose"/>: the array belongs to somebody else then.
/// </summary>
internal sealed class PooledBufferWriter(int initialCapacity = 256) : IBufferWriter<byte>, IDisposable
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(initialCapacity);

    public int WrittenCount { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => Buffer.AsMemory(0, WrittenCount);

    public Span<byte> WrittenSpan => Buffer.AsSpan(0, WrittenCount);

    private byte[] Buffer => _array ?? throw new ObjectDisposedException(nameof(PooledBufferWriter));

    /// <summary>Forgets what has been written and keeps the memory.</summary>
    public void Clear() => WrittenCount = 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(Buffer.AsSpan(WrittenCount));
        WrittenCount += bytes.Length;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Buffer.Length - WrittenCount);
        WrittenCount += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Buffer.AsMemory(WrittenCount);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return Buffer.AsSpan(WrittenCount);
    }

    public void Dispose()
    {
        if (_array is { } array)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = checked(WrittenCount + int.Max(sizeHint, 1));
        if (needed <= Buffer.Length)
        {
            return;
        }

        int doubled = (int)long.Min(2L * Buffer.Length, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(int.Max(needed, doubled));
        WrittenSpan.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Buffer);
        _array = larger;
    }
}
