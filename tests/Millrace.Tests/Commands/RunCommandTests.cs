using System.Net;
using System.Net.Sockets;
using Millrace.Testing;

namespace Millrace.Tests.Commands;

/// <summary>How <c>run</c> refuses to start. What it does when it runs, and with others of its group, is in the end-to-end tests.</summary>
public sealed class RunCommandTests
{
    private const string Server = "Host=127.0.0.1;Port=1;Username=u;Password=geheim;Timeout=2";

    [Fact]
    public async Task Run_without_servers_names_every_missing_key_and_starts_nothing()
    {
        CommandResult refused = await CommandLine.RunAsync(MillraceProcess.Program, ["run"], directory: Path.GetTempPath());

        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Contains("Kafka:BootstrapServers is not set", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Postgres:ConnectionString is not set", refused.Error, StringComparison.Ordinal);
        Assert.Contains("MILLRACE__KAFKA__BOOTSTRAPSERVERS", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_on_a_port_in_use_says_which_and_what_to_do()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        CommandResult refused = await CommandLine.RunAsync(
            MillraceProcess.Program, ["run", "--kafka", "127.0.0.1:1", "--postgres", Server, "--port", $"{port}"]);

        Assert.Equal(ExitCodes.StartFailed, refused.ExitCode);
        Assert.Contains($"Port {port} for HTTP is in use", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--ports auto", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_whose_postgres_does_not_answer_is_a_sentence_without_the_password()
    {
        CommandResult refused = await CommandLine.RunAsync(
            MillraceProcess.Program, ["run", "--kafka", "127.0.0.1:1", "--postgres", Server, "--ports", "auto"]);

        Assert.Equal(ExitCodes.StartFailed, refused.ExitCode);
        Assert.Contains("The database cannot be used", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }
}
