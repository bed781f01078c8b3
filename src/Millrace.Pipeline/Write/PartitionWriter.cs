using Microsoft.Extensions.Logging;
using Millrace.Events;
using Millrace.Pipeline.DeadLetters;
using Millrace.Pipeline.Ledger;
using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Npgsql;

namespace Millrace.Pipeline.Write;

/// <summary>
/// Commits the batches of one partition, one after another, on a connection of its own.
/// </summary>
/// <remarks>
/// <para>
/// Why nothing is lost or doubled: rows, dead letters, ledger row and position are one transaction. The position moves only under this
/// writer's epoch and from the offset this writer left it at, so of two writers of a partition one fails, and a batch cannot be
/// committed twice. When the answer to a commit is lost, the batch is sent again; if the first one had been committed after all, the
/// position does not move again, the server raises, and the ledger row of our own epoch tells that from being fenced.
/// </para>
/// <para>
/// Only a refusal of the data itself ends in a dead letter. Anything else is an outage: the same batch is tried again, for ever, until
/// it is committed, fenced, or abandoned by the caller, who may because the records are still in Kafka.
/// </para>
/// </remarks>
internal sealed class PartitionWriter : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly PartitionKey _key;
    private readonly DerivedEventIds _ids;
    private readonly long _epoch;
    private readonly ILogger _logger;
    private readonly bool _copyAlways;
    private readonly ParkedUsers _parked;
    private readonly TimeSpan _firstDelay;
    private readonly OutageWait _outage;
    private NpgsqlConnection? _connection;
    private bool _expectDuplicates;
    private long? _nextOffset;

    /// <param name="copyAlways">For tests: a batch of a few rows goes by COPY too.</param>
    public PartitionWriter(
        NpgsqlDataSource database, PartitionKey key, Position position, ParkedUsers parked, ParkingOptions parking, TimeProvider time,
        ILogger logger, bool copyAlways = false)
    {
        _database = database;
        _key = key;
        _ids = EventIds.ForPartition(key.Topic, key.Partition);
        _epoch = position.Epoch;
        _nextOffset = position.NextOffset;
        _logger = logger;
        _copyAlways = copyAlways;
        _parked = parked;
        _firstDelay = parking.RetryDelays[0];
        _outage = new OutageWait(key.Partition, time, logger);
    }

    /// <summary>Why the batch under way is not through yet, in words; null while all is well. Read from any thread.</summary>
    public string? Trouble => _outage.Trouble;

    /// <summary>Commits the batch, however long it takes.</summary>
    /// <exception cref="OperationCanceledException">The caller abandoned it. It is either committed or not; nobody needs to know.</exception>
    public async Task<FlushResult> FlushAsync(Batch batch, CancellationToken abandon)
    {
        var mark = _parked.Mark;
        var result = await RunAsync(
            static (state, connection, token) => state.Writer.FlushAsync(state.Batch, state.Mark, connection, token),
            (Writer: this, Batch: batch, Mark: mark),
            abandon);
        if (result.Outcome != FlushOutcome.Committed)
            return result;
        _nextOffset = batch.NextOffset;

        // Who sends a file again sends all of it: a COPY that is bound to fail is not worth trying.
        _expectDuplicates = result.SlowPath && result.Duplicates > batch.Rows.Count / 2;
        _parked.Commit();
        return result;
    }

    /// <summary>Does further work of the partition's owner on the writer's connection, again until it is through.</summary>
    /// <exception cref="OperationCanceledException">The caller abandoned it.</exception>
    public Task<TResult> RunAsync<TState, TResult>(
        Func<TState, NpgsqlConnection, CancellationToken, ValueTask<TResult>> work, TState state, CancellationToken abandon) =>
        _outage.RunAsync(static (all, token) => all.Writer.TryAsync(all.work, all.state, token), (Writer: this, work, state), abandon);

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync();
    }

    private async ValueTask<TResult> TryAsync<TState, TResult>(
        Func<TState, NpgsqlConnection, CancellationToken, ValueTask<TResult>> work, TState state, CancellationToken cancellationToken)
    {
        _connection ??= await _database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await work(state, _connection, cancellationToken);
        }
        catch
        {
            // Whatever state the connection is in, the next attempt does not depend on it.
            await GiveUpConnectionAsync();
            throw;
        }
    }

    /// <summary>
    /// 1. COPY the rows as they are, or store the few there are in one statement. 2. When the server refuses them, part by part as far as needed.
    /// 3. When the position is not ours to move, find out whether an earlier attempt of ours moved it.
    /// </summary>
    private async ValueTask<FlushResult> FlushAsync(Batch batch, int parkedMark, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Whom an earlier attempt had parked is parked no more: nothing of it was committed.
        _parked.RollBackTo(parkedMark);
        try
        {
            try
            {
                if (_expectDuplicates)
                    return await CopyCarefullyAsync(batch, connection, cancellationToken);
                return !_copyAlways && SmallBatch.Fits(batch)
                    ? await StoreAsync(batch, connection, cancellationToken)
                    : await CopyAsync(batch, connection, cancellationToken);
            }
            catch (PostgresException e) when (SqlStates.IsDataRejection(e))
            {
                return await CopyCarefullyAsync(batch, connection, cancellationToken);
            }
        }
        catch (PostgresException e) when (e.SqlState == SqlStates.PositionNotOurs)
        {
            return await FindOutAsync(batch, connection, cancellationToken);
        }
    }

    private async Task<FlushResult> StoreAsync(Batch batch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var inserted = await SmallBatch.StoreAsync(connection, batch, _key, _epoch, _nextOffset, cancellationToken);
        return new FlushResult(FlushOutcome.Committed, inserted, batch.Rows.Count - inserted, 0, 0);
    }

    private async Task<FlushResult> CopyAsync(Batch batch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (batch.Rows.Count > 0)
            await EventCopy.WriteAsync(connection, EventTable.Name, batch.Rows, cancellationToken);
        return await CommitAsync(batch, connection, batch.Rows.Count, 0, batch.Dead, batch.Parked, cancellationToken);
    }

    private async Task<FlushResult> CopyCarefullyAsync(Batch batch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var careful = new CarefulInsert(connection, transaction, batch, _parked);
        await careful.RunAsync(cancellationToken);
        var result = await CommitAsync(
            batch, connection, careful.Inserted, careful.Duplicates,
            [.. batch.Dead, .. careful.Rejected], [.. batch.Parked, .. careful.Parked], cancellationToken);
        return result with { SlowPath = true };
    }

    /// <summary>Everything that is left of the transaction in one round trip. COMMIT is not reached when a statement before it raises.</summary>
    private async Task<FlushResult> CommitAsync(
        Batch batch, NpgsqlConnection connection, int inserted, int duplicates, IReadOnlyList<DeadLetter> dead, IReadOnlyList<ParkedEvent> parked,
        CancellationToken cancellationToken)
    {
        await using var rest = new NpgsqlBatch(connection);
        if (dead.Count > 0)
            rest.BatchCommands.Add(DeadLetterInsert.Create(_key.Topic, _key.Partition, _ids, batch.Records, dead));
        if (parked.Count > 0)
        {
            foreach (var command in ParkedTables.Park(_key, batch.Records, parked, _firstDelay))
                rest.BatchCommands.Add(command);
        }

        rest.BatchCommands.Add(Positions.Advance(
            _key, _epoch, _nextOffset, _nextOffset ?? batch.FirstOffset, batch.NextOffset, batch.LeaderEpoch,
            inserted, duplicates, dead.Count, parked.Count));
        rest.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await rest.ExecuteNonQueryAsync(cancellationToken);
        return new FlushResult(FlushOutcome.Committed, inserted, duplicates, dead.Count, parked.Count);
    }

    private async Task<FlushResult> FindOutAsync(Batch batch, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var committed = await Positions.FindCommittedAsync(
            connection, _key, _epoch, _nextOffset ?? batch.FirstOffset, batch.NextOffset, cancellationToken);
        if (committed is not { } counts)
            return FlushResult.Fenced;
        _logger.CommitHadGoneThrough(_key.Partition, batch.NextOffset);

        // Whom it parked is known to the tables alone.
        await ParkedTables.LoadAsync(connection, _key, _parked, cancellationToken);
        return new FlushResult(FlushOutcome.Committed, counts.Inserted, counts.Duplicates, counts.Dead, counts.Parked);
    }

    private async Task GiveUpConnectionAsync()
    {
        var connection = _connection;
        _connection = null;
        if (connection is null)
            return;
        await connection.DisposeAsync();

        // The pool would hand out the same session again, which may be what is wrong: one that began while the server was read-only stays so.
        _database.Clear();
    }
}
