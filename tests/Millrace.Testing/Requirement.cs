using Xunit;

namespace Millrace.Testing;

/// <summary>
/// Something outside the project that a test needs. On a developer's machine its absence skips the test and says what is missing;
/// with <c>MILLRACE_REQUIRE_ALL=1</c>, as CI sets it, it fails the test.
/// </summary>
public static class Requirement
{
    private static readonly bool RequireAll = Environment.GetEnvironmentVariable("MILLRACE_REQUIRE_ALL") == "1";

    public static void Require(bool present, string missing)
    {
        if (present)
        {
            return;
        }

        if (RequireAll)
        {
            Assert.Fail($"{missing}; MILLRACE_REQUIRE_ALL=1 makes this a failure.");
        }

        Assert.Skip(missing);
    }
}
