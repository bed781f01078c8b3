using System.Text.Json;

namespace Millrace.Registry.Reports;

/// <summary>The shape of <c>schema infer --format json</c>: the type, how many events were looked at, and the schema that they fit.</summary>
public sealed record InferReport(string EventType, long Events, JsonElement Schema)
{
    /// <summary>Makes it.</summary>
    public static InferReport Of(string eventType, long events, ReadOnlyMemory<byte> schema)
    {
        using var document = JsonDocument.Parse(schema);
        return new InferReport(eventType, events, document.RootElement.Clone());
    }
}
