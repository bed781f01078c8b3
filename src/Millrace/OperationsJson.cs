using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Commands.Dlq;
using Millrace.Commands.Parked;
using Millrace.Commands.Trace;
using Millrace.Operations.DeadLetters;
using Millrace.Operations.Parking;
using Millrace.Operations.Positions;
using Millrace.Operations.Proof;

namespace Millrace;

/// <summary>The JSON shapes of what people ask about the pipeline's tables: contracts too. Names of states are in camel case, like those of fields.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(CamelCase<DeadLetterState>), typeof(CamelCase<CheckOutcome>), typeof(CamelCase<PartitionCondition>), typeof(CamelCase<ResolveOutcome>)])]
[JsonSerializable(typeof(DeadLetterGroup[]))]
[JsonSerializable(typeof(DeadLetterRecord))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(DiscardReport))]
[JsonSerializable(typeof(ParkedUser[]))]
[JsonSerializable(typeof(ParkedQueue[]))]
[JsonSerializable(typeof(RetryReport))]
[JsonSerializable(typeof(PartitionPosition[]))]
[JsonSerializable(typeof(ResolveResult))]
[JsonSerializable(typeof(Verdict))]
[JsonSerializable(typeof(TraceReport))]
[JsonSerializable(typeof(TraceReport[]))]
internal sealed partial class OperationsJson : JsonSerializerContext;

internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
