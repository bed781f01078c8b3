using Millrace.Events;
using Millrace.Schemas;

namespace Millrace.Registry.Versions;

/// <summary>
/// Tells of a schema that was written for the payload alone: events are held against it with their envelope, so that a closed one has to describe its fields.
/// </summary>
internal static class EnvelopeWarning
{
    /// <summary>A sentence that names the fields which the schema forbids; null when it forbids none.</summary>
    public static string? Of(JsonSchema schema)
    {
        string[] forbidden = [.. Envelope.FieldNames.Where(schema.Forbids)];
        if (forbidden.Length == 0)
            return null;
        var consequence = forbidden.Contains("eventType") ? "every event would be refused"
            : forbidden.Contains("eventId") ? "every event over HTTP would be refused, since it is given an eventId there, and so would any other that has such a field"
            : "events that have such a field would be refused";
        return $"The schema does not allow {string.Join(", ", forbidden)}, but events are held against it with their envelope: {consequence}.";
    }
}
