using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Registry;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>The part that is the same in commands that do one thing to one version of a type, with nothing to ask the stored events first.</summary>
internal static class VersionChange
{
    /// <summary>What such a command does; <paramref name="parsed"/> has the options of its own.</summary>
    public delegate Task<ChangeResult> Change(VersionsDesk versions, string type, int version, string actor, ParseResult parsed, CancellationToken cancellationToken);

    /// <summary>Adds the arguments and options that all of them have to those that <paramref name="command"/> has, and what it does.</summary>
    public static Command Complete(ExampleCommand command, Change change)
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var version = new Argument<int>("version") { Description = "Its number." };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = FormatOption.Create("json: {\"outcome\",\"eventType\",\"version\",\"state\",\"conflicts\":[],\"warnings\":[],\"evidence\":null}");
        command.Add(type);
        command.Add(version);
        command.Add(actor);
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction(async (parsed, cancellation) =>
        {
            (string eventType, int number) = (parsed.GetRequiredValue(type), parsed.GetRequiredValue(version));
            await using SchemaRegistry registry = RegistryConnection.Open(SharedOptions.Load(parsed));
            ChangeResult result = await change(registry.Versions, eventType, number, parsed.GetValue(actor)!, parsed, cancellation);
            return ChangeText.Write(eventType, number, result, null, parsed.GetValue(format));
        });
        return command;
    }
}
