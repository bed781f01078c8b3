using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>
/// What every event has. A type of events is a record that derives from this one and adds what it tells; docs/events.md has the
/// contract of the fields.
/// </summary>
/// <remarks>
/// On the wire these fields have the contract's names whatever naming policy the serialisation has. A copy by <c>with</c> is the same
/// event again, with the same <see cref="EventId"/>, unless it is given another one.
/// </remarks>
public abstract record Event
{
    /// <summary>What kind of event it is: <c>eventType</c>. The name of the type in snake case (<c>order_placed</c>), or what <see cref="EventTypeAttribute"/> says.</summary>
    /// <exception cref="EventTypeException">The type has no name that an event may have.</exception>
    [JsonPropertyName("eventType")]
    [JsonPropertyOrder(-6)]
    public string EventType => EventContract.Of(GetType()).EventType;

    /// <summary>The version of the type's schema: <c>schemaVersion</c>. Default 1; <see cref="EventTypeAttribute.Version"/> says otherwise.</summary>
    /// <exception cref="EventTypeException">The type has no name that an event may have.</exception>
    [JsonPropertyName("schemaVersion")]
    [JsonPropertyOrder(-5)]
    public int SchemaVersion => EventContract.Of(GetType()).Version;

    /// <summary>The id, by which an event that is sent twice is stored once: <c>eventId</c>. Default: a new UUIDv7.</summary>
    [JsonPropertyName("eventId")]
    [JsonPropertyOrder(-4)]
    public Guid EventId { get; init; } = Guid.CreateVersion7();

    /// <summary>
    /// Whom it is about: <c>userId</c>, at most 256 characters. Also the key, so that events of one user keep their order. Default: nobody;
    /// such events go to any partition.
    /// </summary>
    [JsonPropertyName("userId")]
    [JsonPropertyOrder(-3)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>When it happened: <c>timestamp</c>, kept to the microsecond. Default: when this object was made.</summary>
    [JsonPropertyName("timestamp")]
    [JsonPropertyOrder(-2)]
    public DateTimeOffset Timestamp { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>What it belongs to, such as the request that caused it: <c>correlationId</c>, at most 256 characters. Default: nothing.</summary>
    [JsonPropertyName("correlationId")]
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CorrelationId { get; init; }
}
