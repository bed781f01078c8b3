using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Millrace.Schemas;

namespace Millrace.Registry.Versions;

/// <summary>A schema that has been compiled, with its text and fingerprint: nothing else enters the registry.</summary>
internal sealed class SchemaText
{
    private SchemaText(JsonSchema schema, string source, string fingerprint)
    {
        Schema = schema;
        Source = source;
        Fingerprint = fingerprint;
    }

    public JsonSchema Schema { get; }

    public string Source { get; }

    public string Fingerprint { get; }

    /// <summary>That of a version, which was one when it was registered.</summary>
    /// <exception cref="RegistryException">This build cannot use it any more.</exception>
    public static SchemaText Of(SchemaVersion version)
    {
        try
        {
            return Read(Encoding.UTF8.GetBytes(version.Source));
        }
        catch (SchemaException e)
        {
            throw new RegistryException(
                $"Version {version.Version} of {version.EventType} is registered, but this version of Millrace cannot use it ({e.Message.TrimEnd('.')}): register it anew, corrected.", false, e);
        }
    }

    /// <exception cref="SchemaException">It is no schema that the registry can hold.</exception>
    public static SchemaText Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > SchemaLimits.MaxBytes)
            throw new SchemaException("", $"The schema has {utf8.Length:N0} bytes; at most {SchemaLimits.MaxBytes:N0} are taken.");
        if (!Utf8.IsValid(utf8.Span))
            throw new SchemaException("", "The schema is not UTF-8.");
        var schema = JsonSchema.Compile(utf8, SchemaOptions.Default);
        try
        {
            return new SchemaText(schema, Encoding.UTF8.GetString(utf8.Span), Versions.Fingerprint.Of(utf8));
        }
        catch (JsonException e)
        {
            throw new SchemaException("", $"The schema cannot be read: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new SchemaException("", "The schema has a text with one half of a surrogate pair, which is no character.");
        }
    }
}
