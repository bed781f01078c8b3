using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Registry.Http.Confluent;

/// <summary>The JSON of Confluent's interface, with the names that its clients look for.</summary>
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(SchemaBody))]
[JsonSerializable(typeof(IdBody))]
[JsonSerializable(typeof(SubjectVersionBody))]
[JsonSerializable(typeof(VersionBody))]
[JsonSerializable(typeof(VersionBody[]))]
[JsonSerializable(typeof(SubjectVersionBody[]))]
[JsonSerializable(typeof(CompatibilityBody))]
[JsonSerializable(typeof(LevelBody))]
[JsonSerializable(typeof(LevelRequest))]
[JsonSerializable(typeof(ModeBody))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(int))]
internal sealed partial class ConfluentJson : JsonSerializerContext
{
    /// <summary>A schema is a text in a text here: escapes that only HTML needs would make it twice as long.</summary>
    public static ConfluentJson Plain { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

internal sealed record ErrorBody([property: JsonPropertyName("error_code")] int Code, [property: JsonPropertyName("message")] string Message);

/// <summary>A schema in a request, or in the answer about an id.</summary>
internal sealed record SchemaBody(
    [property: JsonPropertyName("schemaType")] string? SchemaType,
    [property: JsonPropertyName("schema")] string? Schema,
    [property: JsonPropertyName("references")] JsonElement? References);

internal sealed record IdBody([property: JsonPropertyName("id")] int Id);

internal sealed record SubjectVersionBody([property: JsonPropertyName("subject")] string Subject, [property: JsonPropertyName("version")] int Version);

internal sealed record VersionBody(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("version")] int Version,
    [property: JsonPropertyName("id")] int Id,
    [property: JsonPropertyName("schemaType")] string SchemaType,
    [property: JsonPropertyName("schema")] string Schema);

internal sealed record CompatibilityBody(
    [property: JsonPropertyName("is_compatible")] bool IsCompatible, [property: JsonPropertyName("messages")] IReadOnlyList<string>? Messages);

internal sealed record LevelBody([property: JsonPropertyName("compatibilityLevel")] string Level);

internal sealed record LevelRequest([property: JsonPropertyName("compatibility")] string? Level);

internal sealed record ModeBody([property: JsonPropertyName("mode")] string? Mode);
