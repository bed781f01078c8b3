using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Registry.Activation;
using Millrace.Registry.Evidence;
using Millrace.Registry.Reports;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Http;

/// <summary>Versions: list, show, add, activate, deprecate, delete.</summary>
internal sealed class VersionsApi(SchemaRegistry registry)
{
    public void Map(IEndpointRouteBuilder schemas)
    {
        schemas.MapGet("/", ListAsync)
            .WithName("ListSchemas").WithSummary("Event types with their versions and settings.").Produces<ListReport>().MayFail();
        schemas.MapGet("/{type}/versions/{version}", ShowAsync)
            .WithName("GetSchema").WithSummary("One version; 'active' names the one in force.").Produces<SchemaVersionReport>()
            .MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        schemas.MapPost("/{type}/versions", AddAsync)
            .WithName("AddSchema").WithSummary("Registers the body as a version: a draft, or in force with ?activate=true. ?version=N gives it a number.")
            .Accepts<object>("application/schema+json", "application/json")
            .Produces<ChangeReport>(StatusCodes.Status201Created).Produces<ChangeReport>()
            .MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status422UnprocessableEntity);
        schemas.MapPost("/{type}/versions/{version:int}/activate", ActivateAsync)
            .WithName("ActivateSchema").WithSummary("Puts a version into force, in every process within a second. ?requireEvidence=7d tries it on stored events first, of which it may refuse ?maxRejects.")
            .Produces<ChangeReport>().MayFail(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        schemas.MapPost("/{type}/versions/{version:int}/deprecate", DeprecateAsync)
            .WithName("DeprecateSchema").WithSummary("Makes a draft a version that events may name.")
            .Produces<ChangeReport>().MayFail(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        schemas.MapDelete("/{type}/versions/{version:int}", DeleteAsync)
            .WithName("DeleteSchema").WithSummary("Takes a version back, but not the one in force; with ?permanent=true removes one that was taken back.")
            .Produces<ChangeReport>().MayFail(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private Task<IResult> ListAsync(CancellationToken cancellationToken) => ApiCalls.RunAsync(async () => TypedResults.Json(
        ListReport.Of(
            await registry.Versions.AllAsync(cancellationToken), await registry.Settings.AllAsync(cancellationToken),
            await registry.Settings.DefaultsAsync(cancellationToken)),
        ReportJson.Readable.ListReport));

    private Task<IResult> ShowAsync(string type, string version, CancellationToken cancellationToken) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        int? number = int.TryParse(version, out var parsed) ? parsed : null;
        if (number is null && version != "active")
            return ApiCalls.Problem(StatusCodes.Status400BadRequest, "The version cannot be read", $"'{version}' is neither a number nor 'active'.");
        var found = ApiCalls.Pick(await registry.Versions.OfTypeAsync(eventType, cancellationToken), number);
        return found is null
            ? ApiCalls.NotFound(eventType, number)
            : TypedResults.Json(SchemaVersionReport.Of(found), ReportJson.Readable.SchemaVersionReport);
    });

    private Task<IResult> AddAsync(HttpContext context, string type, int? version, bool? activate) => ApiCalls.RunAsync(async () =>
    {
        if (version < 1)
            return ApiCalls.Problem(StatusCodes.Status400BadRequest, "The version cannot be used", "A version is a number from 1.");
        if (await ApiCalls.BodyAsync(context, SchemaLimits.MaxBytes) is not { } body)
            return ApiCalls.TooLarge(SchemaLimits.MaxBytes);
        var eventType = ApiCalls.EventType(type);
        var request = new RegisterRequest(eventType, body, ApiCalls.Actor(context)) { Version = version, Activate = activate ?? false };
        return ApiCalls.Changed(eventType, await registry.Versions.RegisterAsync(request, context.RequestAborted), null, StatusCodes.Status201Created);
    });

    private Task<IResult> ActivateAsync(HttpContext context, string type, int version, string? requireEvidence, long? maxRejects) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        if (requireEvidence is null)
        {
            var change = await registry.Versions.ActivateAsync(eventType, version, ApiCalls.Actor(context), context.RequestAborted);
            return ApiCalls.Changed(eventType, change, null, StatusCodes.Status200OK);
        }

        if (TimeSpanText.Parse(requireEvidence) is not { } window || maxRejects < 0)
            return ApiCalls.Problem(StatusCodes.Status400BadRequest, "The evidence cannot be read", "requireEvidence is how far back to look, such as 7d; maxRejects a number from 0.");
        var result = await registry.ActivateAsync(
            eventType, version, ApiCalls.Actor(context), new EvidenceRequirement(window, maxRejects ?? 0), context.RequestAborted);
        return ApiCalls.Changed(eventType, result.Change, result.Evidence, StatusCodes.Status200OK);
    });

    private Task<IResult> DeprecateAsync(HttpContext context, string type, int version) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        var change = await registry.Versions.DeprecateAsync(eventType, version, ApiCalls.Actor(context), context.RequestAborted);
        return ApiCalls.Changed(eventType, change, null, StatusCodes.Status200OK);
    });

    private Task<IResult> DeleteAsync(HttpContext context, string type, int version, bool? permanent) => ApiCalls.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(type);
        var actor = ApiCalls.Actor(context);
        var change = permanent == true
            ? await registry.Versions.RemoveAsync(eventType, version, actor, context.RequestAborted)
            : await registry.Versions.DeleteAsync(eventType, version, actor, context.RequestAborted);
        return ApiCalls.Changed(eventType, change, null, StatusCodes.Status200OK);
    });
}
