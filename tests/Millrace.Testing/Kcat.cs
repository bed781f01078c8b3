namespace Millrace.Testing;

/// <summary>kcat, a client on (an often old) librdkafka.</summary>
public static class Kcat
{
    public static Task<CommandResult> RunAsync(string bootstrap, IEnumerable<string> arguments, string? input = null, TimeSpan? limit = null)
    {
        Requirement.Require(CommandLine.Exists("kcat"), "kcat is not on the PATH (Debian: apt-get install kcat)");
        return CommandLine.RunAsync("kcat", ["-b", bootstrap, .. arguments], input, limit);
    }
}
