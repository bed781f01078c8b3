using Millrace.Testing;
using Npgsql;

namespace Millrace.Pipeline.Tests;

/// <summary>While it lasts, a database takes no connections and has none.</summary>
internal sealed class Outage : IAsyncDisposable
{
    private readonly string _admin;
    private readonly string _name;

    private Outage(string admin, string name) => (_admin, _name) = (admin, name);

    public static async Task<Outage> BeginAsync(TestDatabase database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var name = settings.Database!;
        var outage = new Outage(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres" }.ConnectionString, name);

        // Not by "allow connections", which superusers may ignore: a name that nobody asks for. Renaming needs all connections gone.
        await Eventually.TrueAsync(
            async () =>
            {
                await outage.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
                try
                {
                    await outage.ExecuteAsync($"ALTER DATABASE {name} RENAME TO {name}_away");
                    return true;
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse)
                {
                    return false;
                }
            },
            "the database is away");
        return outage;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"ALTER DATABASE {_name}_away RENAME TO {_name}");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
