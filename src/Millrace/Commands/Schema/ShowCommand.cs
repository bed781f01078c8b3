using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Reports;
using Millrace.Registry.Versions;
using Millrace.Terminal;

namespace Millrace.Commands.Schema;

/// <summary>One version: the schema to standard output, all about it beside.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var version = new Argument<int?>("version") { Arity = ArgumentArity.ZeroOrOne, Description = "Its number; that in force, or else the newest, when left out." };
        Option<OutputFormat> format = FormatOption.Create(
            "json: {\"eventType\",\"version\",\"id\",\"state\",\"fingerprint\",\"registeredAt\",\"registeredBy\",\"changedAt\",\"changedBy\",\"schema\"}");
        var command = new ExampleCommand(
            "show", "Shows a version: the schema as it was given, who registered it and when.",
            "millrace schema show order_placed", "millrace schema show order_placed 2", "millrace schema show order_placed --format json")
        {
            type, version,
        };
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => RunAsync(
            SharedOptions.Load(parsed), parsed.GetRequiredValue(type), parsed.GetValue(version), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(MillraceOptions options, string type, int? number, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        SchemaVersion version = Pick(await registry.Versions.OfTypeAsync(type, cancellationToken), number)
            ?? throw new CommandFailedException(
                ExitCodes.Failed,
                $"There is no {(number is null ? "schema" : $"version {number}")} of {type}: '{Product.CommandName} schema list' shows what there is.");
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(SchemaVersionReport.Of(version), ReportJson.Readable.SchemaVersionReport));
            return ExitCodes.Success;
        }

        FieldList.Write(Console.Error,
        [
            ("type", version.EventType),
            ("version", $"{version.Version}, {version.State.Code()}"),
            ("id", $"{version.SchemaId}"),
            ("registered", $"{Moments.Text(version.RegisteredAt)} by {version.RegisteredBy}"),
            ("changed", version.ChangedAt == version.RegisteredAt ? null : $"{Moments.Text(version.ChangedAt)} by {version.ChangedBy}"),
            ("fingerprint", version.Fingerprint),
        ]);
        Console.Out.Write(version.Source);
        if (!version.Source.EndsWith('\n'))
            Console.Out.WriteLine();
        return ExitCodes.Success;
    }

    private static SchemaVersion? Pick(IReadOnlyList<SchemaVersion> versions, int? number) => number is not null
        ? versions.FirstOrDefault(v => v.Version == number)
        : versions.FirstOrDefault(v => v.State == SchemaState.Active) ?? versions.LastOrDefault(v => v.State != SchemaState.Deleted);
}
