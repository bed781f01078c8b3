using System.Text.Json;
using Millrace.Registry;
using Millrace.Registry.Versions;

namespace Millrace.Commands.Schema;

/// <summary>One version, as JSON.</summary>
internal sealed record VersionReport(
    string EventType, int Version, int Id, string State, string Fingerprint, DateTimeOffset RegisteredAt, string RegisteredBy, DateTimeOffset ChangedAt,
    string ChangedBy, JsonElement Schema)
{
    public static VersionReport Of(SchemaVersion version)
    {
        using var schema = JsonDocument.Parse(version.Source, new JsonDocumentOptions { MaxDepth = 1_000 });
        return new VersionReport(
            version.EventType, version.Version, version.SchemaId, version.State.Code(), version.Fingerprint, version.RegisteredAt, version.RegisteredBy,
            version.ChangedAt, version.ChangedBy, schema.RootElement.Clone());
    }
}
