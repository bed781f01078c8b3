using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Millrace.Registry.Http.Confluent;

/// <summary>
/// The REST interface of Confluent's Schema Registry (https://docs.confluent.io/platform/current/schema-registry/develop/api.html) for JSON schemas. A
/// subject is an event type. What is registered here is held against the level of its type and is in force at once, as that interface has no drafts.
/// </summary>
/// <remarks>
/// Not served: contexts, metadata and rule sets, exporters, keys, references, and modes other than READWRITE. <c>latest</c> is the version in force, which
/// is not the highest number when an earlier one was activated again. Numbers of removed versions are not given again.
/// </remarks>
internal static class ConfluentEndpoints
{
    public static void MapConfluent(this IEndpointRouteBuilder endpoints, SchemaRegistry registry)
    {
        // Described by its owner; our own document would only repeat it.
        var group = endpoints.MapGroup("").WithMetadata(new ExcludeFromDescriptionAttribute()).AddEndpointFilter(CrossSite.RefuseAsync);
        new SubjectsApi(registry).Map(group);
        new SchemasApi(registry).Map(group);
        new CompatibilityApi(registry).Map(group);
        new ConfigApi(registry).Map(group);
    }
}
