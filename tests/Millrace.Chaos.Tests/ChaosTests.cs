using Millrace.Chaos.Plan;
using Millrace.Testing;

namespace Millrace.Chaos.Tests;

/// <summary>The proof itself, as long as a change can wait for it. Longer runs are <c>millrace chaos</c>.</summary>
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests
{
    [Fact]
    public async Task Embedded_broker_and_every_fault_for_two_minutes_lose_double_and_reorder_nothing()
    {
        var report = await RunningChaos.RunAsync(TimeSpan.FromMinutes(2), seed: 5, Enum.GetValues<FaultKind>());

        Assert.True(report.Verdict.IsGood, string.Join('\n', report.Verdict.Details().Append($"{report.Verdict}")));
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Contains(report.Faults, line => line.Contains(FaultKinds.Name(kind), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Apache_Kafka_with_one_of_three_brokers_killed_for_a_minute_loses_doubles_and_reorders_nothing()
    {
        Requirement.Require(CommandLine.Exists("java"), "Java is not on the PATH (17 or later runs Apache Kafka)");
        var home = RealKafka.Home;
        Requirement.Require(home is not null, "the Apache Kafka of ../shared/kafka is not here");

        var report = await RunningChaos.RunAsync(TimeSpan.FromMinutes(1), seed: 3, Enum.GetValues<FaultKind>(), KafkaKind.Real, home);

        Assert.True(report.Verdict.IsGood, string.Join('\n', report.Verdict.Details().Append($"{report.Verdict}")));
        Assert.Contains(report.Faults, line => line.Contains(FaultKinds.Name(FaultKind.KillBroker), StringComparison.Ordinal));
    }
}
