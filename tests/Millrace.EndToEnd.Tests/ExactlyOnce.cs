using Millrace.Testing;
using Npgsql;

namespace Millrace.EndToEnd.Tests;

/// <summary>The promise, checked: every acknowledged event is in the table, and none is there twice.</summary>
internal static class ExactlyOnce
{
    public static Task VerifyAsync(RunningMillrace millrace, ICollection<Guid> acknowledged) =>
        VerifyAsync(millrace.Postgres, millrace.CountAsync, acknowledged);

    public static Task VerifyAsync(TestDatabase database, ICollection<Guid> acknowledged) =>
        VerifyAsync(database.ConnectionString, database.ScalarAsync<long>, acknowledged);

    private static async Task VerifyAsync(string connectionString, Func<string, Task<long>> countAsync, ICollection<Guid> acknowledged)
    {
        Assert.NotEmpty(acknowledged);
        await Eventually.TrueAsync(
            async () => await MissingAsync(connectionString, acknowledged) == 0,
            $"all {acknowledged.Count} acknowledged events are in the table");

        // Whatever the unique index says: each record of the topic has made one row, and each id stands once.
        Assert.Equal(0, await countAsync("SELECT count(*) - count(DISTINCT event_id) FROM pipeline.events"));
        Assert.Equal(0, await countAsync("SELECT count(*) - count(DISTINCT (kafka_partition, kafka_offset)) FROM pipeline.events"));
        Assert.Equal(0, await countAsync("SELECT count(*) FROM pipeline.dead_letters"));
    }

    private static async Task<long> MissingAsync(string connectionString, ICollection<Guid> acknowledged)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                "SELECT count(*) FROM unnest($1::uuid[]) AS sent (id) WHERE NOT EXISTS (SELECT FROM pipeline.events WHERE event_id = sent.id)", connection);
            command.Parameters.AddWithValue(acknowledged.ToArray());
            return (long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException unreachable) when (unreachable.IsTransient)
        {
            return -1;
        }
    }
}
