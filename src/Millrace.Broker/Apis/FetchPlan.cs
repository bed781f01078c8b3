using Millrace.Broker.Log;
using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>The logs that a fetch asks for, looked up once, in the order of the request.</summary>
internal sealed class FetchPlan
{
    private readonly FetchRequest _request;
    private readonly List<List<Target>> _targets;

    public FetchPlan(TopicCatalog topics, FetchRequest request, bool topicsById)
    {
        _request = request;
        _targets = new List<List<Target>>(request.Topics.Count);
        foreach (var topic in request.Topics)
        {
            var found = topicsById ? topics.Find(topic.TopicId) : topics.Find(topic.Topic);
            var isUnknown = topicsById ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
            _targets.Add(topic.Partitions.ConvertAll(p => new Target(
                p, found?.Partition(p.Partition), found is null ? isUnknown : ErrorCode.UnknownTopicOrPartition)));
        }
    }

    /// <summary>Whether there was an error to tell when it was last read.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether a log has grown or gone since it was last read.</summary>
    public bool HasChanged => _targets.Exists(topic => topic.Exists(t => t.Log is { } log
        && (EndOf(log) != t.SeenEnd || log.Status is LogStatus.Deleted)));

    /// <summary>About how much the next reading will hold.</summary>
    public long EstimateBytes(int maxBytes) => Math.Min(maxBytes, _targets.Sum(topic => topic.Sum(t => t.EstimateBytes())));

    public FetchResponse Read(FetchBuffers held, int maxBytes)
    {
        HasErrors = false;
        var response = new FetchResponse { Responses = new(_targets.Count) };
        for (var i = 0; i < _targets.Count; i++)
        {
            var topic = _request.Topics[i];
            response.Responses.Add(new()
            {
                Topic = topic.Topic,
                TopicId = topic.TopicId,
                Partitions = _targets[i].ConvertAll(t => Read(t, held, maxBytes)),
            });
        }

        return response;
    }

    public void Watch(FetchWaiter waiter)
    {
        foreach (var target in _targets.SelectMany(t => t))
            target.Log?.Watch(waiter);
    }

    public void Unwatch(FetchWaiter waiter)
    {
        foreach (var target in _targets.SelectMany(t => t))
            target.Log?.Unwatch(waiter);
    }

    private FetchResponse.PartitionData Read(Target target, FetchBuffers held, int maxBytes)
    {
        // The end first: what is committed up to it by then stays so, whatever comes meanwhile.
        var end = target.Log is { } log ? EndOf(log) : -1;
        var highWatermark = target.Log?.HighWatermark ?? -1;
        target.SeenEnd = end;
        var wanted = target.Wanted;
        var error = target.Check(highWatermark);
        var records = default(FetchedRecords);
        if (error is ErrorCode.None)
        {
            records = target.Log!.Read(wanted.FetchOffset, end, Math.Min(wanted.PartitionMaxBytes, maxBytes - held.TotalBytes), held.TotalBytes == 0);
            error = records.IsCorrupt ? ErrorCode.CorruptMessage : ErrorCode.None;
        }

        HasErrors |= error is not ErrorCode.None;
        return new FetchResponse.PartitionData
        {
            PartitionIndex = wanted.Partition,
            ErrorCode = error,
            HighWatermark = highWatermark,
            LastStableOffset = target.Log?.LastStableOffset ?? -1,
            LogStartOffset = target.Log?.StartOffset ?? -1,
            // null where nobody asked: librdkafka takes a list, even an empty one, for a broker's mistake.
            AbortedTransactions = _request.IsolationLevel == Isolation.ReadCommitted ? Aborted(target, end) : null,
            Records = held.Add(records),
        };
    }

    private long EndOf(PartitionLog log) => Isolation.EndOf(log, _request.IsolationLevel);

    private static List<FetchResponse.AbortedTransaction> Aborted(Target target, long end)
    {
        if (target.Log is null)
            return [];
        return target.Log.AbortedBetween(target.Wanted.FetchOffset, end)
            .ConvertAll(t => new FetchResponse.AbortedTransaction { ProducerId = t.ProducerId, FirstOffset = t.FirstOffset });
    }

    private sealed class Target(FetchRequest.FetchPartition wanted, PartitionLog? log, ErrorCode errorWithoutLog)
    {
        public FetchRequest.FetchPartition Wanted { get; } = wanted;

        public PartitionLog? Log { get; } = log;

        public long SeenEnd { get; set; }

        public long EstimateBytes() => Log is null ? 0 : Math.Min(Wanted.PartitionMaxBytes, Log.EstimateBytes(Wanted.FetchOffset));

        public ErrorCode Check(long highWatermark)
        {
            if (Log is null)
                return errorWithoutLog;
            if (Log.Status is LogStatus.Deleted)
                return ErrorCode.UnknownTopicOrPartition;
            if (LeaderEpoch.Check(Wanted.CurrentLeaderEpoch) is var error and not ErrorCode.None)
                return error;
            return Wanted.FetchOffset < Log.StartOffset || Wanted.FetchOffset > highWatermark
                ? ErrorCode.OffsetOutOfRange
                : ErrorCode.None;
        }
    }
}
