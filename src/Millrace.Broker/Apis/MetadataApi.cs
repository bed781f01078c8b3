using Millrace.Broker.Log;
using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// Metadata, versions 0 to 13: the one broker, and topics by name or (12 on) by id.
/// <para>Not as Kafka: a topic that is to be created automatically is there when the answer is sent. Kafka answers
/// UNKNOWN_TOPIC_OR_PARTITION first and creates it meanwhile; every client that was tried takes both, and only this way can no
/// batch arrive before its topic is whole.</para>
/// <para>The leader epoch is always 0 and the leader always this node, since there is no other.</para>
/// </summary>
internal sealed class MetadataApi(BrokerServices services) : Api<MetadataRequest, MetadataResponse>(minVersion: 0, maxVersion: 13)
{
    private const short NamesNullForAll = 1;

    protected override async ValueTask<MetadataResponse?> HandleAsync(MetadataRequest request, RequestContext context) => new()
    {
        Brokers =
        [
            new MetadataResponse.MetadataResponseBroker
            {
                NodeId = BrokerSettings.NodeId,
                Host = services.Settings.AdvertisedHost,
                Port = services.AdvertisedPort,
            },
        ],
        ClusterId = services.ClusterId,
        ControllerId = BrokerSettings.NodeId,
        Topics = await TopicsAsync(request, context).ConfigureAwait(false),
    };

    private async ValueTask<List<MetadataResponse.MetadataResponseTopic>> TopicsAsync(MetadataRequest request, RequestContext context)
    {
        var wantsAll = request.Topics is null || (context.Version < NamesNullForAll && request.Topics.Count == 0);
        if (wantsAll)
            return [.. services.Topics.All.Select(Describe)];

        var topics = new List<MetadataResponse.MetadataResponseTopic>(request.Topics!.Count);
        foreach (var wanted in request.Topics)
            topics.Add(await FindAsync(wanted, request.AllowAutoTopicCreation && context.MayWrite).ConfigureAwait(false));
        return topics;
    }

    private async ValueTask<MetadataResponse.MetadataResponseTopic> FindAsync(MetadataRequest.MetadataRequestTopic wanted, bool mayCreate)
    {
        if (wanted.Name is null)
        {
            return services.Topics.Find(wanted.TopicId) is { } byId
                ? Describe(byId)
                : new() { ErrorCode = ErrorCode.UnknownTopicId, Name = null, TopicId = wanted.TopicId };
        }

        if (services.Topics.Find(wanted.Name) is { } topic)
            return Describe(topic);
        if (!TopicName.IsValid(wanted.Name))
            return new() { ErrorCode = ErrorCode.InvalidTopicException, Name = wanted.Name };
        if (!mayCreate || !services.Settings.AutoCreateTopics)
            return new() { ErrorCode = ErrorCode.UnknownTopicOrPartition, Name = wanted.Name };

        var outcome = await services.Topics.CreateAsync(wanted.Name, -1, TopicConfig.NothingOwn, validateOnly: false).ConfigureAwait(false);
        // Somebody else may have been faster.
        if ((outcome.Topic ?? services.Topics.Find(wanted.Name)) is { } created)
            return Describe(created);
        return new() { ErrorCode = outcome.Error, Name = wanted.Name };
    }

    private static MetadataResponse.MetadataResponseTopic Describe(Topic topic) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        Partitions =
        [
            .. topic.Partitions.Select((_, index) => new MetadataResponse.MetadataResponsePartition
            {
                PartitionIndex = index,
                LeaderId = BrokerSettings.NodeId,
                LeaderEpoch = LeaderEpoch.Constant,
                ReplicaNodes = [BrokerSettings.NodeId],
                IsrNodes = [BrokerSettings.NodeId],
            }),
        ],
    };
}
