using Npgsql;
using NpgsqlTypes;

namespace Millrace.Operations.Proof;

/// <summary>One view of the database for all checks, so that a pipeline that runs meanwhile cannot make two of them disagree.</summary>
internal sealed class Snapshot(NpgsqlConnection connection, OperationsSettings settings, DateTimeOffset? from, DateTimeOffset? to)
{
    public OperationsSettings Settings => settings;

    public NpgsqlConnection Connection => connection;

    /// <summary>The begin of the time range, whole hours where the ledger is compacted; null for all.</summary>
    public DateTimeOffset? From => from;

    /// <summary>Its end.</summary>
    public DateTimeOffset? To => to;

    /// <summary>Begins it; it ends with the connection's transaction.</summary>
    public static async Task<Snapshot> BeginAsync(NpgsqlConnection connection, OperationsSettings settings, VerifyRequest request, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LedgerQueries.WholeHours, connection) { Parameters = { Time(request.From), Time(request.To) } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new Snapshot(
            connection, settings, row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>A query that takes group, topic and the time range as $1 to $4.</summary>
    public NpgsqlCommand Command(string sql) => new(sql, connection)
    {
        Parameters = { new() { Value = settings.GroupId }, new() { Value = settings.Topic }, Time(from), Time(to) },
    };

    /// <summary>A query that takes group and topic as $1 and $2, and these after them.</summary>
    public NpgsqlCommand Command(string sql, params IEnumerable<object> more)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = settings.GroupId }, new() { Value = settings.Topic } } };
        foreach (var parameter in more)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }

    /// <summary>A query that takes the time range as $1 and $2.</summary>
    public NpgsqlCommand RangeCommand(string sql) => new(sql, connection) { Parameters = { Time(from), Time(to) } };

    private static NpgsqlParameter Time(DateTimeOffset? time) =>
        new() { Value = (object?)time?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
