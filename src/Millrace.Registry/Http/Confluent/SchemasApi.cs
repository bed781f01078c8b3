using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Http.Confluent;

/// <summary><c>/schemas</c>: what an id stands for, and which kinds there are.</summary>
internal sealed class SchemasApi(SchemaRegistry registry)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/schemas", ListAsync);
        endpoints.MapGet("/schemas/types", () => ConfluentAnswer.Json([ConfluentRequest.SchemaType], ConfluentJson.Plain.StringArray));
        endpoints.MapGet("/schemas/ids/{id}", (string id, CancellationToken cancellationToken) => WithIdAsync(
            id, all => ConfluentAnswer.Json(new SchemaBody(ConfluentRequest.SchemaType, all[0].Source, null), ConfluentJson.Plain.SchemaBody), cancellationToken));
        endpoints.MapGet("/schemas/ids/{id}/schema", (string id, CancellationToken cancellationToken) =>
            WithIdAsync(id, all => ConfluentAnswer.Text(all[0].Source), cancellationToken));
        endpoints.MapGet("/schemas/ids/{id}/subjects", (string id, bool? deleted, CancellationToken cancellationToken) => WithIdAsync(
            id,
            all => ConfluentAnswer.Json(
                [.. ConfluentRequest.Visible(all, deleted).Select(version => version.EventType).Distinct(StringComparer.Ordinal)], ConfluentJson.Plain.StringArray),
            cancellationToken));
        endpoints.MapGet("/schemas/ids/{id}/versions", (string id, bool? deleted, CancellationToken cancellationToken) => WithIdAsync(
            id,
            all => ConfluentAnswer.Json(
                [.. ConfluentRequest.Visible(all, deleted).Select(version => new SubjectVersionBody(version.EventType, version.Version))],
                ConfluentJson.Plain.SubjectVersionBodyArray),
            cancellationToken));
    }

    private Task<IResult> ListAsync(string? subjectPrefix, bool? deleted, bool? latestOnly, CancellationToken cancellationToken) => ConfluentAnswer.RunAsync(async () =>
    {
        var visible = ConfluentRequest.Visible(await registry.Versions.AllAsync(cancellationToken), deleted)
            .Where(version => version.EventType.StartsWith(subjectPrefix ?? "", StringComparison.Ordinal))
            .Where(version => latestOnly != true || version.State == SchemaState.Active);
        return ConfluentAnswer.Json([.. visible.Select(SubjectsApi.Body)], ConfluentJson.Plain.VersionBodyArray);
    });

    /// <summary>An id that a message names is answered whatever became of its version since: what was written with it must stay readable.</summary>
    private Task<IResult> WithIdAsync(string id, Func<IReadOnlyList<SchemaVersion>, IResult> answer, CancellationToken cancellationToken) =>
        ConfluentAnswer.RunAsync(async () =>
        {
            if (!int.TryParse(id, out var number))
                return ConfluentAnswer.SchemaNotFound();
            var all = await registry.Versions.OfIdAsync(number, cancellationToken);
            return all.Count == 0 ? ConfluentAnswer.SchemaNotFound() : answer(all);
        });
}
