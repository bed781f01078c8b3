namespace Millrace.Broker.Apis;

/// <summary>The APIs that this broker serves. Another one is another file and a line here; ApiVersions tells clients of it.</summary>
internal sealed class ApiTable
{
    private readonly Api?[] _byKey;

    public ApiTable(BrokerServices services)
    {
        Api[] all =
        [
            new ProduceApi(services),
            new FetchApi(services),
            new ListOffsetsApi(services),
            new MetadataApi(services),
            new OffsetCommitApi(services),
            new OffsetFetchApi(services),
            new FindCoordinatorApi(services),
            new JoinGroupApi(services),
            new HeartbeatApi(services),
            new LeaveGroupApi(services),
            new SyncGroupApi(services),
            new DescribeGroupsApi(services),
            new ListGroupsApi(services),
            new ApiVersionsApi(this),
            new CreateTopicsApi(services),
            new DeleteTopicsApi(services),
            new InitProducerIdApi(services),
            new DescribeConfigsApi(services),
            new DescribeClusterApi(services),
            new SaslHandshakeApi(),
            new SaslAuthenticateApi(),
            new DeleteRecordsApi(services),
            new OffsetForLeaderEpochApi(services),
            new AddPartitionsToTxnApi(services),
            new AddOffsetsToTxnApi(services),
            new EndTxnApi(services),
            new TxnOffsetCommitApi(services),
            new AlterConfigsApi(services),
            new DescribeLogDirsApi(services),
            new CreatePartitionsApi(services),
            new DeleteGroupsApi(services),
            new IncrementalAlterConfigsApi(services),
            new OffsetDeleteApi(services),
            new DescribeProducersApi(services),
            new DescribeTransactionsApi(services),
            new ListTransactionsApi(services),
            new ConsumerGroupHeartbeatApi(services),
            new ConsumerGroupDescribeApi(services),
        ];
        _byKey = new Api?[all.Max(a => (int)a.Key) + 1];
        foreach (var api in all)
            _byKey[(int)api.Key] = api;
    }

    /// <summary>In the order of their keys.</summary>
    public IEnumerable<Api> All => _byKey.OfType<Api>();

    public Api? Find(short key) => key >= 0 && key < _byKey.Length ? _byKey[key] : null;
}
