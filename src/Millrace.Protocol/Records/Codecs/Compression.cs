namespace Millrace.Protocol.Records.Codecs;

/// <summary>
/// The codecs of record batches, with a cap: a few bytes can say that they unpack to gigabytes. What the libraries throw on bad
/// input becomes a <see cref="WireFormatException"/> here.
/// </summary>
internal static class Compression
{
    /// <summary>Appends what <paramref name="input"/> unpacks to.</summary>
    /// <param name="maxBytes">The most that may be appended; it stops there.</param>
    /// <exception cref="WireFormatException">The input is damaged, unpacks to more, or no such codec exists.</exception>
    public static void Decompress(CompressionCodec codec, ReadOnlyMemory<byte> input, int maxBytes, PooledBufferWriter output)
    {
        try
        {
            switch (codec)
            {
                case CompressionCodec.None:
                    output.Append(input.Length <= maxBytes ? input.Span : throw OverCap(maxBytes));
                    break;
                case CompressionCodec.Gzip:
                    GzipCodec.Decompress(input, maxBytes, output);
                    break;
                case CompressionCodec.Snappy:
                    SnappyCodec.Decompress(input.Span, maxBytes, output);
                    break;
                case CompressionCodec.Lz4:
                    Lz4Codec.Decompress(input, maxBytes, output);
                    break;
                case CompressionCodec.Zstd:
                    ZstdCodec.Decompress(input.Span, maxBytes, output);
                    break;
                default:
                    throw new WireFormatException($"No codec has the number {(int)codec}.");
            }
        }
        catch (Exception exception) when (SaysBadInput(exception))
        {
            throw new WireFormatException($"{codec} data is damaged: {exception.Message}");
        }
    }

    /// <summary>Appends <paramref name="input"/>, packed at the codec's usual level.</summary>
    public static void Compress(CompressionCodec codec, ReadOnlySpan<byte> input, PooledBufferWriter output)
    {
        switch (codec)
        {
            case CompressionCodec.None:
                output.Append(input);
                break;
            case CompressionCodec.Gzip:
                GzipCodec.Compress(input, output);
                break;
            case CompressionCodec.Snappy:
                SnappyCodec.Compress(input, output);
                break;
            case CompressionCodec.Lz4:
                Lz4Codec.Compress(input, output);
                break;
            case CompressionCodec.Zstd:
                ZstdCodec.Compress(input, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "No such codec.");
        }
    }

    public static WireFormatException OverCap(int maxBytes) => new($"The data unpacks to more than {maxBytes} bytes.");

    private static bool SaysBadInput(Exception exception) => exception is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException;
}
