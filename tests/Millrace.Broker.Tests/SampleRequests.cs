using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests;

/// <summary>A valid request of one API, and how its answer is read.</summary>
internal abstract record SampleRequest(ApiKey Api, short MinVersion, short MaxVersion)
{
    public abstract byte[] Frame(short version, int correlationId);

    /// <summary>Fails the test when the answer is not this API's, as a whole and in this version.</summary>
    public abstract void CheckAnswer(byte[] frame, short version, int correlationId);
}

internal sealed record SampleRequest<TRequest, TResponse>(short MinVersion, short MaxVersion, Func<short, TRequest> Create)
    : SampleRequest(TRequest.ApiKey, MinVersion, MaxVersion)
    where TRequest : IKafkaMessage
    where TResponse : IKafkaMessage, new()
{
    public override byte[] Frame(short version, int correlationId) => WireClient.FrameOf(Create(version), version, correlationId);

    public override void CheckAnswer(byte[] frame, short version, int correlationId)
    {
        var reader = new WireReader(frame);
        var header = new ResponseHeader();
        header.Read(ref reader, Framing.ResponseHeaderVersion<TResponse>(version));
        Assert.Equal(correlationId, header.CorrelationId);
        new TResponse().Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
    }
}

/// <summary>One request for each API that the broker serves, for the tests of versions and for the fuzzer to damage.</summary>
internal static class SampleRequests
{
    public const string Topic = "sample";

    public static IReadOnlyList<SampleRequest> All(Guid topicId) =>
    [
        new SampleRequest<ProduceRequest, ProduceResponse>(3, 13, version => new()
        {
            Acks = -1,
            TimeoutMs = 1000,
            TopicData =
            [
                new()
                {
                    Name = version < 13 ? Topic : "",
                    TopicId = version < 13 ? Guid.Empty : topicId,
                    PartitionData = [new() { Index = 0, Records = Batches.Of("a", "b") }],
                },
            ],
        }),
        new SampleRequest<FetchRequest, FetchResponse>(4, 17, version => new()
        {
            MaxWaitMs = 1,
            MinBytes = 1,
            MaxBytes = 1_000_000,
            IsolationLevel = 1,
            Topics =
            [
                new()
                {
                    Topic = version < 13 ? Topic : "",
                    TopicId = version < 13 ? Guid.Empty : topicId,
                    Partitions = [new() { Partition = 0, FetchOffset = 0, PartitionMaxBytes = 100_000 }],
                },
            ],
        }),
        new SampleRequest<ListOffsetsRequest, ListOffsetsResponse>(1, 10, _ => new()
        {
            ReplicaId = -1,
            Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, Timestamp = -1 }, new() { PartitionIndex = 0, Timestamp = 5 }] }],
        }),
        new SampleRequest<MetadataRequest, MetadataResponse>(0, 13, version => new()
        {
            Topics = version == 0 ? [] : [new() { Name = Topic }],
            AllowAutoTopicCreation = version < 4,
        }),
        new SampleRequest<OffsetCommitRequest, OffsetCommitResponse>(2, 9, _ => new()
        {
            GroupId = "sample-simple",
            GenerationIdOrMemberEpoch = -1,
            Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1, CommittedMetadata = "text" }] }],
        }),
        new SampleRequest<OffsetFetchRequest, OffsetFetchResponse>(1, 9, version => version < 8
            ? new() { GroupId = "sample-simple", Topics = [new() { Name = Topic, PartitionIndexes = [0] }] }
            : new() { Groups = [new() { GroupId = "sample-simple", Topics = [new() { Name = Topic, PartitionIndexes = [0] }] }] }),
        new SampleRequest<FindCoordinatorRequest, FindCoordinatorResponse>(0, 6, version => version < 4
            ? new() { Key = "g" }
            : new() { CoordinatorKeys = ["g", "h"] }),
        new SampleRequest<JoinGroupRequest, JoinGroupResponse>(0, 9, version => new()
        {
            GroupId = $"sample-{version}",
            SessionTimeoutMs = 6_000,
            RebalanceTimeoutMs = 6_000,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "range", Metadata = new byte[] { 1, 2 } }],
        }),
        new SampleRequest<HeartbeatRequest, HeartbeatResponse>(0, 4, _ => new() { GroupId = "g", MemberId = "m" }),
        new SampleRequest<LeaveGroupRequest, LeaveGroupResponse>(0, 5, version => version < 3
            ? new() { GroupId = "g", MemberId = "m" }
            : new() { GroupId = "g", Members = [new() { MemberId = "m" }] }),
        new SampleRequest<SyncGroupRequest, SyncGroupResponse>(0, 5, _ => new()
        {
            GroupId = "g", MemberId = "m", Assignments = [new() { MemberId = "m", Assignment = new byte[] { 3 } }],
        }),
        new SampleRequest<DescribeGroupsRequest, DescribeGroupsResponse>(0, 6, _ => new() { Groups = ["sample-simple", "none"] }),
        new SampleRequest<ListGroupsRequest, ListGroupsResponse>(0, 5, version => version < 4 ? new() : new() { StatesFilter = ["Empty"] }),
        new SampleRequest<ApiVersionsRequest, ApiVersionsResponse>(0, 4, _ => new() { ClientSoftwareName = "test", ClientSoftwareVersion = "1" }),
        new SampleRequest<CreateTopicsRequest, CreateTopicsResponse>(2, 7, _ => new()
        {
            ValidateOnly = true,
            Topics = [new() { Name = "wanted", NumPartitions = 2, ReplicationFactor = 1, Configs = [new() { Name = "segment.bytes", Value = "4096" }] }],
        }),
        new SampleRequest<DeleteTopicsRequest, DeleteTopicsResponse>(1, 6, version => version < 6
            ? new() { TopicNames = ["no-such-topic"] }
            : new() { Topics = [new() { Name = "no-such-topic" }] }),
        new SampleRequest<InitProducerIdRequest, InitProducerIdResponse>(0, 5, _ => new() { TransactionalId = null, TransactionTimeoutMs = 1000 }),
        new SampleRequest<DescribeConfigsRequest, DescribeConfigsResponse>(1, 4, _ => new()
        {
            IncludeSynonyms = true,
            Resources =
            [
                new() { ResourceType = 2, ResourceName = Topic, ConfigurationKeys = null },
                new() { ResourceType = 4, ResourceName = "1", ConfigurationKeys = null },
            ],
        }),
        new SampleRequest<DescribeClusterRequest, DescribeClusterResponse>(0, 2, _ => new()),
        new SampleRequest<SaslHandshakeRequest, SaslHandshakeResponse>(0, 1, _ => new() { Mechanism = "PLAIN" }),
        new SampleRequest<SaslAuthenticateRequest, SaslAuthenticateResponse>(0, 2, _ => new() { AuthBytes = "\0a\0b"u8.ToArray() }),
        new SampleRequest<DeleteRecordsRequest, DeleteRecordsResponse>(0, 2, _ => new()
        {
            Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, Offset = 0 }, new() { PartitionIndex = 7 }] }],
        }),
        new SampleRequest<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(2, 4, _ => new()
        {
            Topics = [new() { Topic = Topic, Partitions = [new() { Partition = 0, LeaderEpoch = 0 }] }],
        }),
        new SampleRequest<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(0, 3, _ => new()
        {
            V3AndBelowTransactionalId = "sample", V3AndBelowTopics = [new() { Name = Topic, Partitions = [0] }],
        }),
        new SampleRequest<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(0, 4, _ => new() { TransactionalId = "sample", GroupId = "g" }),
        new SampleRequest<EndTxnRequest, EndTxnResponse>(0, 4, _ => new() { TransactionalId = "sample", Committed = true }),
        new SampleRequest<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(0, 4, _ => new()
        {
            TransactionalId = "sample",
            GroupId = "sample-simple",
            Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1 }] }],
        }),
        new SampleRequest<AlterConfigsRequest, AlterConfigsResponse>(0, 2, _ => new()
        {
            ValidateOnly = true,
            Resources = [new() { ResourceType = 2, ResourceName = Topic, Configs = [new() { Name = "retention.ms", Value = "1000" }] }],
        }),
        new SampleRequest<DescribeLogDirsRequest, DescribeLogDirsResponse>(1, 4, _ => new() { Topics = [new() { Topic = Topic, Partitions = [0] }] }),
        new SampleRequest<CreatePartitionsRequest, CreatePartitionsResponse>(0, 3, _ => new()
        {
            ValidateOnly = true, Topics = [new() { Name = Topic, Count = 2, Assignments = null }],
        }),
        new SampleRequest<DeleteGroupsRequest, DeleteGroupsResponse>(0, 2, _ => new() { GroupsNames = ["no-such-group"] }),
        new SampleRequest<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(0, 1, _ => new()
        {
            ValidateOnly = true,
            Resources = [new() { ResourceType = 2, ResourceName = Topic, Configs = [new() { Name = "cleanup.policy", ConfigOperation = 2, Value = "compact" }] }],
        }),
        new SampleRequest<OffsetDeleteRequest, OffsetDeleteResponse>(0, 0, _ => new()
        {
            GroupId = "sample-simple", Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0 }] }],
        }),
        new SampleRequest<DescribeProducersRequest, DescribeProducersResponse>(0, 0, _ => new() { Topics = [new() { Name = Topic, PartitionIndexes = [0, 9] }] }),
        new SampleRequest<DescribeTransactionsRequest, DescribeTransactionsResponse>(0, 0, _ => new() { TransactionalIds = ["sample"] }),
        new SampleRequest<ListTransactionsRequest, ListTransactionsResponse>(0, 2, _ => new() { StateFilters = ["Ongoing", "None"], TransactionalIdPattern = "a.*" }),
        new SampleRequest<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(0, 1, version => new()
        {
            GroupId = $"sample-new-{version}",
            MemberId = "m",
            RebalanceTimeoutMs = 6_000,
            SubscribedTopicNames = [Topic],
            SubscribedTopicRegex = version >= 1 ? "sam.*" : null,
            ServerAssignor = "uniform",
            TopicPartitions = [],
        }),
        new SampleRequest<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>(0, 1, _ => new() { GroupIds = ["sample-new-0", "sample-simple", "none"] }),
    ];
}
