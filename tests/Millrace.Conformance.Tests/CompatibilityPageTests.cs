namespace Millrace.Conformance.Tests;

public sealed class CompatibilityPageTests(Outcomes outcomes)
{
    /// <summary>Skipped where a client is missing, since the page tells of all of them.</summary>
    [Fact]
    public async Task Page_tells_what_the_tests_found()
    {
        var page = await CompatibilityPage.WriteAsync(outcomes);
        var before = File.Exists(CompatibilityPage.File) ? await File.ReadAllTextAsync(CompatibilityPage.File) : "";
        if (before != page)
        {
            await File.WriteAllTextAsync(CompatibilityPage.File, page);
            Assert.Fail("docs/compatibility.md told something else; it has been written anew: look at the difference and commit it.");
        }
    }
}
