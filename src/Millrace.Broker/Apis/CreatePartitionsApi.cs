using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// CreatePartitions, versions 0 to 3: more partitions for a topic, on disk when it is answered. As Kafka; replicas may be assigned to the one
/// broker that there is.
/// </summary>
internal sealed class CreatePartitionsApi(BrokerServices services)
    : Api<CreatePartitionsRequest, CreatePartitionsResponse>(minVersion: 0, maxVersion: 3)
{
    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(CreatePartitionsRequest request, RequestContext context)
    {
        var response = new CreatePartitionsResponse();
        var repeated = request.Topics.GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet();
        foreach (var wanted in request.Topics.DistinctBy(t => t.Name))
        {
            var outcome = repeated.Contains(wanted.Name)
                ? TopicOutcome.Refused(ErrorCode.InvalidRequest, "The topic is in the request more than once.")
                : Authorization.Refusal(context) ?? Refusal(wanted) ?? await services.Topics.AddPartitionsAsync(wanted.Name, wanted.Count, request.ValidateOnly).ConfigureAwait(false);
            response.Results.Add(new() { Name = wanted.Name, ErrorCode = outcome.Error, ErrorMessage = outcome.Message });
        }

        return response;
    }

    private TopicOutcome? Refusal(CreatePartitionsRequest.CreatePartitionsTopic wanted)
    {
        if (wanted.Assignments is not { } assignments || services.Topics.Find(wanted.Name) is not { } topic)
            return null;

        var added = wanted.Count - topic.Partitions.Length;
        return assignments.Count == added && assignments.TrueForAll(a => a.BrokerIds is [BrokerSettings.NodeId])
            ? null
            : TopicOutcome.Refused(ErrorCode.InvalidReplicaAssignment, $"Each of the {added} new partitions must be assigned to broker {BrokerSettings.NodeId}.");
    }
}
