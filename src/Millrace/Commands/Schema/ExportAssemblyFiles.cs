using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Registry.Files;

namespace Millrace.Commands.Schema;

/// <summary>Puts schemas where the registry and a build look for them: EVENTTYPE/VERSION.json.</summary>
internal static class ExportAssemblyFiles
{
    /// <summary>For people who review them: indented, and a pattern as it is.</summary>
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ExportedSchema Write(AssemblySchema schema, string folder)
    {
        string path = SchemaDirectory.PathOf(folder, schema.EventType, schema.Version) ?? throw new CommandFailedException(
            ExitCodes.Usage, $"The event type '{schema.EventType}' of {schema.Type.FullName} is too long for the name of a directory, so its schema cannot be a file.");
        string text = schema.Schema.ToJsonString(Readable) + "\n";
        return new ExportedSchema(schema.EventType, schema.Version, schema.Type.FullName ?? schema.Type.Name, path, ExportedFile.Write(path, text));
    }
}
