using Millrace.Commands.Produce;
using Millrace.Registry.Versions;
using Millrace.Schemas;

namespace Millrace.Commands.Schema;

/// <summary>Schemas that are named on the command line. Whatever is wrong with one ends the command as a wrong argument does.</summary>
internal static class SchemaFile
{
    /// <exception cref="CommandFailedException">It cannot be read, or is no schema.</exception>
    public static JsonSchema Compile(string path, bool assertFormats)
    {
        byte[] bytes = Read(path);
        try
        {
            return JsonSchema.Compile(bytes, new SchemaOptions
            {
                AssertFormats = assertFormats,

                // Other files may be named by relative references; nothing is ever fetched.
                BaseUri = path == InputFile.StandardInput ? null : new Uri(Path.GetFullPath(path)),
                Resolve = Resolve,
            });
        }
        catch (SchemaException e)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' is no schema that can be used: {e.Message}", e);
        }
    }

    /// <exception cref="CommandFailedException">It cannot be read, or is too large for a schema.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using Stream input = path == InputFile.StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            return InstanceReader.ReadAll(input, SchemaLimits.MaxBytes)
                ?? throw new CommandFailedException(ExitCodes.Usage, $"'{path}' has more than {SchemaLimits.MaxBytes:N0} bytes, which no schema has.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte>? Resolve(Uri uri)
    {
        string path = uri.IsAbsoluteUri && uri.IsFile ? uri.LocalPath : "";
        return File.Exists(path) ? Read(path) : null;
    }
}
