using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Millrace.Pipeline.Ingest;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IngestAccepted))]
[JsonSerializable(typeof(IngestResults))]
[JsonSerializable(typeof(IReadOnlyList<IngestResult>))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class IngestJson : JsonSerializerContext;
