using Microsoft.Extensions.Logging.Abstractions;
using Millrace.LocalPostgres;
using Npgsql;

namespace Millrace.Tests.LocalPostgres;

/// <summary>Root's own home is closed to the account that must run the server, and yet it is where root tries things out.</summary>
public sealed class ClosedDirectoryTests
{
    [Fact]
    public async Task Server_started_by_root_below_a_directory_closed_to_others_takes_connections()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root has another account run the server");
        using var closed = new TemporaryDirectory();
        File.SetUnixFileMode(closed.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using LocalPostgresServer server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Directory = Path.Combine(closed.Path, "postgres"), Port = 15532 },
            NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken);

        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT current_user", connection);
        Assert.Equal(LocalPostgresServer.UserName, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
