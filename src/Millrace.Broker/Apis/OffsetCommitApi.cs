using Millrace.Broker.Groups;
using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// OffsetCommit, versions 2 to 9: on disk when it is answered; commits that come together share an fsync.
/// <para>As Kafka: a member is checked against its group, and somebody without a group may commit while it has no members. The
/// metadata text comes back as it was given. A member of the new protocol commits in 9, with its epoch, or gets UNSUPPORTED_VERSION. A retention time (2 to 4) is taken and ignored.</para>
/// <para>Not there: version 10, with topic ids; clients fall back to 9.</para>
/// </summary>
internal sealed class OffsetCommitApi(BrokerServices services)
    : Api<OffsetCommitRequest, OffsetCommitResponse>(minVersion: 2, maxVersion: 9)
{
    private const short KnowsGroupIdNotFound = 9;
    private const short HasMemberEpoch = 9;

    protected override async ValueTask<OffsetCommitResponse?> HandleAsync(OffsetCommitRequest request, RequestContext context)
    {
        var committer = new Committer(
            request.MemberId,
            request.GroupInstanceId,
            request.GenerationIdOrMemberEpoch,
            IsTransactional: false,
            KnowsMemberEpochs: context.Version >= HasMemberEpoch);
        var groupError = services.Groups.ValidateCommit(request.GroupId, committer);
        if (groupError is ErrorCode.GroupIdNotFound && context.Version < KnowsGroupIdNotFound)
            groupError = ErrorCode.IllegalGeneration;

        var offsets = new List<CommittedOffset>();
        var response = new OffsetCommitResponse
        {
            Topics = request.Topics.ConvertAll(topic => new OffsetCommitResponse.OffsetCommitResponseTopic
            {
                Name = topic.Name,
                Partitions = topic.Partitions.ConvertAll(p => new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = OffsetCheck.Take(services, request.GroupId, committer, groupError, ToOffset(topic.Name, p), offsets),
                }),
            }),
        };

        if (offsets.Count > 0 && !await services.Groups.CommitAsync(request.GroupId, offsets).ConfigureAwait(false))
        {
            foreach (var partition in response.Topics.SelectMany(t => t.Partitions).Where(p => p.ErrorCode is ErrorCode.None))
                partition.ErrorCode = ErrorCode.KafkaStorageError;
        }

        return response;
    }

    private CommittedOffset ToOffset(string topic, OffsetCommitRequest.OffsetCommitRequestPartition wanted) => new(
        topic,
        wanted.PartitionIndex,
        wanted.CommittedOffset,
        wanted.CommittedLeaderEpoch,
        wanted.CommittedMetadata ?? "",
        services.Settings.Time.GetUtcNow());
}
