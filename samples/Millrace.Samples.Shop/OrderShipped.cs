using Millrace.Client;

namespace Millrace.Samples.Shop;

/// <summary>An order left the house.</summary>
/// <param name="OrderId">The <c>eventId</c> of the order.</param>
/// <param name="Carrier">Who brings it.</param>
[EventType("order_shipped", Version = 2)]
public record OrderShipped(Guid OrderId, string Carrier) : Event;
