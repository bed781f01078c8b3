using System.Runtime.InteropServices;
using Millrace.Broker.Log;
using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// Produce, versions 3 to 13 (13 names topics by id). Advertised from 0 on, as Kafka does: librdkafka before 2.11 sends
/// everything uncompressed to a broker that does not claim version 0.
/// <para>Not as Kafka: acks=all is answered after the fsync (Kafka answers when the replicas have the batch in memory), acks=1 when
/// the operating system has it. Batches are stored as they come: what is inside one is looked at only where the topic is compacted and every
/// record needs a key, and the newest
/// timestamp that the producer states is believed.</para>
/// <para>A transactional batch is taken between AddPartitionsToTxn and the end of the transaction, and otherwise gets INVALID_TXN_STATE.</para>
/// </summary>
internal sealed class ProduceApi(BrokerServices services) : Api<ProduceRequest, ProduceResponse>(minVersion: 3, maxVersion: 13)
{
    private const short AcksNone = 0;
    private const short AcksLeader = 1;
    private const short AcksAll = -1;
    private const short TopicsById = 13;

    /// <summary>Many times what a producer gathers, and few enough that the answer stays small.</summary>
    private const int MaxPartitionsInRequest = 100_000;

    public override short AdvertisedMinVersion => 0;

    public override bool MayOverlap => true;

    protected override async ValueTask<ProduceResponse?> HandleAsync(ProduceRequest request, RequestContext context)
    {
        var partitions = 0;
        foreach (var data in request.TopicData)
            partitions += data.PartitionData.Count;
        if (partitions > MaxPartitionsInRequest)
            throw new WireFormatException($"a Produce request names more than {MaxPartitionsInRequest} partitions.");

        var fault = context.MayWrite ? services.Faults.NextProduce() : ErrorCode.TopicAuthorizationFailed;
        var response = new ProduceResponse { Responses = new(request.TopicData.Count) };
        var appends = new List<(AppendPart Part, ProduceResponse.PartitionProduceResponse Answer)>();
        foreach (var data in request.TopicData)
        {
            var (topic, error) = fault is ErrorCode.None ? Find(data, context.Version) : (null, fault);
            var answers = new List<ProduceResponse.PartitionProduceResponse>(data.PartitionData.Count);
            response.Responses.Add(new() { Name = data.Name, TopicId = data.TopicId, PartitionResponses = answers });
            foreach (var partition in data.PartitionData)
            {
                var answer = new ProduceResponse.PartitionProduceResponse { Index = partition.Index, BaseOffset = -1, ErrorCode = error };
                answers.Add(answer);
                if (topic is not null && Check(request, context.Version, topic, partition, answer) is { } part)
                    appends.Add((part, answer));
            }
        }

        if (appends.Count > 0)
            await AppendAsync(appends, request.Acks).ConfigureAwait(false);

        if (request.Acks != AcksNone)
            return response;
        context.CloseConnection = response.Responses.Exists(t => t.PartitionResponses.Exists(p => p.ErrorCode is not ErrorCode.None));
        return null;
    }

    private (Topic? Topic, ErrorCode Error) Find(ProduceRequest.TopicProduceData data, short version)
    {
        var topic = version >= TopicsById ? services.Topics.Find(data.TopicId) : services.Topics.Find(data.Name);
        if (topic is not null)
            return (topic, ErrorCode.None);
        return (null, version >= TopicsById ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
    }

    private static AppendPart? Check(
        ProduceRequest request,
        short version,
        Topic topic,
        ProduceRequest.PartitionProduceData data,
        ProduceResponse.PartitionProduceResponse answer)
    {
        if (request.Acks is not (AcksNone or AcksLeader or AcksAll))
        {
            answer.ErrorCode = ErrorCode.InvalidRequiredAcks;
            return null;
        }

        if (topic.Partition(data.Index) is not { } log)
        {
            answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            return null;
        }

        var check = BatchCheck.Run(data.Records, version, topic.Config, out var header);
        if (check.Error is not ErrorCode.None)
        {
            answer.ErrorCode = check.Error;
            answer.ErrorMessage = check.Message;
            return null;
        }

        return new AppendPart(log, MemoryMarshal.AsMemory(data.Records!.Value), header);
    }

    private async ValueTask AppendAsync(List<(AppendPart Part, ProduceResponse.PartitionProduceResponse Answer)> appends, short acks)
    {
        var append = new AppendRequest([.. appends.Select(a => a.Part)], waitsForDisk: acks == AcksAll);
        var isStopping = !await services.Writer.AppendAsync(append).ConfigureAwait(false);
        foreach (var (part, answer) in appends)
        {
            answer.ErrorCode = isStopping ? ErrorCode.NotLeaderOrFollower : part.Error;
            if (answer.ErrorCode is not ErrorCode.None)
                continue;
            answer.BaseOffset = part.BaseOffset;
            answer.LogAppendTimeMs = part.LogAppendTimeMs;
            answer.LogStartOffset = part.Log.StartOffset;
            services.Metrics.Produced(part.Batch.Length, part.Header.RecordCount);
        }
    }
}
