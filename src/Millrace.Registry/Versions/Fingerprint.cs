using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Registry.Versions;

/// <summary>
/// SHA-256 of a schema's canonical form: no spacing, names in ordinal order, texts with the fewest escapes. Numbers stay as they are written, so
/// that 1.0 and 1 are two fingerprints: that costs a version more, never one too few.
/// </summary>
internal static class Fingerprint
{
    private static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="schema">JSON that has been compiled, so that it is known to be good and not too deep.</param>
    public static string Of(ReadOnlyMemory<byte> schema)
    {
        using var document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = SchemaLimits.MaxDepth });
        var canonical = new ArrayBufferWriter<byte>(schema.Length);
        using (var writer = new Utf8JsonWriter(canonical, Canonical))
            Write(document.RootElement, writer);
        return Convert.ToHexStringLower(SHA256.HashData(canonical.WrittenSpan));
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                writer.WriteRawValue(element.GetRawText());
                break;
        }
    }
}
