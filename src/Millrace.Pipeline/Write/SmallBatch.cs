using Millrace.Pipeline.Read;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Pipeline.Write;

/// <summary>
/// A flush of a few rows as one call of <c>pipeline.store</c>: one round trip instead of the three of BEGIN and COPY, the rows, and the
/// rest of the transaction. At low rates a flush is mostly round trips, so this is what latency is made of.
/// </summary>
internal static class SmallBatch
{
    // Arrays of parameters cost more for each row than COPY does; at 100 rows the two are level.
    private const int MaxRows = 64;

    // The arrays are copies of the rows: large payloads are not worth copying to save a round trip.
    private const int MaxBytes = 256 * 1024;

    private const string Sql = "SELECT pipeline.store($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

    /// <summary>Whether the batch is one for this way.</summary>
    public static bool Fits(Batch batch) => batch.Dead.Count == 0 && batch.Parked.Count == 0 && batch.Rows.Count is > 0 and <= MaxRows && batch.Rows.Bytes <= MaxBytes;

    /// <summary>Commits the batch; gives the number of rows that were not there before.</summary>
    /// <exception cref="PostgresException">As from COPY: a row was refused; or <c>MR001</c>, the position is not ours to move.</exception>
    public static async Task<int> StoreAsync(
        NpgsqlConnection connection, Batch batch, PartitionKey key, long epoch, long? expected, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        AddPosition(command.Parameters, batch, key, epoch, expected);
        AddRows(command.Parameters, batch.Rows);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void AddPosition(NpgsqlParameterCollection parameters, Batch batch, PartitionKey key, long epoch, long? expected)
    {
        parameters.Add(new NpgsqlParameter<string> { TypedValue = key.GroupId, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Topic, NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Partition });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        parameters.Add(new NpgsqlParameter { Value = (object?)expected ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = expected ?? batch.FirstOffset });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = batch.NextOffset });
        parameters.Add(new NpgsqlParameter { Value = (object?)batch.LeaderEpoch ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
    }

    private static void AddRows(NpgsqlParameterCollection parameters, EventRows rows)
    {
        var count = rows.Count;
        var ids = new Guid[count];
        var types = new string[count];
        var users = new string?[count];
        var times = new DateTime[count];
        var versions = new int?[count];
        var correlations = new string?[count];
        var payloads = new byte[count][];
        var offsets = new long[count];
        for (var i = 0; i < count; i++)
        {
            var row = rows.Read(i);
            ids[i] = row.Uuid();
            types[i] = row.Text()!;
            users[i] = row.Text();
            times[i] = row.Time();
            versions[i] = row.Int32();
            correlations[i] = row.Text();
            payloads[i] = row.Jsonb().ToArray();
            row.Int32();
            offsets[i] = row.Int64();
        }

        Add(ids, NpgsqlDbType.Uuid);
        Add(types, NpgsqlDbType.Text);
        Add(users, NpgsqlDbType.Text);
        Add(times, NpgsqlDbType.TimestampTz);
        Add(versions, NpgsqlDbType.Integer);
        Add(correlations, NpgsqlDbType.Text);
        Add(payloads, NpgsqlDbType.Jsonb);
        Add(offsets, NpgsqlDbType.Bigint);

        void Add<T>(T[] values, NpgsqlDbType type) =>
            parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
