using System.Text.Json.Serialization;

namespace Millrace.Operations.Parking;

/// <summary>What the operations log says of a decision.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ParkingJson : JsonSerializerContext;
