using Millrace.Conformance.Tests.Clients;

namespace Millrace.Conformance.Tests;

public sealed class CompatibilityPageTests(Outcomes outcomes)
{
    /// <summary>Skipped where a client is missing, since the page tells of all of them; not written while an outcome is another than it says.</summary>
    [Fact]
    public async Task Page_tells_what_the_tests_found()
    {
        foreach (var client in ForeignClient.All)
        {
            foreach (var scenario in Scenario.All.Where(scenario => client.Can.Contains(scenario.Id)))
            {
                Assert.Equal(scenario.Expected, await outcomes.OfAsync(client, scenario, isReal: true));
                Assert.Equal(scenario.Expected, await outcomes.OfAsync(client, scenario, isReal: false));
            }
        }

        var page = CompatibilityPage.Write();
        if (!File.Exists(CompatibilityPage.File) || await File.ReadAllTextAsync(CompatibilityPage.File) != page)
        {
            await File.WriteAllTextAsync(CompatibilityPage.File, page);
            Assert.Fail("docs/compatibility.md told something else; it has been written anew: look at the difference and commit it.");
        }
    }
}
