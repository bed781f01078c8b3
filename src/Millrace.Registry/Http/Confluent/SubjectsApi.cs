using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Registry.Versions;
using Millrace.Schemas;

namespace Millrace.Registry.Http.Confluent;

/// <summary><c>/subjects</c>: list, register, look up, fetch, delete.</summary>
internal sealed class SubjectsApi(SchemaRegistry registry)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/subjects", ListAsync);
        endpoints.MapPost("/subjects/{subject}", LookUpAsync);
        endpoints.MapDelete("/subjects/{subject}", DeleteAsync);
        endpoints.MapGet("/subjects/{subject}/versions", VersionsAsync);
        endpoints.MapPost("/subjects/{subject}/versions", RegisterAsync);
        endpoints.MapGet("/subjects/{subject}/versions/{version}", (string subject, string version, bool? deleted, CancellationToken cancellationToken) =>
            WithVersionAsync(subject, version, deleted, found => ConfluentAnswer.Json(Body(found), ConfluentJson.Plain.VersionBody), cancellationToken));
        endpoints.MapGet("/subjects/{subject}/versions/{version}/schema", (string subject, string version, bool? deleted, CancellationToken cancellationToken) =>
            WithVersionAsync(subject, version, deleted, found => ConfluentAnswer.Text(found.Source), cancellationToken));
        endpoints.MapGet("/subjects/{subject}/versions/{version}/referencedby", (string subject, string version, CancellationToken cancellationToken) =>
            WithVersionAsync(subject, version, null, _ => ConfluentAnswer.Json([], ConfluentJson.Plain.Int32Array), cancellationToken));
        endpoints.MapDelete("/subjects/{subject}/versions/{version}", DeleteVersionAsync);
    }

    internal static VersionBody Body(SchemaVersion version) =>
        new(version.EventType, version.Version, version.SchemaId, ConfluentRequest.SchemaType, version.Source);

    private Task<IResult> ListAsync(bool? deleted, string? subjectPrefix, CancellationToken cancellationToken) => ConfluentAnswer.RunAsync(async () =>
    {
        var visible = ConfluentRequest.Visible(await registry.Versions.AllAsync(cancellationToken), deleted);
        string[] subjects =
        [
            .. visible.Select(version => version.EventType).Distinct(StringComparer.Ordinal)
                .Where(subject => subject.StartsWith(subjectPrefix ?? "", StringComparison.Ordinal)),
        ];
        return ConfluentAnswer.Json(subjects, ConfluentJson.Plain.StringArray);
    });

    private Task<IResult> VersionsAsync(string subject, bool? deleted, CancellationToken cancellationToken) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        int[] numbers = [.. ConfluentRequest.Visible(await registry.Versions.OfTypeAsync(eventType, cancellationToken), deleted).Select(version => version.Version)];
        return numbers.Length == 0 ? ConfluentAnswer.SubjectNotFound(eventType) : ConfluentAnswer.Json(numbers, ConfluentJson.Plain.Int32Array);
    });

    private Task<IResult> RegisterAsync(HttpContext context, string subject) => ConfluentAnswer.RunAsync(async () =>
    {
        var (schema, refusal) = await ConfluentRequest.SchemaAsync(context);
        if (refusal is not null)
            return refusal;
        var eventType = ApiCalls.EventType(subject);
        var request = new RegisterRequest(eventType, schema, ApiCalls.Actor(context)) { Activate = true };
        var result = await registry.Versions.RegisterAsync(request, context.RequestAborted);
        return result.Outcome switch
        {
            ChangeOutcome.Done or ChangeOutcome.AlreadySo => ConfluentAnswer.Json(new IdBody(result.Version!.SchemaId), ConfluentJson.Plain.IdBody),
            ChangeOutcome.InvalidEventType => ConfluentAnswer.InvalidSubject(eventType),
            ChangeOutcome.InvalidSchema => ConfluentAnswer.InvalidSchema(result.Problem!.Message),
            ChangeOutcome.Incompatible => ConfluentAnswer.Incompatible(string.Join("; ", result.Conflicts.Select(CompatibilityApi.Message))),
            _ => throw new InvalidOperationException($"Registering ended with {result.Outcome}."),
        };
    });

    private Task<IResult> LookUpAsync(HttpContext context, string subject, bool? deleted) => ConfluentAnswer.RunAsync(async () =>
    {
        var (schema, refusal) = await ConfluentRequest.SchemaAsync(context);
        if (refusal is not null)
            return refusal;
        var eventType = ApiCalls.EventType(subject);
        SchemaVersion[] visible = [.. ConfluentRequest.Visible(await registry.Versions.OfTypeAsync(eventType, context.RequestAborted), deleted)];
        if (visible.Length == 0)
            return ConfluentAnswer.SubjectNotFound(eventType);
        try
        {
            var fingerprint = SchemaText.Read(schema).Fingerprint;
            return visible.LastOrDefault(version => version.Fingerprint == fingerprint) is { } found
                ? ConfluentAnswer.Json(Body(found), ConfluentJson.Plain.VersionBody)
                : ConfluentAnswer.SchemaNotFound();
        }
        catch (SchemaException e)
        {
            return ConfluentAnswer.InvalidSchema(e.Message);
        }
    });

    private Task<IResult> DeleteAsync(HttpContext context, string subject, bool? permanent) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        var all = await registry.Versions.OfTypeAsync(eventType, context.RequestAborted);
        if (all.All(version => version.State == SchemaState.Draft))
            return ConfluentAnswer.SubjectNotFound(eventType);
        var isDeleted = all.All(version => version.State == SchemaState.Deleted);
        if (permanent == true != isDeleted)
            return isDeleted ? ConfluentAnswer.SubjectSoftDeleted(eventType) : ConfluentAnswer.SubjectNotSoftDeleted(eventType);
        var actor = ApiCalls.Actor(context);
        var numbers = isDeleted
            ? await registry.Versions.RemoveAllAsync(eventType, actor, context.RequestAborted)
            : await registry.Versions.DeleteAllAsync(eventType, actor, context.RequestAborted);
        return ConfluentAnswer.Json([.. numbers], ConfluentJson.Plain.Int32Array);
    });

    private Task<IResult> DeleteVersionAsync(HttpContext context, string subject, string version, bool? permanent) => ConfluentAnswer.RunAsync(async () =>
    {
        var eventType = ApiCalls.EventType(subject);
        if (!ConfluentRequest.TryVersion(version, out var number))
            return ConfluentAnswer.InvalidVersion(version);
        SchemaVersion[] visible = [.. ConfluentRequest.Visible(await registry.Versions.OfTypeAsync(eventType, context.RequestAborted), deleted: true)];
        if (visible.Length == 0)
            return ConfluentAnswer.SubjectNotFound(eventType);
        if (ApiCalls.Pick(visible, number) is not { } found)
            return ConfluentAnswer.VersionNotFound(version);
        var isDeleted = found.State == SchemaState.Deleted;
        if (permanent == true != isDeleted)
            return isDeleted ? ConfluentAnswer.VersionSoftDeleted(eventType, found.Version) : ConfluentAnswer.VersionNotSoftDeleted(eventType, found.Version);
        var actor = ApiCalls.Actor(context);
        _ = isDeleted
            ? await registry.Versions.RemoveAsync(eventType, found.Version, actor, context.RequestAborted)
            : await registry.Versions.WithdrawAsync(eventType, found.Version, actor, context.RequestAborted);
        return ConfluentAnswer.Json(found.Version, ConfluentJson.Plain.Int32);
    });

    private Task<IResult> WithVersionAsync(
        string subject, string version, bool? deleted, Func<SchemaVersion, IResult> answer, CancellationToken cancellationToken) => ConfluentAnswer.RunAsync(async () =>
        {
            var eventType = ApiCalls.EventType(subject);
            if (!ConfluentRequest.TryVersion(version, out var number))
                return ConfluentAnswer.InvalidVersion(version);
            SchemaVersion[] visible = [.. ConfluentRequest.Visible(await registry.Versions.OfTypeAsync(eventType, cancellationToken), deleted)];
            if (visible.Length == 0)
                return ConfluentAnswer.SubjectNotFound(eventType);
            return ApiCalls.Pick(visible, number) is { } found ? answer(found) : ConfluentAnswer.VersionNotFound(version);
        });
}
