using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Commands.Schema;

/// <summary><c>schema export --assembly</c>: the schemas of the event types of a built program, as files. Needs nothing running, so it fits a build.</summary>
internal static class ExportAssemblyCommand
{
    public static int Run(string assembly, string folder, OutputFormat format, TextWriter output)
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
