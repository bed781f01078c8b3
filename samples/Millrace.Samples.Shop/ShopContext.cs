using System.Text.Json.Serialization;

namespace Millrace.Samples.Shop;

/// <summary>The types that become JSON; System.Text.Json writes the code for them at build time, so that nothing needs reflection.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderShipped))]
internal sealed partial class ShopContext : JsonSerializerContext;
