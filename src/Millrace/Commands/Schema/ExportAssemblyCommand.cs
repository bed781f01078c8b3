using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Commands.Schema;

/// <summary>The schemas of the event types of a built program, as files. Needs nothing running, so it fits a build.</summary>
internal static class ExportAssemblyCommand
{
    public static Command Create()
    {
        var assembly = new Option<string>("--assembly") { Required = true, Description = "The built assembly, such as bin/Release/net10.0/Shop.dll. Its types that derive from Event are exported." };
        var folder = new Option<string>("--out") { DefaultValueFactory = _ => "schemas", Description = "The folder; each schema becomes EVENTTYPE/VERSION.json in it. Default: schemas." };
        Option<OutputFormat> format = SharedOptions.Format("text, or json: {\"schemas\":[{\"eventType\",\"version\",\"type\",\"path\",\"written\"}]}");
        var command = new ExampleCommand(
            "export", "Writes the JSON Schemas of a program's event types, as the program would send them.",
            "millrace schema export --assembly bin/Release/net10.0/Shop.dll",
            "millrace schema export --assembly Shop.dll --out schemas --format json")
        {
            assembly, folder, format,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(assembly), parsed.GetRequiredValue(folder), parsed.GetValue(format), parsed.InvocationConfiguration.Output));
        return command;
    }

    internal static int Run(string assembly, string folder, OutputFormat format, TextWriter output)
    {
        ExportedSchema[] schemas = [.. ExportAssembly.Schemas(assembly).Select(schema => ExportAssemblyFiles.Write(schema, folder))];
        if (format == OutputFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(new ExportReport(schemas), ExportJson.Default.ExportReport));
            return ExitCodes.Success;
        }

        foreach (ExportedSchema schema in schemas)
            output.WriteLine($"{schema.Path}{(schema.Written ? "" : " (as it was)")}");
        return ExitCodes.Success;
    }
}

/// <summary>The shape of <c>schema export --assembly --format json</c>.</summary>
internal sealed record ExportReport(IReadOnlyList<ExportedSchema> Schemas);

/// <summary>One schema: its .NET type, where it lies, and whether the file was written or held the same already.</summary>
internal sealed record ExportedSchema(string EventType, int Version, string Type, string Path, bool Written);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExportReport))]
internal sealed partial class ExportJson : JsonSerializerContext;
