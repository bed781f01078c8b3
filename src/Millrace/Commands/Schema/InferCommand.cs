using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Reports;

namespace Millrace.Commands.Schema;

/// <summary>Proposes a schema from stored events.</summary>
internal static class InferCommand
{
    private const int DefaultLast = 1_000;
    private const int MaxLast = 1_000_000;

    public static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var last = new Option<int>("--last") { HelpName = "N", Description = $"How many of the newest events to look at, 1 to {MaxLast:N0}.", DefaultValueFactory = _ => DefaultLast };
        last.Check(value => value is >= 1 and <= MaxLast, $"--last is a number from 1 to {MaxLast:N0}.");
        Option<OutputFormat> format = FormatOption.Create("json: {\"eventType\",\"events\",\"schema\":{…}}");
        var command = new ExampleCommand(
            "infer", "Proposes a schema that the newest stored events of a type fit, on standard output.",
            "millrace schema infer order_placed", "millrace schema infer order_placed --last 100000")
        {
            type, last,
        };
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetRequiredValue(type), parsed.GetValue(last), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, string type, int last, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        (ReadOnlyMemory<byte> schema, long events) = await registry.Samples.InferAsync(type, last, cancellationToken);
        if (events == 0)
            throw new CommandFailedException(ExitCodes.Failed, $"No events of {type} are stored, so there is nothing to learn a schema from.");
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(InferReport.Of(type, events, schema), ReportJson.Readable.InferReport));
            return ExitCodes.Success;
        }

        await using Stream output = Console.OpenStandardOutput();
        await output.WriteAsync(schema, cancellationToken);
        output.WriteByte((byte)'\n');
        Console.Error.WriteLine($"From {events:N0} event(s). Read it before you register it: it says what was seen, not what is meant.");
        return ExitCodes.Success;
    }
}
