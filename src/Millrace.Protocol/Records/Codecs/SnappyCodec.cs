using System.Buffers.Binary;
using Snappier;

namespace Millrace.Protocol.Records.Codecs;

/// <summary>
/// snappy, which Kafka has in two forms: raw, as librdkafka and others write it, and in the frame of the Java library:
/// <c>0x82 "SNAPPY" 0x00 | version int32 | compatible version int32 | {length int32 | raw snappy} …</c>. Both are read; the
/// second is written, because every client reads it.
/// </summary>
internal static class SnappyCodec
{
    private const int FrameHeaderSize = 16;
    private const int FrameBlockSize = 32 * 1024;

    /// <summary>The densest element copies 64 bytes and takes three, so a block that claims more than this is lying.</summary>
    private const int MaxRatio = 64 / 3 + 1;

    private static ReadOnlySpan<byte> FrameMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static void Decompress(ReadOnlySpan<byte> input, int maxBytes, PooledBufferWriter output)
    {
        if (!input.StartsWith(FrameMagic))
        {
            DecompressBlock(input, maxBytes, output);
            return;
        }

        ReadOnlySpan<byte> rest = input.Length >= FrameHeaderSize
            ? input[FrameHeaderSize..]
            : throw new WireFormatException("The snappy frame is cut off.");
        int left = maxBytes;
        while (!rest.IsEmpty)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(rest, out int size) || size < 0 || size > rest.Length - sizeof(int))
            {
                throw new WireFormatException("A block of the snappy frame is cut off.");
            }

            left -= DecompressBlock(rest.Slice(sizeof(int), size), left, output);
            rest = rest[(sizeof(int) + size)..];
        }
    }

    public static void Compress(ReadOnlySpan<byte> input, PooledBufferWriter output)
    {
        output.Append(FrameMagic);
        Span<byte> versions = output.GetSpan(2 * sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(versions, 1);
        BinaryPrimitives.WriteInt32BigEndian(versions[sizeof(int)..], 1);
        output.Advance(2 * sizeof(int));

        while (!input.IsEmpty)
        {
            ReadOnlySpan<byte> block = input[..int.Min(FrameBlockSize, input.Length)];
            Span<byte> packed = output.GetSpan(sizeof(int) + Snappy.GetMaxCompressedLength(block.Length));
            int size = Snappy.Compress(block, packed[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(packed, size);
            output.Advance(sizeof(int) + size);
            input = input[block.Length..];
        }
    }

    private static int DecompressBlock(ReadOnlySpan<byte> block, int maxBytes, PooledBufferWriter output)
    {
        int length = Snappy.GetUncompressedLength(block);
        if (length > maxBytes)
        {
            throw Compression.OverCap(maxBytes);
        }

        if (length < 0 || length > (long)block.Length * MaxRatio)
        {
            throw new WireFormatException($"A snappy block of {block.Length} bytes cannot unpack to {length}.");
        }

        if (!Snappy.TryDecompress(block, output.GetSpan(length)[..length], out int written) || written != length)
        {
            throw new WireFormatException("A snappy block does not unpack to the length that it gives.");
        }

        output.Advance(length);
        return length;
    }
}
