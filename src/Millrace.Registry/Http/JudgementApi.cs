using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Events;
using Millrace.Registry.Evidence;
using Millrace.Registry.Reports;
using Millrace.Registry.Versions;
using Millrace.Schemas;
using Millrace.Schemas.Compatibility;

namespace Millrace.Registry.Http;

/// <summary>What schemas say of events and of each other: validate, diff, check, infer. Nothing is changed by any of it.</summary>
internal sealed class JudgementApi(SchemaRegistry registry)
{
    private const int DefaultSample = 1_000;
    private const int MaxSample = 100_000;

    public void Map(IEndpointRouteBuilder schemas)
    {
        schemas.MapPost("/{type}/validate", ValidateAsync)
            .WithName("ValidateEvent").WithSummary("Holds the body, one event, against a version: ?version=N, or the one in force.")
            .Accepts<object>("application/json").Produces<LineResult>().MayFail(StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge);
        schemas.MapGet("/{type}/diff", DiffAsync)
            .WithName("DiffSchemas").WithSummary("Compares two versions: ?from=1&to=2, at ?level=FULL or the level of the type.")
            .Produces<DiffReport>().MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        schemas.MapPost("/{type}/check", CheckAsync)
            .WithName("CheckSchema").WithSummary("Says whether the body, a schema, could be activated: by the level of the type and, with ?against=7d, by the stored events.")
            .Accepts<object>("application/schema+json", "application/json").Produces<CheckReport>()
            .MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status422UnprocessableEntity);
        schemas.MapGet("/{type}/infer", InferAsync)
            .WithName("InferSchema").WithSummary("Proposes a schema from the newest stored events, ?last=1000 of them.")
            .Produces<InferReport>().MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
    }

    private Task<IResult> ValidateAsync(HttpContext context, string type, int? version) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        if (await ApiCalls.BodyAsync(context, EnvelopeReader.MaxBytes) is not { } body)
            return ApiCalls.TooLarge(EnvelopeReader.MaxBytes);
        var found = ApiCalls.Pick(await registry.Versions.OfTypeAsync(eventType, context.RequestAborted), version);
        return found is null
            ? ApiCalls.NotFound(eventType, version)
            : TypedResults.Json(LineResult.Of(1, SchemaText.Of(found).Schema.Evaluate(body)), ReportJson.Readable.LineResult);
    });

    private Task<IResult> DiffAsync(string type, int from, int to, string? level, bool? strict, CancellationToken cancellationToken) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        if (level is not null && Codes.ParseLevel(level) is null)
            return ApiCalls.Problem(StatusCodes.Status400BadRequest, "The level cannot be read", $"'{level}' is none of {string.Join(", ", Codes.LevelCodes)}.");
        var versions = await registry.Versions.OfTypeAsync(eventType, cancellationToken);
        if (versions.FirstOrDefault(v => v.Version == from) is not { } older)
            return ApiCalls.NotFound(eventType, from);
        if (versions.FirstOrDefault(v => v.Version == to) is not { } newer)
            return ApiCalls.NotFound(eventType, to);
        var own = await registry.Settings.OfTypeAsync(eventType, cancellationToken);
        var defaults = await registry.Settings.DefaultsAsync(cancellationToken);
        var diff = SchemaCompatibility.Compare(SchemaText.Of(older).Schema, SchemaText.Of(newer).Schema, strict ?? own.Strict ?? defaults.Strict);
        var asked = level is null ? own.Level ?? defaults.Level : Codes.ParseLevel(level)!.Value;
        return TypedResults.Json(DiffReport.Of(diff, asked), ReportJson.Readable.DiffReport);
    });

    private Task<IResult> CheckAsync(HttpContext context, string type, string? against, long? maxRejects) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        var window = against is null ? null : TimeSpanText.Parse(against);
        if ((against is not null && window is null) || maxRejects < 0)
            return ApiCalls.Problem(StatusCodes.Status400BadRequest, "The evidence cannot be read", "against is how far back to look, such as 7d; maxRejects a number from 0.");
        if (await ApiCalls.BodyAsync(context, SchemaLimits.MaxBytes) is not { } body)
            return ApiCalls.TooLarge(SchemaLimits.MaxBytes);
        var candidate = JsonSchema.Compile(body, SchemaOptions.Default);
        var conflicts = await registry.Versions.ConflictsAsync(eventType, candidate, null, context.RequestAborted);
        var evidence = window is { } span
            ? await registry.Evidence.RunAsync(
                new EvidenceRequest(eventType, candidate, EvidenceRequest.Back(registry.Time.GetUtcNow(), span)), context.RequestAborted)
            : null;
        var accepted = conflicts.Count == 0 && (evidence?.Rejected ?? 0) <= (maxRejects ?? 0);
        return TypedResults.Json(CheckReport.Of(eventType, accepted, conflicts, evidence), ReportJson.Readable.CheckReport);
    });

    private Task<IResult> InferAsync(string type, int? last, CancellationToken cancellationToken) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        if (last is < 1 or > MaxSample)
            return ApiCalls.Problem(StatusCodes.Status400BadRequest, "The number cannot be used", $"last is a number from 1 to {MaxSample:N0}.");
        var (schema, events) = await registry.Samples.InferAsync(eventType, last ?? DefaultSample, cancellationToken);
        return events == 0
            ? ApiCalls.Problem(StatusCodes.Status404NotFound, "There are no such events", $"No events of {eventType} are stored.")
            : TypedResults.Json(InferReport.Of(eventType, events, schema), ReportJson.Readable.InferReport);
    });
}
