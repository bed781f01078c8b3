using System.Text.Json.Serialization;
using Millrace.Registry.Settings;
using Millrace.Registry.Versions;

namespace Millrace.Registry;

/// <summary>The JSON that the registry keeps in <c>pipeline.operations</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SettingNote))]
[JsonSerializable(typeof(VersionNote))]
internal sealed partial class RegistryJson : JsonSerializerContext;
