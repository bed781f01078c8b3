using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Tests.Apis;

public sealed class ProduceApiTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Batch_is_answered_with_its_offset(short acks)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        Assert.Equal(0, (await client.ProduceAsync("t", Batches.Of("a", "b"), acks)).BaseOffset);
        var second = await client.ProduceAsync("t", Batches.Of("c"), acks);
        Assert.Equal((2, -1, 0), (second.BaseOffset, second.LogAppendTimeMs, second.LogStartOffset));
    }

    [Fact]
    public async Task Acks_0_gets_no_answer_and_is_stored()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await client.SendAsync(WireCalls.ProduceRequest("t", Batches.Of("a"), acks: 0), 9);

        // The next answer is that of the next request.
        Assert.Equal(1, (await client.ProduceAsync("t", Batches.Of("b"))).BaseOffset);
        Assert.Equal(["a", "b"], await client.ReadAllAsync("t"));
    }

    [Fact]
    public async Task Acks_0_that_fails_closes_the_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.SendAsync(WireCalls.ProduceRequest("nowhere", Batches.Of("a"), acks: 0), 9);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Requests_in_a_row_are_answered_in_their_order()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", partitions: 3);
        var ids = new List<int>();
        var metadataAt = 20;
        for (var i = 0; i < 40; i++)
        {
            ids.Add(i == metadataAt
                ? await client.SendAsync(new MetadataRequest { Topics = [] }, 9)
                : await client.SendAsync(WireCalls.ProduceRequest("t", Batches.Of($"{i}"), partition: i % 3), 9));
        }

        for (var i = 0; i < 40; i++)
        {
            if (i == metadataAt)
                await client.ReceiveAsync<MetadataResponse>(9, ids[i]);
            else
                Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<ProduceResponse>(9, ids[i])).Responses[0].PartitionResponses[0].ErrorCode);
        }

        var values = await client.ReadAllAsync("t", partition: 1);
        Assert.Equal(values.OrderBy(int.Parse), values);
    }

    [Fact]
    public async Task Duplicate_of_idempotent_producer_gets_the_original_offset()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var producer = (await client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(new() { TransactionalId = null }, 4)).ProducerId;
        await client.ProduceAsync("t", Batches.Of("other"));
        Assert.Equal(1, (await client.ProduceAsync("t", Batches.Idempotent(producer, 0, 0, "a", "b"))).BaseOffset);
        var again = await client.ProduceAsync("t", Batches.Idempotent(producer, 0, 0, "a", "b"));
        Assert.Equal((ErrorCode.None, 1), (again.ErrorCode, again.BaseOffset));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await client.ProduceAsync("t", Batches.Idempotent(producer, 0, 9, "x"))).ErrorCode);
        Assert.Equal(3, (await client.ProduceAsync("t", Batches.Idempotent(producer, 1, 0, "c"))).BaseOffset);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, (await client.ProduceAsync("t", Batches.Idempotent(producer, 0, 2, "x"))).ErrorCode);
        Assert.Equal(["other", "a", "b", "c"], await client.ReadAllAsync("t"));
    }

    [Fact]
    public async Task Unknown_topic_partition_and_id_are_told_apart()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("nowhere", Batches.Of("a"))).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("t", Batches.Of("a"), partition: 1)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await client.ProduceAsync("t", Batches.Of("a"), partition: -1)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicId, (await client.ProduceAsync("t", Batches.Of("a"), version: 13)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await client.ProduceAsync("t", Batches.Of("a"), acks: 2)).ErrorCode);
    }

    public static TheoryData<string, ErrorCodeName> BadBatches => new()
    {
        { "null", ErrorCodeName.InvalidRecord },
        { "empty", ErrorCodeName.InvalidRecord },
        { "cut off", ErrorCodeName.CorruptMessage },
        { "cut off in the header", ErrorCodeName.CorruptMessage },
        { "two batches", ErrorCodeName.InvalidRecord },
        { "checksum", ErrorCodeName.CorruptMessage },
        { "magic 0", ErrorCodeName.InvalidRecord },
        { "magic 1", ErrorCodeName.InvalidRecord },
        { "magic 3", ErrorCodeName.InvalidRecord },
        { "base offset", ErrorCodeName.InvalidRecord },
        { "record count", ErrorCodeName.InvalidRecord },
        { "control", ErrorCodeName.InvalidRecord },
        { "transactional", ErrorCodeName.InvalidTxnState },
        { "no sequence", ErrorCodeName.InvalidRecord },
        { "codec", ErrorCodeName.UnsupportedCompressionType },
        { "too large", ErrorCodeName.MessageTooLarge },
        { "larger than a segment", ErrorCodeName.RecordListTooLarge },
        { "length", ErrorCodeName.CorruptMessage },
    };

    [Theory]
    [MemberData(nameof(BadBatches))]
    public async Task Bad_batch_is_refused_and_the_connection_lives(string what, ErrorCodeName expected)
    {
        await using var broker = await TestBroker.StartAsync(o => o.SegmentBytes = 16 * 1024);
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", 1, ("max.message.bytes", what == "too large" ? "1000" : "1048588"));
        var answer = await client.ProduceAsync("t", Bad(what));
        Assert.Equal((ErrorCode)expected, answer.ErrorCode);
        Assert.Equal(-1, answer.BaseOffset);
        Assert.Equal(0, (await client.ProduceAsync("t", Batches.Of("good"))).BaseOffset);
    }

    [Fact]
    public async Task Zstd_before_version_7_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var batch = Batches.Build(["a"], -1, -1, -1, attributes: new() { Codec = CompressionCodec.Zstd });
        Assert.Equal(ErrorCode.UnsupportedCompressionType, (await client.ProduceAsync("t", batch, version: 6)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await client.ProduceAsync("t", batch, version: 7)).ErrorCode);
    }

    [Fact]
    public async Task One_bad_partition_does_not_hold_up_the_others()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", partitions: 2);
        var request = WireCalls.ProduceRequest("t", Batches.Of("a"));
        request.TopicData[0].PartitionData.Add(new() { Index = 1, Records = Bad("checksum") });
        request.TopicData.Add(new() { Name = "nowhere", PartitionData = [new() { Index = 0, Records = Batches.Of("a") }] });
        var response = await client.CallAsync<ProduceRequest, ProduceResponse>(request, 9);
        Assert.Equal(
            [ErrorCode.None, ErrorCode.CorruptMessage, ErrorCode.UnknownTopicOrPartition],
            response.Responses.SelectMany(t => t.PartitionResponses).Select(p => p.ErrorCode));
    }

    [Fact]
    public async Task Stored_batch_is_the_producers_but_for_offset_and_leader_epoch()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        await client.ProduceAsync("t", Batches.Of("first"));
        var sent = Batches.Build(["a", "b"], -1, -1, -1, attributes: new() { Codec = CompressionCodec.Lz4 });
        await client.ProduceAsync("t", sent.ToArray());
        var stored = (await client.FetchAsync("t", 1)).Records!.Value.ToArray();
        RecordBatchHeader.SetBaseOffset(sent, 1);
        RecordBatchHeader.SetPartitionLeaderEpoch(sent, 0);
        Assert.Equal(sent, stored);
    }

    private static byte[]? Bad(string what)
    {
        var batch = Batches.Of("a", "b");
        switch (what)
        {
            case "null":
                return null;
            case "empty":
                return [];
            case "cut off":
                return batch[..^1];
            case "cut off in the header":
                return batch[..60];
            case "two batches":
                return [.. batch, .. batch];
            case "checksum":
                batch[^1] ^= 1;
                return batch;
            case "magic 0" or "magic 1" or "magic 3":
                batch[RecordBatchHeader.MagicAt] = (byte)(what[^1] - '0');
                return batch;
            case "base offset":
                RecordBatchHeader.SetBaseOffset(batch, 5);
                return batch;
            case "record count":
                batch[60] = 9;
                break;
            case "control":
                RecordBatchHeader.SetAttributes(batch, new() { IsControl = true });
                break;
            case "transactional":
                batch = Batches.Build(["a"], 7, 0, 0);
                RecordBatchHeader.SetAttributes(batch, new() { IsTransactional = true });
                break;
            case "no sequence":
                return Batches.Build(["a"], 7, 0, -1);
            case "codec":
                RecordBatchHeader.SetAttributes(batch, new(7));
                break;
            case "too large":
                return Batches.Of(new string('x', 1000));
            case "larger than a segment":
                return Batches.Of(new string('x', 20_000));
            case "length":
                batch[8] = 0x7F;
                return batch;
        }

        RecordBatchHeader.SetCrc(batch);
        return batch;
    }
}

/// <summary>The codes of the theory above, public as its signature is.</summary>
public enum ErrorCodeName
{
    CorruptMessage = ErrorCode.CorruptMessage,
    MessageTooLarge = ErrorCode.MessageTooLarge,
    RecordListTooLarge = ErrorCode.RecordListTooLarge,
    InvalidTxnState = ErrorCode.InvalidTxnState,
    UnsupportedCompressionType = ErrorCode.UnsupportedCompressionType,
    InvalidRecord = ErrorCode.InvalidRecord,
}
