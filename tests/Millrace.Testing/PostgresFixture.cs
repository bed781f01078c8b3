using Microsoft.Extensions.Logging.Abstractions;
using Millrace.LocalPostgres;
using Npgsql;
using Xunit;

namespace Millrace.Testing;

/// <summary>
/// A PostgreSQL server for a test class or assembly, started from whatever binaries Millrace itself would use.
/// <c>MILLRACE_TEST_POSTGRES</c> may name one instead, as a connection string of a user that may create databases.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-postgres-");
    private LocalPostgresServer? _own;
    private string? _server;
    private string _missing = "";

    public async ValueTask InitializeAsync()
    {
        var given = Environment.GetEnvironmentVariable("MILLRACE_TEST_POSTGRES");
        if (!string.IsNullOrEmpty(given))
        {
            _server = new NpgsqlConnectionStringBuilder(given) { Database = "postgres", Pooling = false }.ConnectionString;
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            // The server may run under another account, which must be able to reach its directory.
            File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        }

        try
        {
            _own = await LocalPostgresServer.StartAsync(
                new LocalPostgresOptions { Directory = Path.Combine(_folder.FullName, "postgres"), Port = 15432 },
                NullLoggerFactory.Instance,
                CancellationToken.None);
            _server = new NpgsqlConnectionStringBuilder(_own.AdminConnectionString) { Pooling = false }.ConnectionString;
        }
        catch (LocalPostgresStartException absent)
        {
            _missing = absent.Message;
        }
    }

    /// <summary>A new, empty database; skips the test where no server can be had.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        Requirement.Require(_server is not null, _missing);
        return await TestDatabase.CreateAsync(_server!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
