using Millrace.Testing;

namespace Millrace.Chaos.Tests;

public sealed class ChaosCommandTests
{
    [Fact]
    public async Task Plan_is_printed_and_nothing_is_started()
    {
        var first = (await RunAsync("--plan", "--seed", "7", "--minutes", "1")).ShouldSucceed();
        var second = (await RunAsync("--plan", "--seed", "7", "--minutes", "1")).ShouldSucceed();

        Assert.Equal(first.Output, second.Output);
        Assert.Contains("pause-broker    broker 1", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_that_does_not_exist_names_those_that_do()
    {
        var result = await RunAsync("--plan", "--faults", "kill-everything");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("half-open", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_taken_with_commas()
    {
        var result = (await RunAsync("--plan", "--faults", "reset,stall")).ShouldSucceed();

        Assert.All(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("  (reset|stall) ", line));
    }

    [Fact]
    public async Task Kafka_that_is_not_there_is_asked_for()
    {
        var result = await RunAsync("--kafka", "real", "--kafka-home", "/nowhere");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--kafka-home", result.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(Path.Combine(AppContext.BaseDirectory, "millrace"), ["chaos", .. arguments]);
}
