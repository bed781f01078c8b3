using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Schemas.Catalog;
using Npgsql;

namespace Millrace.Operations.DeadLetters;

/// <summary>What people ask and decide about dead letters. Each decision leaves a row in <c>pipeline.operations</c>.</summary>
public sealed class DeadLetterDesk
{
    // More kinds of errors than a person can look at.
    private const int MaxGroups = 1_000;

    private readonly NpgsqlDataSource _database;
    private readonly KafkaClients _kafka;
    private readonly ISchemaSource _schemas;
    private readonly TimeProvider _time;

    internal DeadLetterDesk(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _database = database;
        _kafka = new KafkaClients(settings, logger);
        _schemas = settings.Schemas;
        _time = time;
    }

    /// <summary>The letters that meet the filter, by reason and fingerprint, the largest group first; at most 1,000 groups.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<IReadOnlyList<DeadLetterGroup>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _database.CreateCommand();
            DeadLetterQuery.Apply(
                command, filter,
                $"""
                SELECT reason, {Fingerprint.Sql} AS fingerprint, count(*), min(first_seen), max(last_seen),
                       (array_agg(dead_letter_id ORDER BY first_seen DESC))[1], (array_agg(detail ORDER BY first_seen DESC))[1]
                  FROM pipeline.dead_letters
                """,
                $"GROUP BY reason, fingerprint ORDER BY count(*) DESC, reason, fingerprint LIMIT {MaxGroups}");
            var groups = new List<DeadLetterGroup>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                groups.Add(new DeadLetterGroup(
                    reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetFieldValue<DateTimeOffset>(4), reader.GetGuid(5), reader.GetString(6)));
            }

            return groups;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>All about one letter; null when there is none with this id.</summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<DeadLetterRecord?> ShowAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _database.CreateCommand();
            DeadLetterQuery.Apply(command, new DeadLetterFilter { Ids = [id], State = null }, DeadLetterRow.Select, "");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? DeadLetterRow.Read(reader) : null;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>
    /// Sends the letters that pass the check to their topic and partition again, with their key and headers; at most a million of them a call.
    /// The event keeps its id, and gets the letter's where it had none, so that replaying twice stores it once. A letter is marked only after the
    /// broker's acknowledgement.
    /// </summary>
    /// <exception cref="OperationsException">
    /// PostgreSQL or Kafka cannot be used, the patch is not one, or an option has no meaning; what was sent until then is marked.
    /// </exception>
    public async Task<ReplayReport> ReplayAsync(DeadLetterFilter filter, ReplayOptions options, CancellationToken cancellationToken)
    {
        if (options.RatePerSecond is { } rate && !(rate > 0))
            throw new OperationsException("The rate is not positive: give records a second, such as 100.", false, null);
        JsonPatch? patch = null;
        if (options.Patch is { } text && !JsonPatch.TryParse(text, out patch, out var error))
            throw new OperationsException($"The JSON Patch cannot be used: {error.TrimEnd('.')}.", false, null);
        try
        {
            return options.DryRun ? await RehearseAsync(filter, options, patch, cancellationToken) : await SendAsync(filter, options, patch, cancellationToken);
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

    /// <summary>Gives letters up. The rows stay, with who, when and why. Only new ones can be given up.</summary>
    /// <returns>How many were given up.</returns>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<long> DiscardAsync(DeadLetterFilter filter, string reason, string actor, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.Parameters.Add(new() { Value = reason });
            command.Parameters.Add(new() { Value = actor });
            DeadLetterQuery.Apply(
                command, filter with { State = DeadLetterState.New },
                "UPDATE pipeline.dead_letters SET state = 'discarded', decided_reason = $1, decided_by = $2, decided_at = now()", "");
            long discarded = await command.ExecuteNonQueryAsync(cancellationToken);
            await OperationsLog.AddAsync(
                connection, actor, "dead_letters.discard", Describe(filter), JsonSerializer.Serialize(filter, DeadLetterJson.Lines.DeadLetterFilter),
                $"{discarded} discarded: {reason}", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return discarded;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>
    /// Writes letters as NDJSON, the oldest first: the fields of <see cref="DeadLetterRecord"/> in camel case, bytes as base64
    /// (<c>key</c>, <c>value</c>) and, where they are UTF-8, as text beside it (<c>keyText</c>, <c>valueText</c>).
    /// </summary>
    /// <returns>How many were written.</returns>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<long> ExportAsync(DeadLetterFilter filter, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = _database.CreateCommand();
            DeadLetterQuery.Apply(command, filter, DeadLetterRow.Select, "ORDER BY first_seen, dead_letter_id");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            long written = 0;
            for (; await reader.ReadAsync(cancellationToken); written++)
            {
                await JsonSerializer.SerializeAsync(output, DeadLetterRow.Read(reader), DeadLetterJson.Lines.DeadLetterRecord, cancellationToken);
                output.WriteByte((byte)'\n');
            }

            await output.FlushAsync(cancellationToken);
            return written;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    private async Task<ReplayReport> RehearseAsync(DeadLetterFilter filter, ReplayOptions options, JsonPatch? patch, CancellationToken cancellationToken)
    {
        var replay = new Replay(_database, null, options, patch, _schemas.Current, _time);
        await replay.RunAsync(filter, cancellationToken);
        return replay.Report;
    }

    private async Task<ReplayReport> SendAsync(DeadLetterFilter filter, ReplayOptions options, JsonPatch? patch, CancellationToken cancellationToken)
    {
        using var producer = _kafka.Producer();
        var replay = new Replay(_database, producer, options, patch, _schemas.Current, _time);

        // Noted before the first record is sent, so that a replay that is killed half way has left its name.
        Guid operation;
        await using (var connection = await _database.OpenConnectionAsync(cancellationToken))
        {
            operation = await OperationsLog.AddAsync(
                connection, options.Actor, "dead_letters.replay", Describe(filter), JsonSerializer.Serialize(filter, DeadLetterJson.Lines.DeadLetterFilter),
                "started", cancellationToken);
        }

        var outcome = "interrupted";
        try
        {
            await replay.RunAsync(filter, cancellationToken);
            outcome = "done";
            return replay.Report;
        }
        finally
        {
            var report = replay.Report;
            await OperationsLog.FinishAsync(
                _database, operation, JsonSerializer.Serialize(report, DeadLetterJson.Lines.ReplayReport),
                $"{outcome}: {report.Replayed} of {report.Considered} replayed", CancellationToken.None);
        }
    }

    private static string Describe(DeadLetterFilter filter) => filter switch
    {
        { Ids: { Count: 1 } ids } => ids[0].ToString(),
        { Ids: { } ids } => $"{ids.Count} ids",
        { Reason: null, Fingerprint: null, EventType: null, From: null, To: null } => "all",
        _ => "filter",
    };
}
