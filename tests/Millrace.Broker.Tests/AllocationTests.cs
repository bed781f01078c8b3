using System.Buffers.Binary;
using System.Net.Sockets;

namespace Millrace.Broker.Tests;

/// <summary>Run alone: what other tests allocate meanwhile would count.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTestsCollection;

/// <summary>
/// What a batch costs the garbage collector on its whole way through the broker, on all threads, however many bytes it has. The client's side
/// allocates nothing: it sends the same bytes and reads into the same buffer.
/// </summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    /// <summary>A tenth over what is measured. Whoever raises one says why.</summary>
    private const int ProduceBudget = 4_200;
    private const int FetchBudget = 3_600;

    private const int Calls = 500;
    private const int Series = 5;
    private const string Topic = "t";

    private readonly byte[] _answer = new byte[1024 * 1024];

    [Fact]
    public async Task Produce_stays_within_its_budget()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await ConnectToTopicAsync(broker);
        Assert.InRange(BytesOfOne(client, ProduceFrame()), 1, ProduceBudget);
    }

    [Fact]
    public async Task Fetch_stays_within_its_budget()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await ConnectToTopicAsync(broker);
        Call(client.Socket, ProduceFrame());
        Assert.InRange(BytesOfOne(client, WireClient.FrameOf(WireCalls.FetchRequest(Topic, 0), WireCalls.LatestFetchByName, 1)), 1, FetchBudget);
    }

    private static async Task<WireClient> ConnectToTopicAsync(TestBroker broker)
    {
        var client = await broker.ConnectAsync();
        await client.CreateTopicAsync(Topic);
        return client;
    }

    private static byte[] ProduceFrame() => WireClient.FrameOf(
        WireCalls.ProduceRequest(Topic, Batches.Of([.. Enumerable.Repeat(new string('x', 290), 100)])), WireCalls.LatestProduceByName, 1);

    /// <summary>The smallest mean of several series: a timer or a compilation may fall into one.</summary>
    private long BytesOfOne(WireClient client, byte[] frame)
    {
        var smallest = long.MaxValue;
        for (var series = 0; series < Series; series++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Calls; i++)
                Call(client.Socket, frame);
            smallest = Math.Min(smallest, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return smallest;
    }

    private void Call(Socket socket, byte[] frame)
    {
        socket.Send(frame);
        Receive(socket, 0, sizeof(int));
        Receive(socket, sizeof(int), BinaryPrimitives.ReadInt32BigEndian(_answer));
    }

    private void Receive(Socket socket, int from, int count)
    {
        for (var received = 0; received < count;)
        {
            var some = socket.Receive(_answer.AsSpan(from + received, count - received));
            Assert.NotEqual(0, some);
            received += some;
        }
    }
}
