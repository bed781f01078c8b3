using K4os.Compression.LZ4.Streams;
using K4os.Compression.LZ4.Streams.Frames;

namespace Millrace.Protocol.Records.Codecs;

/// <summary>lz4 in its frame format, with or without the checksums that clients differ in.</summary>
internal static class Lz4Codec
{
    /// <summary>Of the frame: <c>magic uint32 | FLG byte | …</c>. https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md</summary>
    private const int FlagsAt = 4;

    private const byte HasDictionaryId = 1;

    /// <summary>The Java client reads only frames whose blocks do not depend on each other.</summary>
    private static readonly LZ4EncoderSettings EncoderSettings = new() { ChainBlocks = false };

    public static void Decompress(ReadOnlyMemory<byte> input, int maxBytes, PooledBufferWriter output)
    {
        // The only thing in a frame that the library does not implement.
        if (input.Length > FlagsAt && (input.Span[FlagsAt] & HasDictionaryId) != 0)
        {
            throw new InvalidDataException("the frame wants a dictionary, and Kafka has none.");
        }

        using ByteMemoryLZ4FrameReader frame = LZ4Frame.Decode(input);
        for (int left = maxBytes; ;)
        {
            int read = Read(frame, output.GetSpan());
            if (read == 0)
            {
                return;
            }

            left = read <= left ? left - read : throw Compression.OverCap(maxBytes);
            output.Advance(read);
        }
    }

    public static void Compress(ReadOnlySpan<byte> input, PooledBufferWriter output) => LZ4Frame.Encode(input, output, EncoderSettings);

    /// <summary>The library says with these exceptions too that a frame is damaged.</summary>
    private static int Read(ByteMemoryLZ4FrameReader frame, Span<byte> destination)
    {
        try
        {
            return frame.ReadManyBytes(destination, interactive: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}
