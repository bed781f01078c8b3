using ZstdSharp;

namespace Millrace.Protocol.Records.Codecs;

/// <summary>
/// zstd. It unpacks in one call into a buffer that is large enough: the streaming form would let the sender choose the window,
/// up to 128 MiB, that is allocated before the first byte.
/// </summary>
internal static class ZstdCodec
{
    /// <summary>Kafka's default.</summary>
    private const int Level = 3;

    // Some 150 KB of tables each, so one a thread and not one a batch.
    [ThreadStatic]
    private static Decompressor? _decompressor;

    [ThreadStatic]
    private static Compressor? _compressor;

    public static void Decompress(ReadOnlySpan<byte> input, int maxBytes, PooledBufferWriter output)
    {
        // The size that the frames give, or else what their blocks can hold at most.
        ulong bound = Decompressor.GetDecompressedSize(input);
        int capacity = (int)ulong.Min(bound, (ulong)maxBytes);
        Decompressor decompressor = _decompressor ??= new Decompressor();
        if (!decompressor.TryUnwrap(input, output.GetSpan(capacity)[..capacity], out int written))
        {
            throw Compression.OverCap(maxBytes);
        }

        output.Advance(written);
    }

    public static void Compress(ReadOnlySpan<byte> input, PooledBufferWriter output)
    {
        Compressor compressor = _compressor ??= new Compressor(Level);
        int written = compressor.Wrap(input, output.GetSpan(Compressor.GetCompressBound(input.Length)));
        output.Advance(written);
    }
}
