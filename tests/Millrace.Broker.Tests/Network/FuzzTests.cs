using System.Buffers.Binary;
using System.Net.Sockets;
using Millrace.Protocol;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Network;

/// <summary>
/// Damaged requests of every API, random bytes and impossible sizes: whatever comes, the broker answers or closes, keeps within its
/// memory, and serves somebody else meanwhile. Seeded, so that a failure can be repeated.
/// </summary>
public sealed class FuzzTests
{
    private const int RequestsPerApi = 120;

    public static TheoryData<string> Apis => [.. SampleRequests.All(Guid.Empty).Select(s => s.Api.ToString())];

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task Damaged_requests_of_an_api_hurt_nobody(string api)
    {
        await using var broker = await StartAsync();
        using var other = await broker.ConnectAsync();
        var topicId = await other.CreateTopicAsync(SampleRequests.Topic);
        await other.CreateTopicAsync("others");
        var sample = SampleRequests.All(topicId).Single(s => s.Api.ToString() == api);
        var random = new Random(api.Length * 1000 + api[0]);
        for (var i = 0; i < RequestsPerApi; i++)
        {
            var version = (short)random.Next(sample.MinVersion, sample.MaxVersion + 1);
            await SendAndForgetAsync(broker, Damage(sample.Frame(version, i), random));
            if (i % 40 == 39)
                await CheckServiceAsync(other, $"{i}");
        }
    }

    [Fact]
    public async Task Random_frames_hurt_nobody()
    {
        await using var broker = await StartAsync();
        using var other = await broker.ConnectAsync();
        await other.CreateTopicAsync("others");
        var random = new Random(42);
        for (var i = 0; i < 1000; i++)
        {
            var frame = new byte[random.Next(4, 200)];
            random.NextBytes(frame);
            if (random.Next(2) == 0)
                BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
            await SendAndForgetAsync(broker, frame);
            if (i % 100 == 99)
                await CheckServiceAsync(other, $"{i}");
        }
    }

    [Fact]
    public async Task Memory_stays_bounded_under_large_and_damaged_requests()
    {
        await using var broker = await StartAsync();
        using var other = await broker.ConnectAsync();
        var topicId = await other.CreateTopicAsync(SampleRequests.Topic);
        await other.CreateTopicAsync("others");
        var random = new Random(7);
        var produce = SampleRequests.All(topicId)[0];
        for (var i = 0; i < 300; i++)
        {
            // Lengths inside that claim up to 2 GiB, behind a frame that is really there.
            var frame = new byte[random.Next(10_000, 2_000_000)];
            produce.Frame(9, i).CopyTo(frame, 0);
            BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(random.Next(8, 60)), random.Next());
            await SendAndForgetAsync(broker, frame);
        }

        await CheckServiceAsync(other, "after");
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 200L * 1024 * 1024);
    }

    private static Task<TestBroker> StartAsync() => TestBroker.StartAsync(o => (o.MaxPartitions, o.MaxGroups) = (100, 100));

    private static async Task CheckServiceAsync(WireClient client, string value)
    {
        var produced = await client.ProduceAsync("others", Batches.Of(value));
        Assert.Equal(ErrorCode.None, produced.ErrorCode);
        var fetched = await client.FetchAsync("others", produced.BaseOffset);
        Assert.Equal(value, Batches.Read(fetched.Records!.Value)[^1].Value);
    }

    /// <summary>Sends, says that there is no more, and waits until the broker has closed: it must not hang.</summary>
    private static async Task SendAndForgetAsync(TestBroker broker, byte[] bytes)
    {
        using var client = await broker.ConnectAsync();
        try
        {
            await client.SendBytesAsync(bytes);
            client.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed already: that is an outcome.
        }

        await Task.Run(async () =>
        {
            while (await client.ReceiveFrameAsync() is not null)
            {
            }
        }).WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
    }

    private static byte[] Damage(byte[] frame, Random random)
    {
        var damaged = frame.ToArray();
        switch (random.Next(6))
        {
            case 0: // some bits
                for (var i = random.Next(1, 6); i > 0; i--)
                    damaged[random.Next(12, damaged.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1: // cut off, with a size that agrees
                damaged = damaged[..random.Next(12, damaged.Length)];
                BinaryPrimitives.WriteInt32BigEndian(damaged, damaged.Length - 4);
                break;
            case 2: // cut off, with a size that does not
                damaged = damaged[..random.Next(1, damaged.Length)];
                break;
            case 3: // a length or number that is huge or negative
                if (damaged.Length > 20)
                    BinaryPrimitives.WriteInt32BigEndian(damaged.AsSpan(random.Next(12, damaged.Length - 4)), random.Next(2) == 0 ? int.MaxValue : -random.Next(1, 5));
                break;
            case 4: // bytes put in
                var at = random.Next(12, damaged.Length);
                var more = new byte[random.Next(1, 40)];
                random.NextBytes(more);
                damaged = [.. damaged[..at], .. more, .. damaged[at..]];
                BinaryPrimitives.WriteInt32BigEndian(damaged, damaged.Length - 4);
                break;
            case 5: // another version
                damaged[7] = (byte)random.Next(20);
                break;
        }

        return damaged;
    }
}
