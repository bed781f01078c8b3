using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Commands.Trace;
using Millrace.Operations;
using Millrace.Operations.Traces;

namespace Millrace.Hosting;

/// <summary>Where is my event? What <c>millrace trace</c> says, over HTTP.</summary>
internal static class TraceEndpoint
{
    private const string Description =
        """
        Looks in the tables and, for what was not read yet, in the topic. outcome is stored (with the row's payload and the flush that
        committed it), dead (with the reason), parked (with what it waits for) or inTopic (with the lag in seconds and the estimated time).
        """;

    /// <summary>Maps <c>GET /events/{id}</c>.</summary>
    public static void MapTrace(this IEndpointRouteBuilder endpoints, EventTracer tracer) => endpoints
        .MapGet("/events/{id}", (string id, CancellationToken cancellationToken) => HandleAsync(tracer, id, cancellationToken))
        .WithName("GetEvent")
        .WithTags("Events")
        .WithSummary("Where is an event?")
        .WithDescription(Description)
        .Produces<TraceReport>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(EventTracer tracer, string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out Guid eventId))
            return Problem(StatusCodes.Status400BadRequest, "The id cannot be read", $"'{id}' is not an event id, which is a UUID.");
        try
        {
            EventTrace trace = await tracer.ByIdAsync(eventId, cancellationToken);
            return trace.Outcome == TraceOutcome.Unknown
                ? Problem(StatusCodes.Status404NotFound, "There is no such event", trace.Sentence)
                : TypedResults.Json(TraceReport.Of(trace), OperationsJson.Default.TraceReport);
        }
        catch (OperationsException e)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "The event cannot be looked up now", e.Message);
        }
    }

    private static IResult Problem(int status, string title, string detail) => TypedResults.Problem(statusCode: status, title: title, detail: detail);
}
