using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Pipeline.Ingest;

/// <summary>
/// Notes in <c>pipeline.accepted</c> which offsets were answered with 202, so that <c>verify</c> can hold the table against them. It is
/// evidence, not part of the promise: it is written behind the answers, and nobody waits for it or is refused because of it. A process
/// that is killed loses the notes of its last seconds; the events themselves are in Kafka.
/// </summary>
internal sealed class AcceptedLog : IAsyncDisposable
{
    private const string Sql =
        """
        INSERT INTO pipeline.accepted (instance, topic, partition, since, until, offsets, events)
        SELECT $1, $2, $3, $4, $5, range_agg(int8range(run_from, run_to)), $8 FROM unnest($6, $7) AS run (run_from, run_to)
        ON CONFLICT DO NOTHING
        """;

    // Long enough that a busy process writes few rows, short enough that the proof is nearly up to date.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWriteLimit = TimeSpan.FromSeconds(5);

    private readonly Guid _instance = Guid.CreateVersion7();
    private readonly NpgsqlDataSource _database;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _noted = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private Dictionary<int, AcceptedOffsets> _gathering = [];
    private Dictionary<int, AcceptedOffsets> _writing = [];
    private long _unnoted;

    public AcceptedLog(string connectionString, string topic, TimeProvider time, ILogger logger)
    {
        _database = Database.Open(connectionString);
        _topic = topic;
        _time = time;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Notes an acknowledged record. Cheap; called on the producer's thread.</summary>
    public void Note(int partition, long offset)
    {
        lock (_gate)
        {
            if (!_gathering.TryGetValue(partition, out var offsets))
                _gathering[partition] = offsets = new AcceptedOffsets();
            if (!offsets.TryAdd(offset, _time.GetUtcNow()))
                _unnoted++;
            if (_noted.CurrentCount == 0)
                _noted.Release();
        }
    }

    /// <summary>Writes what is left, if the database lets it within a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        using var limit = new CancellationTokenSource(LastWriteLimit, _time);
        try
        {
            if (await TryWriteAsync(limit.Token))
            {
                _writing = Take();
                await TryWriteAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            _logger.AcceptedNotWritten("the database did not answer before the end");
        }

        await _database.DisposeAsync();
        _stop.Dispose();
        _noted.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _noted.WaitAsync(_stop.Token);
                await Task.Delay(Interval, _time, _stop.Token);
                _writing = Take();
                while (!await TryWriteAsync(_stop.Token))
                    await Task.Delay(RetryAfter, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private Dictionary<int, AcceptedOffsets> Take()
    {
        long unnoted;
        Dictionary<int, AcceptedOffsets> taken;
        lock (_gate)
        {
            (taken, _gathering) = (_gathering, []);
            (unnoted, _unnoted) = (_unnoted, 0);
        }

        if (unnoted > 0)
            _logger.AcceptedNotNoted(unnoted);
        return taken;
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        if (_writing.Count == 0)
            return true;
        try
        {
            await using var batch = _database.CreateBatch();
            foreach (var (partition, offsets) in _writing)
                batch.BatchCommands.Add(Insert(partition, offsets));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            _writing = [];
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
        {
            _logger.AcceptedNotWritten(e.InnermostMessage());
            return false;
        }
    }

    private NpgsqlBatchCommand Insert(int partition, AcceptedOffsets offsets) => new(Sql)
    {
        Parameters =
        {
            new() { Value = _instance },
            new() { Value = _topic },
            new() { Value = partition },
            new() { Value = offsets.Since.UtcDateTime },
            new() { Value = offsets.Until.UtcDateTime },
            new() { Value = offsets.Runs.Select(run => run.From).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = offsets.Runs.Select(run => run.To).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            new() { Value = offsets.Count },
        },
    };
}
