using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Commands.Schema;

namespace Millrace;

/// <summary>The JSON shapes of what people ask about schemas: contracts too.</summary>
[JsonSerializable(typeof(LineResult))]
[JsonSerializable(typeof(BasicResult))]
[JsonSerializable(typeof(DiffReport))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(ChangeReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(ListReport))]
[JsonSerializable(typeof(WrittenReport))]
[JsonSerializable(typeof(InferReport))]
[JsonSerializable(typeof(SettingsReport))]
internal sealed partial class SchemaJson : JsonSerializerContext
{
    /// <summary>Messages have quotes in them, which the default encoder would make unreadable for the sake of HTML.</summary>
    public static SchemaJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
