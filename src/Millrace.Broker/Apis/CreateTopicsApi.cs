using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// CreateTopics, versions 2 to 7: on disk when it is answered; from 5 on with every setting in effect.
/// <para>As Kafka: -1 partitions or replicas mean the broker's default (4 on); a list of replicas may stand for the
/// number of partitions; "validate only" creates nothing.</para>
/// <para>Not as Kafka: there is one node, so a replication factor other than 1 is refused, and so is a setting that the
/// broker does not act on.</para>
/// </summary>
internal sealed class CreateTopicsApi(BrokerServices services) : Api<CreateTopicsRequest, CreateTopicsResponse>(minVersion: 2, maxVersion: 7)
{
    private const int BrokerDefault = -1;

    protected override async ValueTask<CreateTopicsResponse?> HandleAsync(CreateTopicsRequest request, RequestContext context)
    {
        var response = new CreateTopicsResponse();
        var repeated = request.Topics.GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        foreach (var wanted in request.Topics.DistinctBy(t => t.Name))
        {
            var outcome = repeated.Contains(wanted.Name)
                ? TopicOutcome.Refused(ErrorCode.InvalidRequest, "The topic is in the request more than once.")
                : Authorization.Refusal(context) ?? Refusal(wanted) ?? await CreateAsync(wanted, request.ValidateOnly).ConfigureAwait(false);
            response.Topics.Add(ToResult(wanted.Name, outcome, request.ValidateOnly));
        }

        return response;
    }

    private static TopicOutcome? Refusal(CreateTopicsRequest.CreatableTopic wanted)
    {
        var assignments = wanted.Assignments;
        if (assignments.Count == 0)
        {
            return wanted.ReplicationFactor is 1 or BrokerDefault
                ? null
                : TopicOutcome.Refused(ErrorCode.InvalidReplicationFactor, $"Replication factor: {wanted.ReplicationFactor} larger than available brokers: 1.");
        }

        if (wanted.NumPartitions != BrokerDefault || wanted.ReplicationFactor != BrokerDefault)
            return TopicOutcome.Refused(ErrorCode.InvalidRequest, "Replicas are assigned, so the numbers of partitions and replicas must be -1.");

        var isWhole = assignments.Select(a => a.PartitionIndex).Order().SequenceEqual(Enumerable.Range(0, assignments.Count));
        return isWhole && assignments.TrueForAll(a => a.BrokerIds is [BrokerSettings.NodeId])
            ? null
            : TopicOutcome.Refused(ErrorCode.InvalidReplicaAssignment, $"Each partition from 0 on must be assigned once, to broker {BrokerSettings.NodeId}.");
    }

    private async ValueTask<TopicOutcome> CreateAsync(CreateTopicsRequest.CreatableTopic wanted, bool validateOnly)
    {
        var configs = new Dictionary<string, string>();
        foreach (var config in wanted.Configs)
        {
            // null takes the default, which is what no entry means.
            if (config.Value is not null)
                configs[config.Name] = config.Value;
        }

        var partitions = wanted.Assignments.Count > 0 ? wanted.Assignments.Count : wanted.NumPartitions;
        return await services.Topics.CreateAsync(wanted.Name, partitions, configs, validateOnly).ConfigureAwait(false);
    }

    private static CreateTopicsResponse.CreatableTopicResult ToResult(string name, TopicOutcome outcome, bool validateOnly)
    {
        var result = new CreateTopicsResponse.CreatableTopicResult { Name = name, ErrorCode = outcome.Error, ErrorMessage = outcome.Message };
        if (outcome.Topic is not { } topic)
            return result;

        result.TopicId = validateOnly ? Guid.Empty : topic.Id;
        result.NumPartitions = topic.Partitions.Length;
        result.ReplicationFactor = 1;
        result.Configs =
        [
            .. TopicConfigKeys.All.Select(key => new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = key.Name,
                Value = topic.Config.ValueOf(key),
                ConfigSource = ConfigSource.Of(topic.Config, key),
            }),
        ];
        return result;
    }
}
