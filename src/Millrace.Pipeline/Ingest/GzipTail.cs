using System.Buffers.Binary;

namespace Millrace.Pipeline.Ingest;

/// <summary>
/// Passes a gzip stream on and keeps its last eight bytes, by which <see cref="Matches"/> tells whether it arrived whole: <c>GZipStream</c> takes one
/// that breaks off for one that ends, and a request that lost its second half would be answered as if it had never had one.
/// </summary>
internal sealed class GzipTail(Stream source) : Stream
{
    // CRC-32 and length of what the last member holds (RFC 1952, 2.3.1).
    private const int TailBytes = 8;

    private static readonly uint[] CrcTable = MakeCrcTable();

    private readonly byte[] _tail = new byte[TailBytes];
    private int _kept;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether what was passed on ends with the check sum and length of the end of <paramref name="unfolded"/>.</summary>
    public bool Matches(ReadOnlySpan<byte> unfolded)
    {
        if (_kept < TailBytes)
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(_tail.AsSpan(4));
        return length <= unfolded.Length && Crc32(unfolded[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(_tail);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Requests are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var last = bytes.Length > TailBytes ? bytes[^TailBytes..] : bytes;
        var stay = Math.Min(_kept, TailBytes - last.Length);
        _tail.AsSpan(_kept - stay, stay).CopyTo(_tail);
        last.CopyTo(_tail.AsSpan(stay));
        _kept = stay + last.Length;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
            table[i] = value;
        }

        return table;
    }
}
