using System.Diagnostics;
using Millrace.LocalPostgres;
using Millrace.Testing;

namespace Millrace.Tests.Commands;

/// <summary><c>millrace broker</c> as a process of its own.</summary>
public sealed class BrokerCommandTests
{
    [Fact]
    public async Task Broker_says_ready_with_its_address_and_stops_in_order()
    {
        using var directory = new TemporaryDirectory();
        var start = new ProcessStartInfo(MillraceProcess.Program, ["broker", "--data", directory.Path, "--port", "0", "--set", "num.partitions=3"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process broker = Process.Start(start)!;
        broker.BeginErrorReadLine();
        try
        {
            string? ready = await broker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
            Assert.Matches("^ready 127\\.0\\.0\\.1:[0-9]+$", ready);
            CommandResult topics = (await CommandLine.RunAsync(MillraceProcess.Program, ["topics", "--kafka", ready!["ready ".Length..]])).ShouldSucceed();
            Assert.NotNull(topics.Output);
        }
        finally
        {
            PosixCalls.Signal(broker.Id, 15);
            await broker.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, broker.ExitCode);
    }

    [Theory]
    [InlineData(4, "no setting no.such.key", "--set", "no.such.key=1")]
    [InlineData(4, "num.partitions is \"x\"", "--set", "num.partitions=x")]
    [InlineData(4, "nobody has to log in", "--host", "0.0.0.0", "--advertised", "kafka:9092")]
    [InlineData(2, "KEY=VALUE", "--set", "num.partitions")]
    public async Task Bad_settings_end_the_start_and_are_named(int exitCode, string named, params string[] options)
    {
        using var directory = new TemporaryDirectory();
        CommandResult result = await CommandLine.RunAsync(
            MillraceProcess.Program, ["broker", "--data", Path.Combine(directory.Path, "data"), "--port", "0", .. options]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(named, result.Error);
        Assert.Empty(result.Output);
    }
}
