using System.Text.Json;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Reports;

/// <summary>One version, as JSON.</summary>
public sealed record SchemaVersionReport(
    string EventType, int Version, int Id, string State, string Fingerprint, DateTimeOffset RegisteredAt, string RegisteredBy, DateTimeOffset ChangedAt,
    string ChangedBy, JsonElement Schema)
{
    /// <summary>Makes it.</summary>
    public static SchemaVersionReport Of(SchemaVersion version)
    {
        using var schema = JsonDocument.Parse(version.Source, new JsonDocumentOptions { MaxDepth = 1_000 });
        return new SchemaVersionReport(
            version.EventType, version.Version, version.SchemaId, version.State.Code(), version.Fingerprint, version.RegisteredAt, version.RegisteredBy,
            version.ChangedAt, version.ChangedBy, schema.RootElement.Clone());
    }
}
