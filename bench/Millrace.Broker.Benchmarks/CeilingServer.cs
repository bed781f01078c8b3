using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Benchmarks;

/// <summary>
/// The most that any broker could give to this client on this machine: it takes the bytes of a Produce, counts the records that the batch says it has, and answers.
/// It checks and stores nothing. Of the rest of Kafka it speaks what a producer and the measurement around it ask for, and every topic that is asked for is there.
/// </summary>
/// <remarks>A blocked thread for each client and one buffer for all its requests: nothing costs less where there are few clients.</remarks>
internal sealed class CeilingServer
{
    private const int Node = 1;
    private const int LargestFrame = 16 * 1024 * 1024;

    /// <summary>In the versions that millrace announces, so that the client does the same for both.</summary>
    private static readonly ApiVersionsResponse Spoken = new()
    {
        ApiKeys =
        [
            Api(ApiKey.Produce, 0, 12),
            Api(ApiKey.Fetch, 4, 12),
            Api(ApiKey.ListOffsets, 1, 10),
            Api(ApiKey.Metadata, 0, 12),
            Api(ApiKey.ApiVersions, 0, 4),
            Api(ApiKey.CreateTopics, 2, 7),
            Api(ApiKey.DeleteTopics, 1, 5),
        ],
    };

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<string, long[]> _records = [];

    public CeilingServer(int port)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
    }

    private int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Until the process is ended.</summary>
    public void Run()
    {
        while (true)
        {
            var client = _listener.Accept();
            new Thread(() => Serve(client)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket client)
    {
        using var owned = client;
        using var output = new PooledBufferWriter();
        client.NoDelay = true;
        var frame = new byte[LargestFrame];
        try
        {
            while (TryReceive(client, frame.AsSpan(0, Framing.SizeLength)))
            {
                var body = frame.AsMemory(0, BinaryPrimitives.ReadInt32BigEndian(frame));
                if (!TryReceive(client, body.Span))
                    return;
                output.Clear();
                Answer(body, output);
                if (output.WrittenCount > 0)
                    client.Send(output.WrittenSpan);
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
    }

    private static bool TryReceive(Socket client, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var received = client.Receive(bytes);
            if (received == 0)
                return false;
            bytes = bytes[received..];
        }

        return true;
    }

    private void Answer(ReadOnlyMemory<byte> frame, PooledBufferWriter output)
    {
        var key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame.Span);
        switch (key)
        {
            case ApiKey.Produce:
                Answer<ProduceRequest, ProduceResponse>(frame, output, Produce);
                break;
            case ApiKey.Metadata:
                Answer<MetadataRequest, MetadataResponse>(frame, output, Describe);
                break;
            case ApiKey.ApiVersions:
                Answer<ApiVersionsRequest, ApiVersionsResponse>(frame, output, _ => Spoken);
                break;
            case ApiKey.ListOffsets:
                Answer<ListOffsetsRequest, ListOffsetsResponse>(frame, output, ListOffsets);
                break;
            case ApiKey.CreateTopics:
                Answer<CreateTopicsRequest, CreateTopicsResponse>(frame, output, r => new()
                {
                    Topics = [.. r.Topics.Select(t => new CreateTopicsResponse.CreatableTopicResult { Name = t.Name, NumPartitions = Clients.Partitions, ReplicationFactor = 1 })],
                });
                break;
            case ApiKey.DeleteTopics:
                Answer<DeleteTopicsRequest, DeleteTopicsResponse>(frame, output, r => new() { Responses = [.. r.TopicNames.Select(n => new DeleteTopicsResponse.DeletableTopicResult { Name = n })] });
                break;
            default:
                throw new InvalidOperationException($"The client asked for {key}.");
        }
    }

    private static void Answer<TRequest, TResponse>(ReadOnlyMemory<byte> frame, PooledBufferWriter output, Func<TRequest, TResponse?> answer)
        where TRequest : class, IKafkaMessage, new()
        where TResponse : class, IKafkaMessage
    {
        var version = BinaryPrimitives.ReadInt16BigEndian(frame.Span[sizeof(short)..]);
        var reader = new WireReader(frame);
        var header = new RequestHeader();
        header.Read(ref reader, Framing.RequestHeaderVersion<TRequest>(version));
        var request = new TRequest();
        request.Read(ref reader, version);
        if (answer(request) is { } response)
            Framing.WriteResponse(output, header.CorrelationId, response, version);
    }

    private ProduceResponse? Produce(ProduceRequest request)
    {
        var response = new ProduceResponse();
        foreach (var topic in request.TopicData)
        {
            var records = RecordsOf(topic.Name);
            var answers = new List<ProduceResponse.PartitionProduceResponse>();
            foreach (var data in topic.PartitionData)
            {
                var count = BinaryPrimitives.ReadInt32BigEndian(data.Records!.Value.Span[RecordBatchHeader.RecordCountAt..]);
                answers.Add(new() { Index = data.Index, BaseOffset = Interlocked.Add(ref records[data.Index], count) - count });
            }

            response.Responses.Add(new() { Name = topic.Name, PartitionResponses = answers });
        }

        return request.Acks == 0 ? null : response;
    }

    private MetadataResponse Describe(MetadataRequest request) => new()
    {
        Brokers = [new() { NodeId = Node, Host = IPAddress.Loopback.ToString(), Port = Port }],
        ControllerId = Node,
        Topics = [.. (request.Topics?.Select(t => t.Name!) ?? _records.Keys).Select(Describe)],
    };

    private static MetadataResponse.MetadataResponseTopic Describe(string topic) => new()
    {
        Name = topic,
        Partitions = [.. Enumerable.Range(0, Clients.Partitions).Select(p => new MetadataResponse.MetadataResponsePartition
        {
            PartitionIndex = p,
            LeaderId = Node,
            LeaderEpoch = 0,
            ReplicaNodes = [Node],
            IsrNodes = [Node],
        })],
    };

    private ListOffsetsResponse ListOffsets(ListOffsetsRequest request) => new()
    {
        Topics = [.. request.Topics.Select(t => new ListOffsetsResponse.ListOffsetsTopicResponse
        {
            Name = t.Name,
            Partitions = [.. t.Partitions.Select(p => new ListOffsetsResponse.ListOffsetsPartitionResponse
            {
                PartitionIndex = p.PartitionIndex,
                Offset = Volatile.Read(ref RecordsOf(t.Name)[p.PartitionIndex]),
                LeaderEpoch = 0,
            })],
        })],
    };

    private long[] RecordsOf(string topic) => _records.GetOrAdd(topic, _ => new long[Clients.Partitions]);

    private static ApiVersionsResponse.ApiVersion Api(ApiKey key, short minVersion, short maxVersion) =>
        new() { ApiKey = (short)key, MinVersion = minVersion, MaxVersion = maxVersion };
}
