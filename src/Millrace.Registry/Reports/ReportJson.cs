using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Registry.Reports;

/// <summary>The JSON shapes of what people ask about schemas, on the command line and over HTTP: contracts.</summary>
[JsonSerializable(typeof(LineResult))]
[JsonSerializable(typeof(BasicResult))]
[JsonSerializable(typeof(DiffReport))]
[JsonSerializable(typeof(SchemaVersionReport))]
[JsonSerializable(typeof(ChangeReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(ListReport))]
[JsonSerializable(typeof(InferReport))]
[JsonSerializable(typeof(SettingsReport))]
public sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>In camel case; messages have quotes in them, which the default encoder would make unreadable for the sake of HTML.</summary>
    public static ReportJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
