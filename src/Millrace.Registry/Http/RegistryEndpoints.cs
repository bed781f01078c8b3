using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Registry.Http.Confluent;

namespace Millrace.Registry.Http;

/// <summary>The registry over HTTP: our own interface under <c>/api/schemas</c>, and the one that tools for Confluent's registry speak.</summary>
public static class RegistryEndpoints
{
    private const string Path = "/api/schemas";

    /// <summary>Maps all of it.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="registry">What it is about.</param>
    public static void MapRegistry(this IEndpointRouteBuilder endpoints, SchemaRegistry registry)
    {
        var schemas = endpoints.MapGroup(Path).WithTags("Schemas").AddEndpointFilter(CrossSite.RefuseAsync);
        new VersionsApi(registry).Map(schemas);
        new JudgementApi(registry).Map(schemas);
        new SettingsApi(registry).Map(schemas);
        endpoints.MapConfluent(registry);
    }

    /// <summary>Tells how an endpoint can go wrong besides what it says itself.</summary>
    internal static RouteHandlerBuilder MayFail(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.ProducesProblem(status);
        return endpoint.ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
