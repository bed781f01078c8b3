using System.Text.Json.Serialization;

namespace Millrace.Operations.Positions;

/// <summary>What the operations log says of a decision.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MoveDetails))]
internal sealed partial class PositionsJson : JsonSerializerContext;
