using Npgsql;
using Xunit;

namespace Millrace.Testing;

/// <summary>
/// A PostgreSQL server for a test class or assembly. <c>MILLRACE_TEST_POSTGRES</c> may name one, as a connection string of a user
/// that may create databases.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private string? _server;

    public ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable("MILLRACE_TEST_POSTGRES");
        _server = string.IsNullOrEmpty(given)
            ? null
            : new NpgsqlConnectionStringBuilder(given) { Database = "postgres", Pooling = false }.ConnectionString;
        return ValueTask.CompletedTask;
    }

    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        Requirement.Require(_server is not null, "there is no PostgreSQL server to test against");
        return await TestDatabase.CreateAsync(_server!);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
