using Millrace.Broker.Groups;
using Millrace.Broker.Log;
using Millrace.Broker.Transactions;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// TxnOffsetCommit, versions 0 to 4: offsets that take effect when the transaction commits. 3 on: a member of the group is checked, so
/// that one whose partitions went to another cannot commit them.
/// <para>Not there: version 5 (transactions begun by the first request) and 6 (topic ids).</para>
/// </summary>
internal sealed class TxnOffsetCommitApi(BrokerServices services) : Api<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(minVersion: 0, maxVersion: 4)
{
    protected override async ValueTask<TxnOffsetCommitResponse?> HandleAsync(TxnOffsetCommitRequest request, RequestContext context)
    {
        var committer = new Committer(
            request.MemberId, request.GroupInstanceId, request.GenerationId, IsTransactional: true, KnowsMemberEpochs: true);
        var error = context.MayWrite
            ? services.Groups.ValidateCommit(request.GroupId, committer)
            : ErrorCode.TransactionalIdAuthorizationFailed;
        if (error is ErrorCode.GroupIdNotFound)
            error = ErrorCode.IllegalGeneration;

        var offsets = new List<CommittedOffset>();
        var response = new TxnOffsetCommitResponse
        {
            Topics = request.Topics.ConvertAll(topic => new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic
            {
                Name = topic.Name,
                Partitions = topic.Partitions.ConvertAll(p => new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = ToGeneration(OffsetCheck.Take(services, request.GroupId, committer, error, ToOffset(topic.Name, p), offsets)),
                }),
            }),
        };
        if (offsets.Count == 0)
            return response;

        var producer = new TransactionalProducer(request.TransactionalId, request.ProducerId, request.ProducerEpoch);
        error = await services.Transactions.CommitOffsetsAsync(producer, request.GroupId, offsets).ConfigureAwait(false);
        // As the offsets topic of Kafka answers, which knows epochs and not fencing.
        error = error is ErrorCode.ProducerFenced ? ErrorCode.InvalidProducerEpoch : error;
        foreach (var partition in response.Topics.SelectMany(t => t.Partitions).Where(p => p.ErrorCode is ErrorCode.None))
            partition.ErrorCode = error;
        return response;
    }

    /// <summary>The API knows generations and no member epochs.</summary>
    private static ErrorCode ToGeneration(ErrorCode error) => error is ErrorCode.StaleMemberEpoch ? ErrorCode.IllegalGeneration : error;

    private CommittedOffset ToOffset(string topic, TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition wanted) => new(
        topic,
        wanted.PartitionIndex,
        wanted.CommittedOffset,
        wanted.CommittedLeaderEpoch,
        wanted.CommittedMetadata ?? "",
        services.Settings.Time.GetUtcNow());
}
