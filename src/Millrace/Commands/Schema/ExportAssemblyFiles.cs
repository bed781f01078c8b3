using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Commands.Schema;

/// <summary>Puts schemas where the registry and a build look for them: EVENTTYPE/VERSION.json.</summary>
internal static class ExportAssemblyFiles
{
    /// <summary>For people who review them: indented, and a pattern as it is.</summary>
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ExportedSchema Write(AssemblySchema schema, string folder)
    {
        if (schema.EventType is "." or ".." || schema.EventType.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new CommandFailedException(ExitCodes.Usage, $"The event type '{schema.EventType}' of {schema.Type.FullName} cannot be the name of a folder, so its schema cannot be a file.");
        string path = Path.Combine(folder, schema.EventType, $"{schema.Version}.json");
        string text = schema.Schema.ToJsonString(Readable) + "\n";
        try
        {
            // An unchanged file keeps its time, for builds that look at it.
            bool isSame = File.Exists(path) && File.ReadAllText(path) == text;
            if (!isSame)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }

            return new ExportedSchema(schema.EventType, schema.Version, schema.Type.FullName ?? schema.Type.Name, path, !isSame);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
