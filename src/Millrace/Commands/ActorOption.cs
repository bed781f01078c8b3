using System.CommandLine;

namespace Millrace.Commands;

/// <summary>Who does something that is recorded: <c>--actor</c>, else the account and the machine.</summary>
internal static class ActorOption
{
    public static Option<string> Create() => new("--actor")
    {
        HelpName = "WHO",
        Description = "Who does this, for the record.",
        DefaultValueFactory = _ => $"{Environment.GetEnvironmentVariable("USER") ?? Environment.UserName}@{Environment.MachineName}",
    };
}
