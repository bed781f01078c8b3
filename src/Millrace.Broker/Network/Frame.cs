using System.Buffers;

namespace Millrace.Broker.Network;

/// <summary>A received request without its size: a pooled array that goes back with <see cref="Dispose"/>.</summary>
internal sealed class Frame(byte[] pooled, int length, MemoryLease lease) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes { get; } = pooled.AsMemory(0, length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(pooled);
        lease.Dispose();
    }
}
