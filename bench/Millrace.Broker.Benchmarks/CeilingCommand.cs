using System.CommandLine;

namespace Millrace.Broker.Benchmarks;

/// <summary>What <c>compare</c> starts as its third contestant.</summary>
internal static class CeilingCommand
{
    public const string Name = "ceiling";

    public static Command Create()
    {
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "Where it listens, on loopback.", Required = true };
        var command = new Command(Name, "Takes what producers send and stores nothing, for compare.") { port };
        command.SetAction(parsed => new CeilingServer(parsed.GetValue(port)).Run());
        return command;
    }
}
