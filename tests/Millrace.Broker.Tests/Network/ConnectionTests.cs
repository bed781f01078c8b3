using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Network;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(100 * 1024 * 1024 + 1)]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(0x47455420)] // "GET "
    public async Task Impossible_size_closes_the_connection(int size)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var bytes = new byte[64];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        await client.SendBytesAsync(bytes);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Announced_size_takes_no_memory_before_the_bytes_come()
    {
        await using var broker = await TestBroker.StartAsync();
        var announced = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(announced, 90 * 1024 * 1024);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var clients = new List<WireClient>();
        for (var i = 0; i < 50; i++)
        {
            clients.Add(await broker.ConnectAsync());
            await clients[^1].SendBytesAsync(announced);
        }

        // Somebody else is served meanwhile, so the 50 have been looked at.
        using var other = await broker.ConnectAsync();
        await other.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 50L * 1024 * 1024);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Large_request_without_records_and_one_with_too_many_partitions_close_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = await broker.ConnectAsync())
        {
            await client.SendAsync(new HeartbeatRequest { GroupId = "g", MemberId = "m", GroupInstanceId = new string('x', 32_000) }, 4);
            Assert.NotNull(await client.ReceiveFrameAsync());
            await client.SendAsync(new DescribeGroupsRequest { Groups = [.. Enumerable.Repeat(new string('x', 30_000), 150)] }, 5);
            Assert.Null(await client.ReceiveFrameAsync());
        }

        using var producer = await broker.ConnectAsync();
        var request = WireCalls.ProduceRequest("t", null);
        request.TopicData[0].PartitionData = [.. Enumerable.Repeat(new ProduceRequest.PartitionProduceData(), 100_001)];
        await producer.SendAsync(request, 9);
        Assert.Null(await producer.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Large_request_is_received_in_pieces_of_any_size()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxMessageBytes = 8 * 1024 * 1024);
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var value = new string('x', 5_000_000);
        var frame = WireClient.FrameOf(WireCalls.ProduceRequest("t", Batches.Of(value)), 9, 77);
        var random = new Random(1);
        for (var at = 0; at < frame.Length;)
        {
            var piece = Math.Min(frame.Length - at, random.Next(1, 300_000));
            await client.SendBytesAsync(frame.AsMemory(at, piece));
            at += piece;
        }

        Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<ProduceResponse>(9, 77)).Responses[0].PartitionResponses[0].ErrorCode);
        Assert.Equal([value], await client.ReadAllAsync("t"));
    }

    [Fact]
    public async Task Requests_cut_anywhere_and_glued_together_are_answered()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        var frames = Enumerable.Range(0, 200).SelectMany(i => WireClient.FrameOf(new MetadataRequest { Topics = [] }, 9, i)).ToArray();
        var random = new Random(2);
        for (var at = 0; at < frames.Length;)
        {
            var piece = Math.Min(frames.Length - at, random.Next(1, 40));
            await client.SendBytesAsync(frames.AsMemory(at, piece));
            at += piece;
        }

        for (var i = 0; i < 200; i++)
            await client.ReceiveAsync<MetadataResponse>(9, i);
    }

    [Fact]
    public async Task Client_that_stops_in_the_middle_of_a_request_is_closed_in_time_and_an_idle_one_later()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await TestBroker.StartAsync(o => o.TimeProvider = time);
        using var stuck = await broker.ConnectAsync();
        using var idle = await broker.ConnectAsync();
        await idle.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
        await stuck.SendBytesAsync(new byte[] { 0, 0, 1, 0, 0 });
        await idle.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);

        time.Advance(TimeSpan.FromSeconds(36));
        Assert.Null(await stuck.ReceiveFrameAsync());
        await idle.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(await idle.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Client_that_takes_no_answers_is_closed_in_time()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await TestBroker.StartAsync(o => o.TimeProvider = time);
        using var producer = await broker.ConnectAsync();
        await producer.CreateTopicAsync("t");
        for (var i = 0; i < 20; i++)
            await producer.ProduceAsync("t", Batches.Of(new string('x', 1_000_000)));
        producer.Dispose();

        using var stuck = await broker.ConnectAsync();
        var request = WireCalls.FetchRequest("t", 0);
        request.Topics[0].Partitions[0].PartitionMaxBytes = int.MaxValue;
        await stuck.SendAsync(request, 12);

        // Until the buffers between the two are full.
        var (seen, timesSeen) = (0, 0);
        await Eventually.TrueAsync(
            () =>
            {
                timesSeen = stuck.Socket.Available == seen && seen > 0 ? timesSeen + 1 : 0;
                seen = stuck.Socket.Available;
                return timesSeen > 20;
            },
            "the broker can send no more");
        time.Advance(TimeSpan.FromSeconds(36));
        await Eventually.TrueAsync(stuck.IsClosedByPeer, "the connection is closed");
    }

    [Fact]
    public async Task Connections_over_the_limit_are_turned_away_and_places_are_given_free()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxConnections = 2);
        using var first = await broker.ConnectAsync();
        using var second = await broker.ConnectAsync();
        await first.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
        await second.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0);
        using (var third = await broker.ConnectAsync())
            Assert.Null(await third.ReceiveFrameAsync());

        second.Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var fourth = await broker.ConnectAsync();
                await fourth.SendAsync(new ApiVersionsRequest(), 0);
                return await fourth.ReceiveFrameAsync() is not null;
            },
            "a place is free");
    }

    [Fact]
    public async Task Loopback_is_listened_on_in_both_families()
    {
        Requirement.Require(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var broker = await TestBroker.StartAsync(o => o.Host = "localhost");
        using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.IPv6Loopback, broker.Port, TestContext.Current.CancellationToken);
        Assert.Equal($"127.0.0.1:{broker.Port}", broker.BootstrapServers);
    }

    [Fact]
    public async Task Port_that_is_taken_is_told_in_one_sentence()
    {
        await using var broker = await TestBroker.StartAsync();
        var directory = Directory.CreateTempSubdirectory("millrace-second-").FullName;
        var options = new BrokerOptions { DataDirectory = directory, Port = broker.Port };
        var refusal = await Assert.ThrowsAsync<BrokerStartException>(
            () => EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        Assert.Equal(
            $"Port {broker.Port} on 127.0.0.1, for Kafka clients, is taken by another program: stop that one, or choose another port.", refusal.Message);

        // And the directory is free again.
        options.Port = 0;
        await (await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken)).DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Wrong_options_are_told_all_at_once()
    {
        var options = new BrokerOptions { DataDirectory = " ", Host = "0.0.0.0", Port = 70_000, SegmentBytes = 1, MaxConnections = 0 };
        var refusal = await Assert.ThrowsAsync<BrokerStartException>(
            () => EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        Assert.All(
            ["DataDirectory", "AdvertisedHost", "Port is 70000", "SegmentBytes is 1", "MaxConnections is 0"],
            part => Assert.Contains(part, refusal.Message));
    }

    [Fact]
    public async Task Ten_thousand_idle_connections_cost_little_and_others_are_served()
    {
        const int Count = 10_000;
        const long MostBytes = Count * 12L * 1024;

        // In a process of its own: both ends of them in one would be more files than many systems allow it.
        var directory = Directory.CreateTempSubdirectory("millrace-idle-").FullName;
        using var broker = await BrokerProcess.StartAsync(directory, 0);
        using var client = await WireClient.ConnectAsync(broker.Port);
        await client.CreateTopicAsync("t");
        var before = broker.WorkingSet;
        var idle = new List<Socket>(Count);
        try
        {
            for (var i = 0; i < Count; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, broker.Port, TestContext.Current.CancellationToken);
            }

            Assert.Equal(ErrorCode.None, (await client.ProduceAsync("t", Batches.Of("a"))).ErrorCode);
            using var late = await WireClient.ConnectAsync(broker.Port);
            Assert.Equal(["a"], await late.ReadAllAsync("t"));
            Assert.InRange(broker.WorkingSet - before, long.MinValue, MostBytes);
        }
        finally
        {
            foreach (var socket in idle)
                socket.Dispose();
            broker.Kill();
            Directory.Delete(directory, recursive: true);
        }
    }
}
