using K4os.Compression.LZ4.Streams;
using K4os.Compression.LZ4.Streams.Frames;

namespace Millrace.Protocol.Records.Codecs;

/// <summary>lz4 in its frame format, with or without the checksums that clients differ in.</summary>
internal static class Lz4Codec
{
    public static void Decompress(ReadOnlyMemory<byte> input, int maxBytes, PooledBufferWriter output)
    {
        using ByteMemoryLZ4FrameReader frame = LZ4Frame.Decode(input);
        for (int left = maxBytes; ;)
        {
            int read = frame.ReadManyBytes(output.GetSpan(), interactive: true);
            if (read == 0)
            {
                return;
            }

            left = read <= left ? left - read : throw Compression.OverCap(maxBytes);
            output.Advance(read);
        }
    }

    public static void Compress(ReadOnlySpan<byte> input, PooledBufferWriter output) => LZ4Frame.Encode(input, output);
}
