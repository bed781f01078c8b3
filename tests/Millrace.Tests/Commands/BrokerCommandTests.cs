using System.Diagnostics;
using Millrace.LocalPostgres;
using Millrace.Testing;

namespace Millrace.Tests.Commands;

/// <summary><c>millrace broker</c>, and <c>millrace-broker</c> as it is built; both are processes of their own.</summary>
public sealed class BrokerCommandTests
{
    private static readonly string BrokerProgram = Path.Combine(AppContext.BaseDirectory, "millrace-broker");

    public static TheoryData<string, string[]> Brokers => new() { { MillraceProcess.Program, ["broker"] }, { BrokerProgram, [] } };

    [Theory]
    [MemberData(nameof(Brokers))]
    public async Task Broker_says_ready_with_its_address_and_stops_in_order(string program, string[] command)
    {
        using var directory = new TemporaryDirectory();
        var start = new ProcessStartInfo(program, [.. command, "--data", directory.Path, "--port", "0", "--set", "num.partitions=3"])
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

    [Fact]
    public async Task Program_of_its_own_tells_its_own_name()
    {
        CommandResult help = (await CommandLine.RunAsync(BrokerProgram, ["--help"])).ShouldSucceed();
        Assert.Contains("\n  millrace-broker [options]\n", help.Output, StringComparison.Ordinal);
        Assert.Contains("\n  millrace-broker --data", help.Output.Split("Examples:")[1], StringComparison.Ordinal);
        Assert.DoesNotContain("millrace broker", help.Output, StringComparison.Ordinal);

        CommandResult wrong = await CommandLine.RunAsync(BrokerProgram, ["--prot", "9092"]);
        Assert.Equal(ExitCodes.Usage, wrong.ExitCode);
        Assert.Equal("millrace-broker: Unrecognized command or argument '--prot'.\nmillrace-broker: 'millrace-broker --help' says more.\n", wrong.Error);

        CommandResult refused = await CommandLine.RunAsync(BrokerProgram, ["--data", "/dev/null/data", "--port", "0"]);
        Assert.Equal(ExitCodes.StartFailed, refused.ExitCode);
        Assert.StartsWith("millrace-broker: ", refused.Error, StringComparison.Ordinal);
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
