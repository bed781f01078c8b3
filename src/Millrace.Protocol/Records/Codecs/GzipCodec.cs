using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Millrace.Protocol.Records.Codecs;

/// <summary>gzip (RFC 1952), from the base library.</summary>
internal static class GzipCodec
{
    public static void Decompress(ReadOnlyMemory<byte> input, int maxBytes, PooledBufferWriter output)
    {
        using var gzip = new GZipStream(AsStream(input), CompressionMode.Decompress);
        for (int left = maxBytes; ;)
        {
            int read = gzip.Read(output.GetSpan());
            if (read == 0)
            {
                return;
            }

            left = read <= left ? left - read : throw Compression.OverCap(maxBytes);
            output.Advance(read);
        }
    }

    public static void Compress(ReadOnlySpan<byte> input, PooledBufferWriter output)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(input);
        }

        output.Append(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> input) =>
        MemoryMarshal.TryGetArray(input, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(input.ToArray(), writable: false);
}
