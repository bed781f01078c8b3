using System.Text;
using K4os.Compression.LZ4.Streams;
using Millrace.Protocol.Records;
using Millrace.Protocol.Records.Codecs;
using Snappier;

namespace Millrace.Protocol.Tests.Records;

public sealed class CompressionTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("the mill race turns the wheel ", 10_000)));

    public static TheoryData<string> Codecs => [.. Enum.GetNames<CompressionCodec>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Data_packed_and_unpacked_is_the_same(string codecName)
    {
        CompressionCodec codec = Enum.Parse<CompressionCodec>(codecName);
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);

        foreach (byte[] data in (byte[][])[[], [1], Text, noise])
        {
            Assert.Equal(data, Unpack(codec, Pack(codec, data), data.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Data_over_the_cap_is_refused(string codecName)
    {
        CompressionCodec codec = Enum.Parse<CompressionCodec>(codecName);
        byte[] packed = Pack(codec, Text);

        Assert.Equal(Text.Length, Unpack(codec, packed, Text.Length).Length);
        Assert.Throws<WireFormatException>(() => Unpack(codec, packed, Text.Length - 1));
        Assert.Throws<WireFormatException>(() => Unpack(codec, packed, 0));
    }

    [Theory]
    [InlineData(nameof(CompressionCodec.Gzip))]
    [InlineData(nameof(CompressionCodec.Snappy))]
    [InlineData(nameof(CompressionCodec.Lz4))]
    [InlineData(nameof(CompressionCodec.Zstd))]
    public void Bomb_is_stopped_at_the_cap(string codecName)
    {
        CompressionCodec codec = Enum.Parse<CompressionCodec>(codecName);
        byte[] bomb = Pack(codec, new byte[64 * 1024 * 1024]);
        const int Cap = 1024 * 1024;

        using var output = new PooledBufferWriter();
        Assert.Throws<WireFormatException>(() => Compression.Decompress(codec, bomb, Cap, output));

        Assert.InRange(output.WrittenCount, 0, Cap);
        Assert.InRange(output.GetMemory().Length, 0, 4 * Cap);
    }

    [Theory]
    [InlineData(nameof(CompressionCodec.Gzip))]
    [InlineData(nameof(CompressionCodec.Snappy))]
    [InlineData(nameof(CompressionCodec.Lz4))]
    [InlineData(nameof(CompressionCodec.Zstd))]
    public void Data_cut_off_never_gives_the_whole(string codecName)
    {
        CompressionCodec codec = Enum.Parse<CompressionCodec>(codecName);
        byte[] packed = Pack(codec, Text);

        // Not every codec says that its input is cut off; the record reader then misses the rest.
        Exception? exception = Xunit.Record.Exception(() => Assert.True(Unpack(codec, packed[..(packed.Length / 2)], Text.Length).Length < Text.Length));

        Assert.True(exception is null or WireFormatException, $"{exception}");
    }

    [Fact]
    public void Raw_snappy_of_other_clients_is_read() =>
        Assert.Equal(Text, Unpack(CompressionCodec.Snappy, Snappy.CompressToArray(Text), Text.Length));

    [Theory]
    [InlineData("82534e41505059000000000100000001" + "7fffffff00")] // a block of 2 GiB
    [InlineData("82534e41505059000000000100000001" + "ffffffff00")]
    [InlineData("82534e41505059000000000100000001" + "0000")]
    [InlineData("82534e4150505900")]
    [InlineData("ffffff7f00")] // raw, 256 MiB from one byte
    public void Snappy_with_a_false_length_is_refused_before_memory_is_taken(string hex)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<WireFormatException>(() => Unpack(CompressionCodec.Snappy, Convert.FromHexString(hex), int.MaxValue));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public void Lz4_frames_of_every_kind_of_client_are_read(bool contentChecksum, bool blockChecksum, bool chainBlocks)
    {
        var settings = new LZ4EncoderSettings { ContentChecksum = contentChecksum, BlockChecksum = blockChecksum, ChainBlocks = chainBlocks };
        using var frame = new PooledBufferWriter();
        LZ4Frame.Encode(Text.AsSpan(), frame, settings);

        Assert.Equal(Text, Unpack(CompressionCodec.Lz4, frame.WrittenMemory.ToArray(), Text.Length));
    }

    [Fact]
    public void Lz4_frame_with_its_content_size_is_read()
    {
        // By the lz4 command, as Python clients write it too.
        byte[] frame = Convert.FromHexString(
            "04224d186c405802000000000000402c000000f005746865206d696c6c2072616365207475726e7320140051776865656c0a000f1e00ffff20"
            + "506865656c200000000055ff11d4");

        Assert.Equal(Text[..600], Unpack(CompressionCodec.Lz4, frame, 600));
    }

    [Fact]
    public void Lz4_frame_that_wants_a_dictionary_is_refused()
    {
        // Flags, blocks of 64 KiB, the id of the dictionary, the checksum of these, one block that is stored as it is, the end.
        byte[] without = Convert.FromHexString("04224d18" + "6040" + "82" + "01000080" + "61" + "00000000");
        byte[] with = Convert.FromHexString("04224d18" + "6140" + "01000000" + "d0" + "01000080" + "61" + "00000000");

        Assert.Equal("a"u8.ToArray(), Unpack(CompressionCodec.Lz4, without, 100));
        WireFormatException refused = Assert.Throws<WireFormatException>(() => Unpack(CompressionCodec.Lz4, with, 100));
        Assert.Contains("dictionary", refused.Message);
    }

    [Fact]
    public void Lz4_frame_written_has_independent_blocks()
    {
        const byte BlocksAreIndependent = 1 << 5;

        Assert.NotEqual(0, Pack(CompressionCodec.Lz4, Text)[4] & BlocksAreIndependent);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Codec_that_does_not_exist_is_refused(int number) =>
        Assert.Throws<WireFormatException>(() => Unpack((CompressionCodec)number, [1, 2, 3], 100));

    private static byte[] Pack(CompressionCodec codec, byte[] data)
    {
        using var output = new PooledBufferWriter();
        Compression.Compress(codec, data, output);
        return output.WrittenMemory.ToArray();
    }

    private static byte[] Unpack(CompressionCodec codec, byte[] data, int cap)
    {
        using var output = new PooledBufferWriter();
        Compression.Decompress(codec, data, cap, output);
        return output.WrittenMemory.ToArray();
    }
}
