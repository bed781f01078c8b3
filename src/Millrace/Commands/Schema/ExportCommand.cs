using System.CommandLine;
using System.Text.Json;
using Millrace.Commands.Connections;
using Millrace.Configuration;
using Millrace.Registry;
using Millrace.Registry.Files;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>Writes schemas as files: those that are registered, or those of a program's event types.</summary>
internal static class ExportCommand
{
    private const string DefaultFolder = "schemas";

    public static Command Create()
    {
        var type = new Argument<string?>("type") { Arity = ArgumentArity.ZeroOrOne, Description = "The event type; all of them when left out." };
        var version = new Argument<int?>("version") { Arity = ArgumentArity.ZeroOrOne, Description = "Its number; all of them when left out." };
        var assembly = new Option<string?>("--assembly") { HelpName = "FILE", Description = "A built program instead of the registry, such as bin/Release/net10.0/Shop.dll: its types that derive from Event. Needs nothing running." };
        var folder = new Option<string>("--out") { HelpName = "DIR", DefaultValueFactory = _ => DefaultFolder, Description = "Each schema becomes TYPE/VERSION.json in it." };
        Option<OutputFormat> format = FormatOption.Create("json: {\"schemas\":[{\"eventType\",\"version\",\"path\",\"written\"}]}; with --assembly each has \"type\" too");
        var command = new ExampleCommand(
            "export", "Writes schemas as files, TYPE/VERSION.json: those that are registered, or with --assembly those of a program's event types.",
            "millrace schema export",
            "millrace schema export order_placed 2 --out schemas",
            "millrace schema export --assembly bin/Release/net10.0/Shop.dll --out schemas")
        {
            type, version, assembly, folder,
        };
        RegistryConnection.AddTo(command);
        command.Add(format);
        command.SetAction((parsed, cancellation) => parsed.GetValue(assembly) is { } program
            ? Task.FromResult(ExportAssemblyCommand.Run(program, parsed.GetRequiredValue(folder), parsed.GetValue(format), parsed.InvocationConfiguration.Output))
            : RunAsync(
                SharedOptions.Load(parsed), parsed.GetValue(type), parsed.GetValue(version), parsed.GetRequiredValue(folder), parsed.GetValue(format), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        MillraceOptions options, string? type, int? number, string folder, OutputFormat format, CancellationToken cancellationToken)
    {
        await using SchemaRegistry registry = RegistryConnection.Open(options);
        IReadOnlyList<SchemaVersion> all = type is null
            ? await registry.Versions.AllAsync(cancellationToken)
            : await registry.Versions.OfTypeAsync(type, cancellationToken);
        SchemaVersion[] versions = [.. all.Where(v => v.State != SchemaState.Deleted && (number is null || v.Version == number))];
        if (versions.Length == 0 && type is not null)
            throw new CommandFailedException(ExitCodes.Failed, $"There is no {(number is null ? "schema" : $"version {number}")} of {type}: '{Product.CommandName} schema list' shows what there is.");
        WrittenSchema[] written = [.. versions.Select(v => Write(v, folder))];
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new WrittenReport(written), SchemaJson.Readable.WrittenReport));
            return ExitCodes.Success;
        }

        foreach (WrittenSchema schema in written)
            Console.Out.WriteLine($"{schema.Path}{(schema.Written ? "" : " (as it was)")}");
        return ExitCodes.Success;
    }

    private static WrittenSchema Write(SchemaVersion version, string folder)
    {
        string path = SchemaDirectory.PathOf(folder, version.EventType, version.Version) ?? throw new CommandFailedException(
            ExitCodes.Failed, $"The name of {version.EventType} is too long for a directory: 'schema show' prints its schemas.");
        return new WrittenSchema(version.EventType, version.Version, path, ExportedFile.Write(path, version.Source));
    }
}

/// <summary>The shape of <c>schema export --format json</c>.</summary>
internal sealed record WrittenReport(IReadOnlyList<WrittenSchema> Schemas);

/// <summary>One schema: where it lies, and whether the file was written or held the same already.</summary>
internal sealed record WrittenSchema(string EventType, int Version, string Path, bool Written);
