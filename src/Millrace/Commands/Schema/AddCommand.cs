using System.CommandLine;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>Registers a version.</summary>
internal static class AddCommand
{
    public static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var file = new Argument<string>("file") { Description = "The schema; - is standard input." };
        var version = new Option<int?>("--version") { HelpName = "N", Description = "The number that it is to have. [default: the next one]" };
        var activate = new Option<bool>("--activate") { Description = "Put it into force too, if the level of the type allows it; else nothing is registered." };
        version.Check(value => value >= 1, "--version is a number from 1.");
        Option<string> actor = ActorOption.Create();
        Option<OutputFormat> format = FormatOption.Create("json: {\"outcome\",\"eventType\",\"version\",\"state\",\"conflicts\":[…],\"warnings\":[…],\"evidence\"}");
        var command = new ExampleCommand(
            "add", "Registers a schema as a version of its type: a draft, until it is activated.",
            "millrace schema add order_placed order_placed.json",
            "millrace schema add order_placed order_placed.json --activate",
            "cat order_placed.json | millrace schema add order_placed -")
        {
            type, file, version, activate, actor,
        };
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) =>
        {
            var request = new RegisterRequest(parsed.GetRequiredValue(type), SchemaFile.Read(parsed.GetRequiredValue(file)), parsed.GetValue(actor)!)
            {
                Version = parsed.GetValue(version),
                Activate = parsed.GetValue(activate),
            };
            return RunAsync(SharedOptions.Load(parsed), request, parsed.GetValue(format), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, RegisterRequest request, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        ChangeResult result = await registry.Versions.RegisterAsync(request, cancellationToken);
        return ChangeText.Write(request.EventType, request.Version, result, null, format);
    }
}
