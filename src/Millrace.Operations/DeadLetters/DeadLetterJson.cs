using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Operations.DeadLetters;

/// <summary>The shape of an exported letter, and of what the operations log says of a decision.</summary>
[JsonSerializable(typeof(DeadLetterRecord))]
[JsonSerializable(typeof(DeadLetterFilter))]
[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class DeadLetterJson : JsonSerializerContext
{
    /// <summary>In camel case, what is not there left out, and text as it was written, since lines of NDJSON are read by people too.</summary>
    public static DeadLetterJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<DeadLetterState>(JsonNamingPolicy.CamelCase) },
    });
}
