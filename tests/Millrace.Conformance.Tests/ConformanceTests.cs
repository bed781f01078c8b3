using Millrace.Conformance.Tests.Clients;

namespace Millrace.Conformance.Tests;

/// <summary>Every client does with the embedded broker what it does with Apache Kafka.</summary>
public sealed class ConformanceTests(Outcomes outcomes)
{
    public static TheoryData<string, string> Rows() =>
        [.. from client in ForeignClient.All from scenario in Scenario.All where client.Can.Contains(scenario.Id) select (client.Name, scenario.Id)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Embedded_broker_gives_the_expected_outcome(string client, string scenario) => await CheckAsync(client, scenario, isReal: false);

    /// <summary>So that it is Kafka who says what is expected.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Apache_Kafka_gives_the_expected_outcome(string client, string scenario) => await CheckAsync(client, scenario, isReal: true);

    [Fact]
    public void Every_scenario_is_done_by_some_client() =>
        Assert.Empty(Scenario.All.Where(scenario => ForeignClient.All.All(client => !client.Can.Contains(scenario.Id))).Select(scenario => scenario.Id));

    [Fact]
    public void No_client_has_a_scenario_of_its_own() =>
        Assert.Empty(ForeignClient.All.SelectMany(client => client.Can).Except(Scenario.All.Select(scenario => scenario.Id)));

    private async Task CheckAsync(string clientName, string id, bool isReal)
    {
        var client = ForeignClient.All.Single(one => one.Name == clientName);
        var scenario = Scenario.All.Single(one => one.Id == id);
        Assert.Equal(scenario.Expected, await outcomes.OfAsync(client, scenario, isReal));
    }
}
