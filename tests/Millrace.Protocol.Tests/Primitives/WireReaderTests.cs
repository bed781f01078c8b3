using System.Buffers;
using System.Text;

namespace Millrace.Protocol.Tests.Primitives;

/// <summary>What the reader refuses; what it accepts is shown by the golden tests.</summary>
public sealed class WireReaderTests
{
    [Theory]
    [InlineData("fffe", false)] // -2
    [InlineData("8000", false)]
    [InlineData("00056162", false)] // five bytes, two there
    [InlineData("066162", true)]
    [InlineData("ffffffff0f6162", true)]
    [InlineData("ffffffffff01", true)] // a length of six bytes
    [InlineData("00", false)] // half a length
    [InlineData("", true)]
    public void String_with_a_false_length_is_refused(string hex, bool flexible) =>
        Refused(hex, (ref reader) => reader.ReadNullableString(flexible));

    [Theory]
    [InlineData("0002c328", false)]
    [InlineData("04eda080", true)] // half a surrogate pair
    [InlineData("03c0af", true)] // longer than it need be
    public void String_that_is_not_utf8_is_refused(string hex, bool flexible) =>
        Refused(hex, (ref reader) => reader.ReadString(flexible));

    [Fact]
    public void String_longer_than_32767_bytes_is_refused_though_the_bytes_are_there()
    {
        byte[] longest = [0x80, 0x80, 0x02, .. Encoding.UTF8.GetBytes(new string('x', short.MaxValue))];
        byte[] longer = [0x81, 0x80, 0x02, .. Encoding.UTF8.GetBytes(new string('x', short.MaxValue + 1))];

        Assert.Equal(short.MaxValue, new WireReader(longest.AsMemory()).ReadString(flexible: true).Length);
        Refused(Convert.ToHexString(longer), (ref reader) => reader.ReadString(flexible: true));
    }

    [Theory]
    [InlineData("fffffffe", false)]
    [InlineData("7fffffff", false)]
    [InlineData("00000003ffff", false)]
    [InlineData("04ffff", true)]
    [InlineData("ffffffff0f", true)]
    public void Bytes_with_a_false_length_are_refused(string hex, bool flexible) =>
        Refused(hex, (ref reader) => reader.ReadNullableBytes(flexible));

    [Theory]
    [InlineData("fffffffe", false)]
    [InlineData("00000002ffffffffffff", false)] // two of four bytes need eight
    [InlineData("03ffffffffffff", true)]
    [InlineData("ffffffff0f", true)]
    [InlineData("40000000ffffffffffff", false)] // 2^30 elements: the product must not overflow
    public void Array_of_more_than_the_bytes_left_can_hold_is_refused(string hex, bool flexible) =>
        Refused(hex, (ref reader) => reader.ReadNullableArrayLength(flexible, minElementSize: 4));

    [Fact]
    public void Array_that_just_fits_is_accepted()
    {
        var reader = new WireReader(Convert.FromHexString("00000002ffffffffffffffff").AsMemory());

        Assert.Equal(2, reader.ReadArrayLength(flexible: false, minElementSize: 4));
    }

    [Fact]
    public void Null_where_none_is_allowed_is_refused()
    {
        Refused("ffff", (ref reader) => reader.ReadString(flexible: false));
        Refused("00", (ref reader) => reader.ReadString(flexible: true));
        Refused("ffffffff", (ref reader) => reader.ReadBytes(flexible: false));
        Refused("00", (ref reader) => reader.ReadBytes(flexible: true));
        Refused("ffffffff", (ref reader) => reader.ReadArrayLength(flexible: false, minElementSize: 1));
        Refused("00", (ref reader) => reader.ReadArrayLength(flexible: true, minElementSize: 1));
    }

    [Theory]
    [InlineData("010005aabb")] // a tag of five bytes, two there
    [InlineData("0100ffffffff0f")]
    [InlineData("0200")] // two tags, none there
    public void Tags_that_cannot_be_are_refused(string hex) => Refused(hex, (ref reader) =>
    {
        reader.SkipTags();
        return 0;
    });

    [Fact]
    public void Tags_beyond_the_limit_are_refused_though_the_bytes_are_there()
    {
        byte[] most = [0x80, 0x08, .. new byte[2 * WireReader.MaxTaggedFields]];
        byte[] more = [0x81, 0x08, .. new byte[2 * (WireReader.MaxTaggedFields + 1)]];

        var reader = new WireReader(most.AsMemory());
        reader.SkipTags();
        Assert.Equal(0, reader.Remaining);
        Refused(Convert.ToHexString(more), (ref reader) => reader.ReadTagCount());
    }

    [Fact]
    public void Tag_longer_than_its_value_is_refused()
    {
        // ApiVersionsResponse 3, empty but for tag 3, a boolean, which says that it has two bytes.
        byte[] bytes = Convert.FromHexString("0000" + "01" + "00000000" + "01" + "03020100");

        Assert.Throws<WireFormatException>(() =>
        {
            var reader = new WireReader(bytes.AsMemory());
            new Protocol.Messages.ApiVersionsResponse().Read(ref reader, 3);
        });
    }

    [Fact]
    public void Bytes_are_slices_of_the_frame()
    {
        byte[] frame = [0x03, 0xaa, 0xbb];
        ReadOnlyMemory<byte> read = new WireReader(frame.AsMemory()).ReadBytes(flexible: true);

        frame[1] = 0xcc;

        Assert.Equal([0xcc, 0xbb], read.ToArray());
    }

    [Fact]
    public void Frame_in_several_segments_reads_like_one()
    {
        byte[] frame = Convert.FromHexString("00066d696c6c6172" + "00000002aabb");
        for (int cut = 1; cut < frame.Length; cut++)
        {
            var reader = new WireReader(Segments(frame.AsMemory(0, cut), frame.AsMemory(cut)));

            Assert.Equal("millar", reader.ReadString(flexible: false));
            Assert.Equal([0xaa, 0xbb], reader.ReadBytes(flexible: false).ToArray());
            Assert.Equal(0, reader.Remaining);
        }
    }

    [Fact]
    public void Bytes_after_a_body_are_left_alone()
    {
        // What librdkafka 2.16 sends to ask for all topics: a place held for a count of four bytes, of which null takes one.
        var reader = new WireReader(Convert.FromHexString("00000000" + "010000").AsMemory());
        var request = new Protocol.Messages.MetadataRequest { AllowAutoTopicCreation = true };

        request.Read(ref reader, 13);

        Assert.Null(request.Topics);
        Assert.False(request.AllowAutoTopicCreation);
        Assert.Equal(3, reader.Remaining);
    }

    [Fact]
    public void Version_that_the_message_does_not_have_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var reader = new WireReader(new byte[100].AsMemory());
            new Protocol.Messages.ProduceRequest().Read(ref reader, 2);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new WireWriter(new ArrayBufferWriter<byte>());
            new Protocol.Messages.ProduceRequest().Write(ref writer, 14);
        });
    }

    private delegate T Read<T>(ref WireReader reader);

    private static void Refused<T>(string hex, Read<T> read) => Assert.Throws<WireFormatException>(() =>
    {
        var reader = new WireReader(Convert.FromHexString(hex).AsMemory());
        read(ref reader);
    });

    private static ReadOnlySequence<byte> Segments(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var head = new Segment(first, 0);
        Segment tail = head.Append(second);
        return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
