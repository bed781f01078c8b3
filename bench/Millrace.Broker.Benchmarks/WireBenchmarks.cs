using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Benchmarks;

/// <summary>
/// One Produce and one Fetch of a batch, from the client's bytes to the answer's, through a socket: what is allocated on all threads of the
/// broker. The client's side allocates nothing: it sends the same bytes and reads into the same buffer.
/// </summary>
[MemoryDiagnoser]
[InProcess]
[WarmupCount(3)]
[IterationCount(10)]
public class WireBenchmarks
{
    private const string Topic = "wire";
    private const short ProduceVersion = 12;
    private const short FetchVersion = 12;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[4 * 1024 * 1024];
    private string _directory = "";
    private EmbeddedBroker _broker = null!;
    private byte[] _produce = [];
    private byte[] _fetch = [];

    /// <summary>Of 290 bytes each: one, and as many as a busy librdkafka puts in a batch.</summary>
    [Params(1, 500)]
    public int Records { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("millrace-wire-").FullName;
        // "os": the disk's time is not what is measured.
        var options = new BrokerOptions { Port = 0, DataDirectory = _directory, LogFlushPolicy = "os" };
        _broker = await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        await Clients.CreateTopicAsync(_broker.BootstrapServers, Topic, new Dictionary<string, string>());
        _produce = Frame(ProduceOf(Records), ProduceVersion);
        _fetch = Frame(FetchFrom(1), FetchVersion);
        await _socket.ConnectAsync(IPAddress.Loopback, _broker.Endpoint.Port);

        // The batch that is fetched; offset 0 has the record that made the topic.
        if (ErrorCodeOf(Call(_produce)) != 0)
            throw new InvalidOperationException("The batch was not taken.");
        if (Call(_fetch) < Records * ProduceMeasurement.RecordBytes)
            throw new InvalidOperationException("The batch was not given.");
    }

    [Benchmark]
    public int Produce() => Call(_produce);

    [Benchmark]
    public int Fetch() => Call(_fetch);

    [GlobalCleanup]
    public async Task StopAsync()
    {
        _socket.Dispose();
        await _broker.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static ProduceRequest ProduceOf(int records)
    {
        using var batch = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
            batch.Append(1_000, null, Clients.Value(ProduceMeasurement.RecordBytes));
        return new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = Topic, PartitionData = [new() { Index = 0, Records = batch.Build() }] }],
        };
    }

    /// <summary>Asks for one byte, so that it gets one batch.</summary>
    private static FetchRequest FetchFrom(long offset) => new()
    {
        MaxWaitMs = 0,
        MinBytes = 1,
        Topics = [new() { Topic = Topic, Partitions = [new() { Partition = 0, FetchOffset = offset, PartitionMaxBytes = 1 }] }],
    };

    private static byte[] Frame<TRequest>(TRequest request, short version)
        where TRequest : IKafkaMessage
    {
        using var output = new PooledBufferWriter();
        Framing.WriteRequest(output, 1, "wire", request, version);
        return output.WrittenMemory.ToArray();
    }

    /// <summary>Returns the size of the answer.</summary>
    private int Call(byte[] frame)
    {
        _socket.Send(frame);
        Receive(0, sizeof(int));
        var size = BinaryPrimitives.ReadInt32BigEndian(_answer);
        Receive(sizeof(int), size);
        return size;
    }

    private void Receive(int from, int count)
    {
        for (var received = 0; received < count;)
            received += _socket.Receive(_answer.AsSpan(from + received, count - received));
    }

    private int ErrorCodeOf(int size)
    {
        var reader = new WireReader(_answer.AsMemory(sizeof(int), size));
        var header = new ResponseHeader();
        header.Read(ref reader, Framing.ResponseHeaderVersion<ProduceResponse>(ProduceVersion));
        var response = new ProduceResponse();
        response.Read(ref reader, ProduceVersion);
        return (int)response.Responses[0].PartitionResponses[0].ErrorCode;
    }
}
