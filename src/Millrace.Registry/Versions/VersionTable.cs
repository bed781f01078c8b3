using Npgsql;

namespace Millrace.Registry.Versions;

/// <summary>The rows of <c>pipeline.schemas</c>.</summary>
internal static class VersionTable
{
    private const string Columns =
        "event_type, version, schema_id, fingerprint, state, registered_at, registered_by, changed_at, changed_by, source";

    /// <summary>All versions of a type, deleted ones too, by number.</summary>
    public static Task<List<SchemaVersion>> OfTypeAsync(NpgsqlConnection connection, string eventType, CancellationToken cancellationToken) =>
        SelectAsync(connection, "WHERE event_type = $1 ORDER BY version", [eventType], cancellationToken);

    /// <summary>All versions that have a schema id, deleted ones too.</summary>
    public static Task<List<SchemaVersion>> OfIdAsync(NpgsqlConnection connection, int schemaId, CancellationToken cancellationToken) =>
        SelectAsync(connection, "WHERE schema_id = $1 ORDER BY event_type, version", [schemaId], cancellationToken);

    /// <summary>All versions of all types, deleted ones too.</summary>
    public static Task<List<SchemaVersion>> AllAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        SelectAsync(connection, "ORDER BY event_type, version", [], cancellationToken);

    /// <summary>Runs an INSERT or UPDATE of one version, and gives it as it stands then.</summary>
    public static async Task<SchemaVersion> WriteAsync(NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, $"{sql} RETURNING {Columns}", values, cancellationToken)).Single();

    private static Task<List<SchemaVersion>> SelectAsync(
        NpgsqlConnection connection, string where, object?[] values, CancellationToken cancellationToken) =>
        ReadAsync(connection, $"SELECT {Columns} FROM pipeline.schemas {where}", values, cancellationToken);

    private static async Task<List<SchemaVersion>> ReadAsync(
        NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql, values);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<SchemaVersion>();
        while (await row.ReadAsync(cancellationToken))
        {
            versions.Add(new SchemaVersion
            {
                EventType = row.GetString(0),
                Version = row.GetInt32(1),
                SchemaId = row.GetInt32(2),
                Fingerprint = row.GetString(3),
                State = Codes.ParseState(row.GetString(4)),
                RegisteredAt = row.GetFieldValue<DateTimeOffset>(5),
                RegisteredBy = row.GetString(6),
                ChangedAt = row.GetFieldValue<DateTimeOffset>(7),
                ChangedBy = row.GetString(8),
                Source = row.GetString(9),
            });
        }

        return versions;
    }
}
