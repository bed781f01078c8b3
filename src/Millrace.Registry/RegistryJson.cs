using System.Text.Json.Serialization;
using Millrace.Registry.Http;
using Millrace.Registry.Settings;
using Millrace.Registry.Versions;

namespace Millrace.Registry;

/// <summary>The JSON that the registry keeps in <c>pipeline.operations</c>, and what is sent to its own interface; unknown names in that are errors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SettingNote))]
[JsonSerializable(typeof(VersionNote))]
[JsonSerializable(typeof(SettingsRequest))]
internal sealed partial class RegistryJson : JsonSerializerContext;
