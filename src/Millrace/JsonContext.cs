using System.Text.Json.Serialization;
using Millrace.Commands;
using Millrace.Commands.Produce;
using Millrace.Commands.Status;
using Millrace.Hosting;
using Millrace.Pipeline;

namespace Millrace;

/// <summary>Every JSON shape that the executable writes or reads: each is a documented contract.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Endpoints))]
[JsonSerializable(typeof(RememberedPorts))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(TopicSummary[]))]
[JsonSerializable(typeof(TopicDetails))]
[JsonSerializable(typeof(GroupSummary[]))]
[JsonSerializable(typeof(GroupDetails))]
[JsonSerializable(typeof(SendReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(PipelineStatus))]
internal sealed partial class JsonContext : JsonSerializerContext;
