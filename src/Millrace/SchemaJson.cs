using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Commands.Schema;

namespace Millrace;

/// <summary>The JSON shapes of what people ask about schemas: contracts too.</summary>
[JsonSerializable(typeof(WrittenReport))]
internal sealed partial class SchemaJson : JsonSerializerContext
{
    /// <summary>Messages have quotes in them, which the default encoder would make unreadable for the sake of HTML.</summary>
    public static SchemaJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
