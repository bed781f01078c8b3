using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>Sets a draft aside, so that events may still name it.</summary>
internal static class DeprecateCommand
{
    public static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var version = new Argument<int>("version") { Description = "Its number." };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = SharedOptions.Format("json: {\"outcome\",\"eventType\",\"version\",\"state\",\"conflicts\":[],\"warnings\":[],\"evidence\":null}");
        var command = new ExampleCommand(
            "deprecate", "Makes a draft a version that events may name but that is not the one in force; activating another version does it to the one before.",
            "millrace schema deprecate order_placed 1")
        {
            type, version, actor,
        };
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetRequiredValue(type), parsed.GetRequiredValue(version), parsed.GetValue(actor)!, parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string type, int version, string actor, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        ChangeResult result = await registry.Versions.DeprecateAsync(type, version, actor, cancellationToken);
        return ChangeText.Write(type, version, result, null, format);
    }
}
