using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Operations.Positions;

/// <summary>
/// Lets a partition go on that stopped because its position is not in the log any more: retention was faster, the log was truncated, or
/// the topic was made again.
/// </summary>
public sealed class PartitionResolver
{
    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly KafkaClients _kafka;
    private readonly TimeProvider _time;

    internal PartitionResolver(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _kafka = new KafkaClients(settings, logger);
        _time = time;
    }

    /// <summary>Where every partition of the topic stands, in order.</summary>
    /// <exception cref="OperationsException">PostgreSQL or Kafka cannot be used.</exception>
    public async Task<IReadOnlyList<PartitionPosition>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            List<StoredPosition> stored;
            await using (var connection = await _database.OpenConnectionAsync(cancellationToken))
                stored = await StoredPosition.ReadAllAsync(connection, _settings.GroupId, _settings.Topic, cancellationToken);

            // After the positions: the log's end only grows, so a position beyond it is beyond it.
            var log = await TopicLog.FindAsync(_kafka, _settings.Topic, cancellationToken);
            var known = stored.ToDictionary(position => position.Partition);
            return
            [
                .. Enumerable.Range(0, log?.Partitions.Count ?? 0).Union(known.Keys).Order()
                    .Select(partition => Describe(partition, known.GetValueOrDefault(partition), log)),
            ];
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
        catch (KafkaException e)
        {
            throw _kafka.Translate(e);
        }
    }

    /// <summary>
    /// Moves a position and raises the epoch, which fences whoever writes the partition now; a running pipeline then takes it over again from
    /// the new position. What is passed over stands in the ledger as skipped, and the decision in <c>pipeline.operations</c>.
    /// </summary>
    /// <exception cref="OperationsException">PostgreSQL or Kafka cannot be used, or the offset is missing.</exception>
    public async Task<ResolveResult> ResolveAsync(ResolveRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var log = await TopicLog.FindAsync(_kafka, _settings.Topic, cancellationToken);
            if (log is null || request.Partition < 0 || request.Partition >= log.Partitions.Count)
                return NoSuchPartition(request, log);
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var position = await StoredPosition.LockAsync(connection, _settings.GroupId, _settings.Topic, request.Partition, cancellationToken);
            if (position is null)
                return NoPosition(request);
            var plan = ResolvePlan.Make(request, position, log);
            if (plan.Refusal is { } refusal)
                return new ResolveResult(refusal, position.NextOffset, refusal == ResolveOutcome.AlreadyThere ? position.NextOffset : null, 0, 0, plan.Sentence);
            if (request.DryRun)
                return Result(ResolveOutcome.WouldMove, request, position, plan, plan.To);

            var move = new PositionMove(connection, _settings.GroupId, _settings.Topic, request.Partition);
            var to = await move.RunAsync(plan, position, log, request, _time.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return Result(ResolveOutcome.Moved, request, position, plan, to);
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
        catch (KafkaException e)
        {
            throw _kafka.Translate(e);
        }
    }

    private static ResolveResult Result(ResolveOutcome outcome, ResolveRequest request, StoredPosition position, ResolvePlan plan, long to)
    {
        // Offsets of two topics cannot be counted from one another.
        if (request.Target == ResolveTarget.RecreatedTopic)
            return new ResolveResult(outcome, position.NextOffset, to, 0, 0, plan.Sentence);
        var sentence = to == plan.To ? plan.Sentence : $"{plan.Sentence} It went back to {to}, where the flush that holds offset {plan.To} began.";
        return new ResolveResult(outcome, position.NextOffset, to, Math.Max(0, to - plan.From), Math.Max(0, plan.From - to), sentence);
    }

    private ResolveResult NoSuchPartition(ResolveRequest request, TopicLog? log) => new(
        ResolveOutcome.NoSuchPartition, null, null, 0, 0,
        log is null ? $"Kafka has no topic {_settings.Topic}."
            : $"Topic {_settings.Topic} has no partition {request.Partition}: it has {log.Partitions.Count}, from 0 to {log.Partitions.Count - 1}.");

    private ResolveResult NoPosition(ResolveRequest request) => new(
        ResolveOutcome.NoPosition, null, null, 0, 0,
        $"Group {_settings.GroupId} never took partition {request.Partition} of {_settings.Topic} over, so nothing stands in its way: start the pipeline.");

    private PartitionPosition Describe(int partition, StoredPosition? position, TopicLog? log)
    {
        var watermarks = log is not null && partition < log.Partitions.Count ? log.Partitions[partition] : null;
        var (start, end) = (watermarks?.Low.Value, watermarks?.High.Value);
        var (condition, sentence) = position switch
        {
            _ when watermarks is null => (PartitionCondition.NoSuchPartition, $"Kafka has no partition {partition} of topic {_settings.Topic} any more."),
            { TopicId: { } known } when log!.Id is { } current && known != current =>
                (PartitionCondition.TopicRecreated, $"The topic was deleted and made again since offset {position.NextOffset} was committed: accept it, and the new one is read from its start."),
            { NextOffset: { } next } when next < start =>
                (PartitionCondition.BeforeLog, $"The log begins at {start}, so {start - next} offsets from {next} on are gone before they were read: go on at the earliest."),
            { NextOffset: { } next } when next > end =>
                (PartitionCondition.AfterLog, $"The log ends at {end}, before the position {next}: it was truncated. Go on at the latest (forced, as that is backwards)."),
            { NextOffset: null } or null => (PartitionCondition.Ok, "Nothing was committed yet."),
            _ => (PartitionCondition.Ok, "The position is in the log."),
        };
        return new PartitionPosition(partition, position?.Epoch ?? 0, position?.NextOffset, start, end, position?.Owner, position?.NextOffset is null ? null : position.UpdatedAt, condition, sentence);
    }
}
