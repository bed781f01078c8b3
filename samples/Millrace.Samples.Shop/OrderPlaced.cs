using System.Text.Json;
using Millrace.Client;

namespace Millrace.Samples.Shop;

/// <summary>A customer placed an order.</summary>
public record OrderPlaced : Event
{
    /// <summary>What the order costs, in euros.</summary>
    public required decimal Total { get; init; }

    /// <summary>Whatever else the shop knows.</summary>
    public Dictionary<string, JsonElement>? Metadata { get; init; }
}
