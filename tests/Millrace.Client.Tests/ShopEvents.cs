using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Client.Tests;

/// <summary>An order was placed.</summary>
public record OrderPlaced : Event
{
    /// <summary>What the order costs.</summary>
    public required decimal Total { get; init; }

    public Dictionary<string, JsonElement>? Metadata { get; init; }
}

[EventType("shop.order-shipped", Version = 3)]
public record Shipment(
    string Carrier) : Event;

public record Noted : Event
{
    public string Text { get; init; } = "";
}

/// <summary>Not in <see cref="ShopContext"/>.</summary>
public record Forgotten : Event;

[EventType("")]
public record Nameless : Event;

[EventType("versionless", Version = 0)]
public record Versionless : Event;

public record Boxed<T> : Event;

public record Looped : Event
{
    public Loop? Loop { get; init; }
}

public sealed class Loop
{
    public Loop? Next { get; set; }
}

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(Shipment))]
[JsonSerializable(typeof(Noted))]
[JsonSerializable(typeof(Looped))]
internal sealed partial class ShopContext : JsonSerializerContext;
