using System.Text.Json.Serialization;

namespace Millrace.Schemas.Compilation;

[JsonSerializable(typeof(string))]
internal sealed partial class SourceJson : JsonSerializerContext;
