namespace Millrace.Conformance.Tests;

/// <summary>The program that was published does what the library does. After all others: compiling takes every core, and their members would miss heartbeats.</summary>
[Collection(nameof(PublishedBrokerTests))]
[CollectionDefinition(nameof(PublishedBrokerTests), DisableParallelization = true)]
public sealed class PublishedBrokerTests(PublishedBroker broker)
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Id).Intersect(PublishedBroker.Scenarios)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Published_program_gives_the_expected_outcome(string id) =>
        Assert.Equal(Scenario.All.Single(scenario => scenario.Id == id).Expected, await broker.OfAsync(id));
}
