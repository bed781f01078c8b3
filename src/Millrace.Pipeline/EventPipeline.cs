using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Millrace.Pipeline.Migrations;
using Millrace.Pipeline.Read;
using Npgsql;

namespace Millrace.Pipeline;

/// <summary>The pipeline from topic to table, running in this process.</summary>
public sealed class EventPipeline : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly Metrics _metrics;
    private readonly TopicReader _reader;

    private EventPipeline(NpgsqlDataSource database, Metrics metrics, TopicReader reader)
    {
        _database = database;
        _metrics = metrics;
        _reader = reader;
    }

    /// <summary>Applies the migrations, makes sure that the topic exists, and starts reading.</summary>
    /// <exception cref="PipelineStartException">Kafka or PostgreSQL cannot be used; the message is one sentence for the user.</exception>
    public static async Task<EventPipeline> StartAsync(
        PipelineOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new PipelineStartException($"The pipeline cannot start: {string.Join("; ", errors)}.");
        var logger = loggers.CreateLogger<EventPipeline>();
        var database = Database.Open(options.ConnectionString);
        try
        {
            await Migrator.MigrateAsync(database, logger, cancellationToken);
            await Topics.EnsureAsync(options, logger);
            var metrics = new Metrics(time, options.Flushed, options.DeadLettersWritten);
            return new EventPipeline(database, metrics, new TopicReader(options, database, time, metrics, logger));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it has done and how far behind it is; cheap enough to call several times a second.</summary>
    public PipelineStatus GetStatus()
    {
        var trouble = _reader.Trouble;
        var lanes = _reader.Lanes;
        var partitions = lanes
            .Select(lane => new PartitionStatus(
                lane.Partition, lane.Epoch, lane.NextOffset < 0 ? lane.Notes.BeginOffset : lane.NextOffset, lane.Notes.EndOffset))
            .ToImmutableArray();
        return new PipelineStatus(
            trouble is null, trouble, _metrics.Stored, _metrics.Duplicates, _metrics.Dead, lanes.Sum(lane => (long)lane.ParkedEvents),
            _metrics.Flushes, _metrics.SlowFlushes, _metrics.Warned, PartitionStatus.TotalLag(partitions), partitions);
    }

    /// <summary>Throws what is wrong with the database, within seconds.</summary>
    internal Task AskDatabaseAsync(CancellationToken cancellationToken) => _database.PingAsync(cancellationToken);

    /// <summary>Stops intake, drains the lanes, commits, stores the offsets in Kafka and leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reader.StopAsync();
        await _database.DisposeAsync();
        _metrics.Dispose();
    }
}
