using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Registry.Versions;
using Millrace.Schemas;

namespace Millrace.Registry.Http.Confluent;

/// <summary><c>/compatibility</c>: whether a schema could be registered.</summary>
internal sealed class CompatibilityApi(SchemaRegistry registry)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/compatibility/subjects/{subject}/versions", (HttpContext context, string subject, bool? verbose) =>
            JudgeAsync(context, subject, "latest", verbose, all: true));
        endpoints.MapPost("/compatibility/subjects/{subject}/versions/{version}", (HttpContext context, string subject, string version, bool? verbose) =>
            JudgeAsync(context, subject, version, verbose, all: false));
    }

    internal static string Message(Conflict conflict) =>
        $"{conflict.Difference.Kind} at '{conflict.Difference.Pointer}', version {conflict.Version}: {conflict.Difference.Message}";

    private Task<IResult> JudgeAsync(HttpContext context, string subject, string version, bool? verbose, bool all) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        if (!ConfluentRequest.TryVersion(version, out var number))
            return ConfluentAnswer.InvalidVersion(version);
        var (schema, refusal) = await ConfluentRequest.SchemaAsync(context);
        if (refusal is not null)
            return refusal;
        try
        {
            var candidate = SchemaText.Read(schema).Schema;
            SchemaVersion[] visible = [.. ConfluentRequest.Visible(await registry.Versions.OfTypeAsync(eventType, context.RequestAborted), null)];

            // Against all versions, as registering would: a subject that is not there yet forbids nothing.
            if (all)
                return Answer(await registry.Versions.ConflictsAsync(eventType, candidate, null, context.RequestAborted), verbose);
            if (visible.Length == 0)
                return ConfluentAnswer.SubjectNotFound(eventType);
            return ApiCalls.Pick(visible, number) is { } earlier
                ? Answer(await registry.Versions.ConflictsWithAsync(earlier, candidate, context.RequestAborted), verbose)
                : ConfluentAnswer.VersionNotFound(version);
        }
        catch (SchemaException e)
        {
            return ConfluentAnswer.InvalidSchema(e.Message);
        }
    });

    private static IResult Answer(IReadOnlyList<Conflict> conflicts, bool? verbose) => ConfluentAnswer.Json(
        new CompatibilityBody(conflicts.Count == 0, verbose == true ? [.. conflicts.Select(Message)] : null), ConfluentJson.Plain.CompatibilityBody);
}
