using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Millrace.Protocol;

namespace Millrace.Broker.Network;

/// <summary>
/// Cuts the bytes of a connection into frames, <c>size int32 | size bytes</c>. Not a pipe: a frame must lie in one
/// piece to be checked and stored, and a large one is received straight into the array in which it stays.
/// </summary>
/// <remarks>
/// The announced size is checked before memory is taken for it, and memory is taken only as bytes arrive: a client that
/// announces 100 MiB and sends nothing costs 64 KiB.
/// </remarks>
internal sealed class FrameReader(Transport transport, int maxFrameSize, MemoryBudget budget, TimeProvider time) : IDisposable
{
    /// <summary>Many small requests, or the beginning of a large one, in one system call.</summary>
    private const int BufferSize = 16 * 1024;

    /// <summary>A request has more; the shortest token of a login has not.</summary>
    private const int SmallestFrame = 1;

    /// <summary>How much a large buffer grows at a time: the bytes copied are at most a third of the frame.</summary>
    private const int GrowthFactor = 4;

    /// <summary>Empty while nothing is there and nothing is waited for but the first byte: ten thousand idle clients cost no buffers.</summary>
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    private long _lastReceived = time.GetTimestamp();
    private volatile bool _isInsideFrame;

    /// <summary>Whether the client owes the rest of a frame.</summary>
    public bool IsInsideFrame => _isInsideFrame;

    /// <summary>How long nothing has come.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _lastReceived));

    private int Buffered => _end - _start;

    /// <summary>The next frame; null when the client has closed the connection between two frames.</summary>
    /// <exception cref="WireFormatException">The size is negative, too small or over the limit.</exception>
    /// <exception cref="SocketException">The connection broke, or was closed inside a frame.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (Buffered < Framing.SizeLength)
        {
            _isInsideFrame = Buffered > 0;
            if (Buffered == 0)
                await WaitWithoutBufferAsync(cancellationToken).ConfigureAwait(false);
            if (await ReceiveAsync(cancellationToken).ConfigureAwait(false))
                continue;
            return Buffered == 0 ? null : throw new SocketException((int)SocketError.ConnectionReset);
        }

        _isInsideFrame = true;
        var frame = await ReadBodyAsync(TakeSize(), cancellationToken).ConfigureAwait(false);
        _isInsideFrame = false;
        return frame;
    }

    /// <summary>A frame that has arrived as a whole, without waiting.</summary>
    /// <exception cref="WireFormatException">The size is negative, too small or over the limit.</exception>
    public bool TryReadBuffered(out Frame? frame)
    {
        frame = null;
        if (!HasWholeFrame())
        {
            RentBuffer();
            MakeRoom();
            _end += transport.ReceiveAvailable(_buffer.AsSpan(_end));
        }

        if (!HasWholeFrame())
            return false;
        frame = CopyFrame(TakeSize());
        return true;
    }

    public void Dispose() => ReturnBuffer();

    private bool HasWholeFrame() => Buffered >= Framing.SizeLength && Buffered - Framing.SizeLength >= PeekSize();

    private int PeekSize()
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (size < SmallestFrame || size > maxFrameSize)
            throw new WireFormatException($"a request of {size} bytes was announced; it must be from {SmallestFrame} to {maxFrameSize}.");
        return size;
    }

    private int TakeSize()
    {
        var size = PeekSize();
        _start += Framing.SizeLength;
        return size;
    }

    private Frame CopyFrame(int size)
    {
        var array = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, size).CopyTo(array);
        _start += size;
        return new Frame(array, size, new MemoryLease(budget));
    }

    private async ValueTask<Frame> ReadBodyAsync(int size, CancellationToken cancellationToken)
    {
        if (size <= Buffered)
            return CopyFrame(size);

        var lease = new MemoryLease(budget);
        var array = ArrayPool<byte>.Shared.Rent(Math.Min(size, MemoryBudget.Uncounted));
        try
        {
            var filled = Buffered;
            _buffer.AsSpan(_start, filled).CopyTo(array);
            (_start, _end) = (0, 0);
            while (filled < size)
            {
                if (filled == array.Length)
                {
                    var larger = (int)Math.Min(size, (long)array.Length * GrowthFactor);
                    await lease.GrowToAsync(larger, cancellationToken).ConfigureAwait(false);
                    array = Grow(array, filled, larger);
                }

                var room = array.AsMemory(filled, Math.Min(array.Length, size) - filled);
                var received = await transport.ReceiveAsync(room, cancellationToken).ConfigureAwait(false);
                if (received == 0)
                    throw new SocketException((int)SocketError.ConnectionReset);
                filled += received;
                Volatile.Write(ref _lastReceived, time.GetTimestamp());
            }

            return new Frame(array, size, lease);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            lease.Dispose();
            throw;
        }
    }

    private static byte[] Grow(byte[] array, int filled, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        array.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        return larger;
    }

    /// <summary>Completes when the client has sent something, or has gone.</summary>
    private async ValueTask WaitWithoutBufferAsync(CancellationToken cancellationToken)
    {
        ReturnBuffer();
        await transport.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
    }

    private void RentBuffer()
    {
        if (_buffer.Length == 0)
            _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end) = (0, 0);
    }

    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        RentBuffer();
        MakeRoom();
        var received = await transport.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += received;
        Volatile.Write(ref _lastReceived, time.GetTimestamp());
        return received > 0;
    }

    private void MakeRoom()
    {
        if (_start == 0)
            return;
        _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
        (_start, _end) = (0, Buffered);
    }
}
