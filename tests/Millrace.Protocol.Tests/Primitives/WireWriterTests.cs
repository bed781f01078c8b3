using System.Buffers;
using Millrace.Protocol.Messages;

namespace Millrace.Protocol.Tests.Primitives;

public sealed class WireWriterTests
{
    [Fact]
    public void Null_in_a_version_without_one_is_refused()
    {
        var all = new MetadataRequest { Topics = null };

        Assert.Equal("00" + "01" + "00" + "00", Convert.ToHexStringLower(Write(all, 11)));
        Assert.Throws<WireFormatException>(() => Write(all, 0));
    }

    [Fact]
    public void String_that_does_not_fit_is_refused()
    {
        Assert.Throws<WireFormatException>(() => Write(new HeartbeatRequest { GroupId = new string('x', short.MaxValue + 1) }, 0));
        Assert.Throws<WireFormatException>(() => Write(new HeartbeatRequest { GroupId = "\ud800" }, 0));
    }

    [Fact]
    public void Tagged_structure_at_its_default_is_left_out()
    {
        var absent = new FetchResponse { Responses = [new() { Partitions = [new() { Records = default(ReadOnlyMemory<byte>) }] }] };
        var present = new FetchResponse
        {
            Responses = [new() { Partitions = [new() { Records = default(ReadOnlyMemory<byte>), CurrentLeader = new() }] }],
        };

        Assert.Equal(Write(absent, 16), Write(present, 16));
    }

    [Fact]
    public void Output_that_gives_small_spans_gets_the_same_bytes()
    {
        var response = new MetadataResponse
        {
            ClusterId = new string('c', 400),
            Brokers = [.. Enumerable.Range(0, 50).Select(i => new MetadataResponse.MetadataResponseBroker { NodeId = i, Host = $"host-{i}" })],
        };
        var pages = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(new ExactSpans(pages));

        response.Write(ref writer, 12);
        writer.Flush();

        Assert.Equal(Write(response, 12), pages.WrittenSpan.ToArray());
    }

    [Fact]
    public void Pooled_buffer_keeps_what_it_has_when_it_grows()
    {
        using var buffer = new PooledBufferWriter(initialCapacity: 1);
        byte[] expected = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];
        foreach (byte b in expected)
        {
            buffer.GetSpan()[0] = b;
            buffer.Advance(1);
        }

        Assert.Equal(expected, buffer.WrittenSpan.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1 << 20));
    }

    [Fact]
    public void Pooled_buffer_that_was_given_back_cannot_be_used()
    {
        var buffer = new PooledBufferWriter();
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.GetMemory());
        Assert.Throws<ObjectDisposedException>(() => buffer.WrittenMemory);
    }

    private static byte[] Write(IKafkaMessage message, short version) => Tests.Messages.DefinedMessages.Write(message, version);

    /// <summary>Gives no more than it is asked for, as the contract of an output allows.</summary>
    private sealed class ExactSpans(ArrayBufferWriter<byte> inner) : IBufferWriter<byte>
    {
        public void Advance(int count) => inner.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint)[..int.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
