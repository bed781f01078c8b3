using System.Text.Json.Nodes;
using Millrace.Events;

namespace Millrace.Client;

/// <summary>The part of a schema that is the same for all types of events: what docs/events.md says of the envelope.</summary>
internal static class Envelope
{
    /// <summary>Puts the schema's head and the envelope in front of what the type itself says.</summary>
    public static JsonObject Put(JsonObject body, EventContract contract, Type type)
    {
        var properties = new JsonObject();
        foreach (var (name, field) in Fields(contract))
            properties[name] = field;
        var required = (body["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !properties.ContainsKey(name)).ToList();
        if (body["properties"] is JsonObject own)
        {
            foreach (var (name, schema) in own.Where(property => !properties.ContainsKey(property.Key)))
                properties[name] = schema?.DeepClone();
        }

        var schemaOfEvent = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:millrace:schema:{Uri.EscapeDataString(contract.EventType)}:{contract.Version}",
            ["title"] = type.Name,
        };
        if (body["description"] is { } description)
            schemaOfEvent["description"] = description.DeepClone();
        schemaOfEvent["type"] = "object";
        schemaOfEvent["properties"] = properties;
        schemaOfEvent["required"] = new JsonArray([.. required.Prepend("eventType").Select(name => JsonValue.Create(name))]);
        foreach (var (keyword, value) in body.Where(keyword => !schemaOfEvent.ContainsKey(keyword.Key)))
            schemaOfEvent[keyword] = value?.DeepClone();
        return schemaOfEvent;
    }

    private static IEnumerable<(string Name, JsonObject Schema)> Fields(EventContract contract)
    {
        yield return ("eventType", new JsonObject { ["description"] = "What kind of event it is.", ["const"] = contract.EventType });
        yield return ("schemaVersion", new JsonObject
        {
            ["description"] = "The version of the schema that the producer knows.",
            ["type"] = OneOf("integer", "null"),
            ["minimum"] = 0,
            ["maximum"] = int.MaxValue,
        });
        yield return ("eventId", new JsonObject
        {
            ["description"] = "The id of the event; sent twice, it is stored once.",
            ["type"] = OneOf("string", "null"),
            ["format"] = "uuid",
        });
        yield return ("userId", Id("Whom the event is about; the key, which keeps the events of one user in order."));
        yield return ("timestamp", new JsonObject
        {
            ["description"] = "When it happened: RFC 3339, or milliseconds since 1970.",
            ["type"] = OneOf("string", "number", "null"),
            ["format"] = "date-time",
        });
        yield return ("correlationId", Id("What the event belongs to, such as the request that caused it."));
    }

    private static JsonObject Id(string description) => new()
    {
        ["description"] = description,
        ["type"] = OneOf("string", "number", "null"),
        ["maxLength"] = EnvelopeReader.MaxIdCharacters,
    };

    private static JsonArray OneOf(params ReadOnlySpan<string> types)
    {
        var array = new JsonArray();
        foreach (var type in types)
            array.Add((JsonNode)type);
        return array;
    }
}
