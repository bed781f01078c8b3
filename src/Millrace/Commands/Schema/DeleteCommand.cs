using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>Takes a version back or, afterwards, removes it for good.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var version = new Argument<int>("version") { Description = "Its number, which is never given again." };
        var permanent = new Option<bool>("--permanent") { Description = "Remove a version that is deleted already, with its text." };
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = SharedOptions.Format("json: {\"outcome\",\"eventType\",\"version\",\"state\",\"conflicts\":[],\"warnings\":[],\"evidence\":null}");
        var command = new ExampleCommand(
            "delete", "Takes a version back, so that events that name it are refused; not the one in force. --permanent removes it for good afterwards.",
            "millrace schema delete order_placed 1",
            "millrace schema delete order_placed 1 --permanent")
        {
            type, version, permanent, actor,
        };
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetRequiredValue(type), parsed.GetRequiredValue(version), parsed.GetValue(permanent), parsed.GetValue(actor)!,
            parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string type, int version, bool permanent, string actor, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        ChangeResult result = permanent
            ? await registry.Versions.RemoveAsync(type, version, actor, cancellationToken)
            : await registry.Versions.DeleteAsync(type, version, actor, cancellationToken);
        return ChangeText.Write(type, version, result, null, format);
    }
}
