using Millrace.Protocol.Tests.Golden;

namespace Millrace.Protocol.Tests.Primitives;

public sealed class VarintTests
{
    public static TheoryData<string, string, string> Vectors => [.. GoldenFiles.ReadLines("varints.jsonl").Select(line =>
        (line.GetProperty("type").GetString()!, line.GetProperty("value").GetString()!, line.GetProperty("hex").GetString()!))];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Kafkas_varints_read_and_write_the_same(string type, string value, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var written = new byte[Varint.MaxSize64];
        int position = 0;
        int size = 0;

        switch (type)
        {
            case "varint":
                Assert.True(Varint.TryReadInt32(bytes, ref position, out int narrow));
                Assert.Equal(int.Parse(value), narrow);
                size = Varint.WriteInt64(written, narrow);
                break;
            case "varlong":
                Assert.True(Varint.TryReadInt64(bytes, ref position, out long wide));
                Assert.Equal(long.Parse(value), wide);
                size = Varint.WriteInt64(written, wide);
                break;
            case "unsigned_varint":
                Assert.True(Varint.TryReadUInt32(bytes, ref position, out uint unsigned));
                Assert.Equal(unchecked((uint)long.Parse(value)), unsigned);
                size = Varint.WriteUInt64(written, unsigned);
                break;
            default:
                Assert.Fail($"The vectors have a type {type}.");
                break;
        }

        Assert.Equal(bytes.Length, position);
        Assert.Equal(hex, Convert.ToHexStringLower(written.AsSpan(0, size)));
    }

    [Theory]
    [InlineData("", "nothing there")]
    [InlineData("ffffff", "cut off")]
    [InlineData("ffffffff10", "33 bits")]
    [InlineData("808080808000", "six bytes")]
    public void Varint_of_more_than_32_bits_or_cut_off_is_refused(string hex, string why)
    {
        int position = 0;

        Assert.False(Varint.TryReadUInt32(Convert.FromHexString(hex), ref position, out _), why);
        Assert.Equal(0, position);
    }

    [Theory]
    [InlineData("ffffffffffffffffff", "cut off")]
    [InlineData("ffffffffffffffffff02", "65 bits")]
    [InlineData("8080808080808080808000", "eleven bytes")]
    public void Varlong_of_more_than_64_bits_or_cut_off_is_refused(string hex, string why)
    {
        int position = 0;

        Assert.False(Varint.TryReadInt64(Convert.FromHexString(hex), ref position, out _), why);
        Assert.Equal(0, position);
    }
}
