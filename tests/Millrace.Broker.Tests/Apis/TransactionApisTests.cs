using Millrace.Protocol;
using Millrace.Protocol.Messages;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Tests.Apis;

/// <summary>The transaction APIs over the wire: every refusal, and what a restart between two steps leaves.</summary>
public sealed class TransactionApisTests
{
    [Fact]
    public async Task Ids_timeouts_and_epochs_that_are_wrong_are_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.InvalidRequest, (await InitAsync(client, "")).ErrorCode);
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, (await InitAsync(client, "x", timeoutMs: 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, (await InitAsync(client, "x", timeoutMs: 16 * 60 * 1000)).ErrorCode);

        var first = await InitAsync(client, "x");
        Assert.Equal((ErrorCode.None, 0), (first.ErrorCode, first.ProducerEpoch));
        var second = await InitAsync(client, "x");
        Assert.Equal((first.ProducerId, 1), (second.ProducerId, second.ProducerEpoch));
        Assert.Equal(ErrorCode.ProducerFenced, (await InitAsync(client, "x", producerId: first.ProducerId, epoch: 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, (await InitAsync(client, "x", producerId: first.ProducerId, epoch: 0, version: 3)).ErrorCode);
        Assert.Equal(ErrorCode.ProducerFenced, (await InitAsync(client, "x", producerId: 999, epoch: 1)).ErrorCode);

        // Who names itself gets the next epoch, and the same again when the answer was lost.
        Assert.Equal(2, (await InitAsync(client, "x", producerId: first.ProducerId, epoch: 1)).ProducerEpoch);
        Assert.Equal(2, (await InitAsync(client, "x", producerId: first.ProducerId, epoch: 1)).ProducerEpoch);
    }

    [Fact]
    public async Task Partitions_are_added_all_or_none_and_by_the_current_producer_only()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", partitions: 2);
        var producer = await InitAsync(client, "x");
        Assert.Equal([ErrorCode.OperationNotAttempted, ErrorCode.UnknownTopicOrPartition], await AddAsync(client, "x", producer.ProducerId, 0, partitions: [0, 7]));
        Assert.Equal([ErrorCode.InvalidTxnState], [(await ProduceAsync(client, producer.ProducerId, 0, 0, "no")).ErrorCode]);
        Assert.Equal([ErrorCode.InvalidProducerIdMapping], await AddAsync(client, "unknown", producer.ProducerId, 0));
        Assert.Equal([ErrorCode.InvalidProducerIdMapping], await AddAsync(client, "x", 999, 0));
        Assert.Equal([ErrorCode.ProducerFenced], await AddAsync(client, "x", producer.ProducerId, 5));
        Assert.Equal([ErrorCode.InvalidProducerEpoch], await AddAsync(client, "x", producer.ProducerId, 5, version: 1));
        Assert.Equal([ErrorCode.None], await AddAsync(client, "x", producer.ProducerId, 0));
        Assert.Equal(ErrorCode.None, (await ProduceAsync(client, producer.ProducerId, 0, 0, "yes")).ErrorCode);
    }

    [Fact]
    public async Task End_can_be_asked_for_again_but_not_changed()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var producer = (await InitAsync(client, "x")).ProducerId;
        Assert.Equal(ErrorCode.InvalidTxnState, await EndAsync(client, "x", producer, 0, commit: true));
        await AddAsync(client, "x", producer, 0);
        await ProduceAsync(client, producer, 0, 0, "a");
        Assert.Equal(ErrorCode.ProducerFenced, await EndAsync(client, "x", producer, 3, commit: true));
        Assert.Equal(ErrorCode.None, await EndAsync(client, "x", producer, 0, commit: true));
        Assert.Equal(ErrorCode.None, await EndAsync(client, "x", producer, 0, commit: true));
        Assert.Equal(ErrorCode.InvalidTxnState, await EndAsync(client, "x", producer, 0, commit: false));
        var offset = (await ListAsync(client, isolation: 1)).Offset;
        Assert.Equal(2, offset);
    }

    [Fact]
    public async Task Offsets_take_effect_with_the_commit_and_are_unstable_until_then()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t");
        var producer = (await InitAsync(client, "x")).ProducerId;
        Assert.Equal(ErrorCode.InvalidTxnState, await CommitAsync(client, "x", producer, 0, 5));
        await AddGroupAsync(client, "x", producer, 0);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await CommitAsync(client, "x", producer, 9, 5));
        Assert.Equal(ErrorCode.UnknownMemberId, await CommitAsync(client, "x", producer, 0, 5, generation: 3));
        Assert.Equal(ErrorCode.None, await CommitAsync(client, "x", producer, 0, 5));
        Assert.Equal(-1, await GroupApisTests.CommittedAsync(client, "g", "t"));
        Assert.Equal((ErrorCode.UnstableOffsetCommit, -1), await FetchOffsetAsync(client, requireStable: true));
        Assert.Equal((ErrorCode.None, -1), await FetchOffsetAsync(client, requireStable: false));
        Assert.Equal(ErrorCode.None, await EndAsync(client, "x", producer, 0, commit: true));
        Assert.Equal((ErrorCode.None, 5), await FetchOffsetAsync(client, requireStable: true));

        await AddGroupAsync(client, "x", producer, 0);
        await CommitAsync(client, "x", producer, 0, 9);
        await EndAsync(client, "x", producer, 0, commit: false);
        Assert.Equal((ErrorCode.None, 5), await FetchOffsetAsync(client, requireStable: true));
    }

    [Fact]
    public async Task Open_transaction_goes_on_after_a_restart_with_its_offsets()
    {
        await using var broker = await TestBroker.StartAsync();
        long producer;
        using (var client = await broker.ConnectAsync())
        {
            await client.CreateTopicAsync("t");
            producer = (await InitAsync(client, "x")).ProducerId;
            await AddAsync(client, "x", producer, 0);
            await ProduceAsync(client, producer, 0, 0, "a");
            await AddGroupAsync(client, "x", producer, 0);
            await CommitAsync(client, "x", producer, 0, 5);
        }

        await broker.RestartAsync();
        using var again = await broker.ConnectAsync();
        Assert.Equal(0, (await ListAsync(again, isolation: 1)).Offset);
        Assert.Equal(1, (await ListAsync(again, isolation: 0)).Offset);
        Assert.Equal(ErrorCode.None, (await ProduceAsync(again, producer, 0, 1, "b")).ErrorCode);
        Assert.Equal(ErrorCode.None, await EndAsync(again, "x", producer, 0, commit: true));
        Assert.Equal(3, (await ListAsync(again, isolation: 1)).Offset);
        Assert.Equal((ErrorCode.None, 5), await FetchOffsetAsync(again, requireStable: true));
    }

    [Fact]
    public async Task Transactions_and_producers_are_listed_and_described()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("t", partitions: 2);
        var open = (await InitAsync(client, "open")).ProducerId;
        await InitAsync(client, "idle");
        await AddAsync(client, "open", open, 0, partitions: [1, 0]);
        await ProduceAsync(client, open, 0, 0, "a", "b");

        Assert.Equal([("idle", "Empty"), ("open", "Ongoing")], await ListAsync(new()));
        Assert.Equal([("open", "Ongoing")], await ListAsync(new() { StateFilters = ["Ongoing"] }));
        Assert.Equal([("idle", "Empty")], await ListAsync(new() { TransactionalIdPattern = "id.*" }));
        Assert.Empty(await ListAsync(new() { DurationFilter = 3_600_000 }));
        var bad = await client.CallAsync<ListTransactionsRequest, ListTransactionsResponse>(new() { TransactionalIdPattern = "(" }, 2);
        Assert.Equal(ErrorCode.InvalidRegularExpression, bad.ErrorCode);

        var described = (await client.CallAsync<DescribeTransactionsRequest, DescribeTransactionsResponse>(
            new() { TransactionalIds = ["open", "none"] }, 0)).TransactionStates;
        Assert.Equal(("Ongoing", open, 60_000), (described[0].TransactionState, described[0].ProducerId, described[0].TransactionTimeoutMs));
        Assert.Equal([0, 1], Assert.Single(described[0].Topics).Partitions);
        Assert.Equal(ErrorCode.TransactionalIdNotFound, described[1].ErrorCode);

        var producers = (await client.CallAsync<DescribeProducersRequest, DescribeProducersResponse>(
            new() { Topics = [new() { Name = "t", PartitionIndexes = [0, 1, 5] }] }, 0)).Topics[0].Partitions;
        var active = Assert.Single(producers[0].ActiveProducers);
        Assert.Equal((open, 0, 1, 0L), (active.ProducerId, active.ProducerEpoch, active.LastSequence, active.CurrentTxnStartOffset));
        Assert.Empty(producers[1].ActiveProducers);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, producers[2].ErrorCode);

        async Task<List<(string, string)>> ListAsync(ListTransactionsRequest request) =>
            [.. (await client.CallAsync<ListTransactionsRequest, ListTransactionsResponse>(request, 2)).TransactionStates.Select(t => (t.TransactionalId, t.TransactionState))];
    }

    private static Task<InitProducerIdResponse> InitAsync(
        WireClient client, string id, int timeoutMs = 60_000, long producerId = -1, short epoch = -1, short version = 5) =>
        client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(
            new() { TransactionalId = id, TransactionTimeoutMs = timeoutMs, ProducerId = producerId, ProducerEpoch = epoch }, version);

    private static async Task<List<ErrorCode>> AddAsync(
        WireClient client, string id, long producerId, short epoch, List<int>? partitions = null, short version = 3) =>
        [.. (await client.CallAsync<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(
            new()
            {
                V3AndBelowTransactionalId = id,
                V3AndBelowProducerId = producerId,
                V3AndBelowProducerEpoch = epoch,
                V3AndBelowTopics = [new() { Name = "t", Partitions = partitions ?? [0] }],
            },
            version)).ResultsByTopicV3AndBelow[0].ResultsByPartition.Select(p => p.PartitionErrorCode)];

    private static async Task AddGroupAsync(WireClient client, string id, long producerId, short epoch)
    {
        var response = await client.CallAsync<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(
            new() { TransactionalId = id, ProducerId = producerId, ProducerEpoch = epoch, GroupId = "g" }, 4);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
    }

    private static async Task<ErrorCode> CommitAsync(WireClient client, string id, long producerId, short epoch, long offset, int generation = -1) =>
        (await client.CallAsync<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(
            new()
            {
                TransactionalId = id,
                ProducerId = producerId,
                ProducerEpoch = epoch,
                GroupId = "g",
                GenerationId = generation,
                Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, CommittedOffset = offset }] }],
            },
            4)).Topics[0].Partitions[0].ErrorCode;

    private static async Task<ErrorCode> EndAsync(WireClient client, string id, long producerId, short epoch, bool commit) =>
        (await client.CallAsync<EndTxnRequest, EndTxnResponse>(
            new() { TransactionalId = id, ProducerId = producerId, ProducerEpoch = epoch, Committed = commit }, 4)).ErrorCode;

    private static Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        WireClient client, long producerId, short epoch, int sequence, params string[] values) =>
        client.ProduceAsync("t", Batches.Build(values, producerId, epoch, sequence, attributes: default(RecordBatchAttributes) with { IsTransactional = true }));

    private static async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> ListAsync(WireClient client, sbyte isolation) =>
        (await client.CallAsync<ListOffsetsRequest, ListOffsetsResponse>(
            new() { IsolationLevel = isolation, Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Timestamp = -1 }] }] },
            7)).Topics[0].Partitions[0];

    private static async Task<(ErrorCode, long)> FetchOffsetAsync(WireClient client, bool requireStable)
    {
        var response = await client.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(
            new() { RequireStable = requireStable, Groups = [new() { GroupId = "g", Topics = [new() { Name = "t", PartitionIndexes = [0] }] }] }, 9);
        var partition = response.Groups[0].Topics[0].Partitions[0];
        return (partition.ErrorCode, partition.CommittedOffset);
    }
}
