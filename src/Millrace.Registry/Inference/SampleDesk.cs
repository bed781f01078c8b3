using System.Text.Json;
using Millrace.Schemas.Inference;
using Npgsql;

namespace Millrace.Registry.Inference;

/// <summary>Proposes schemas from the last events of a type. It only reads.</summary>
public sealed class SampleDesk
{
    // There is no index by type and time: the newest pages are looked at first, and older ones only where these do not have enough.
    private static readonly TimeSpan?[] Windows = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(30), null];

    private readonly NpgsqlDataSource _database;

    internal SampleDesk(NpgsqlDataSource database) => _database = database;

    /// <summary>A schema that the last events of the type fit, and how many these were; the count is 0 when there are none.</summary>
    /// <param name="eventType">The type.</param>
    /// <param name="last">How many events, at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RegistryException">PostgreSQL cannot be used.</exception>
    public async Task<(ReadOnlyMemory<byte> Schema, long Events)> InferAsync(string eventType, int last, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            var inference = new SchemaInference();
            foreach (var window in Windows)
            {
                inference = await ReadAsync(connection, eventType, last, window, cancellationToken);
                if (inference.Events >= last)
                    break;
            }

            return (inference.Events == 0 ? default : inference.ToSchema(), inference.Events);
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
        catch (JsonException e)
        {
            throw new RegistryException($"An event of {eventType} in the table cannot be read as JSON: {e.Message}", false, e);
        }
    }

    private static async Task<SchemaInference> ReadAsync(
        NpgsqlConnection connection, string eventType, int last, TimeSpan? window, CancellationToken cancellationToken)
    {
        var inference = new SchemaInference();
        await using var command = window is { } span
            ? connection.Command(
                "SELECT payload::text FROM pipeline.events WHERE event_type = $1 AND created_at >= now() - $3::interval ORDER BY created_at DESC LIMIT $2",
                eventType, last, span)
            : connection.Command("SELECT payload::text FROM pipeline.events WHERE event_type = $1 ORDER BY created_at DESC LIMIT $2", eventType, last);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            inference.Add(row.GetFieldValue<byte[]>(0));
        return inference;
    }
}
