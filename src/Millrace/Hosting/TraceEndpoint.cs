using System.Threading.RateLimiting;
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

    // Each look-up may read half a million records with a consumer of its own: a few at a time are fast, a hundred would starve the pipeline.
    private const int MaxLookups = 4;
    private const int MaxWaiting = 32;

    /// <summary>Maps <c>GET /events/{id}</c>.</summary>
    public static void MapTrace(this IEndpointRouteBuilder endpoints, EventTracer tracer)
    {
        var limiter = new ConcurrencyLimiter(new() { PermitLimit = MaxLookups, QueueLimit = MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        endpoints
            .MapGet("/events/{id}", (string id, HttpContext context, CancellationToken cancellationToken) => HandleAsync(context, tracer, limiter, id, cancellationToken))
            .WithName("GetEvent")
            .WithTags("Events")
            .WithSummary("Where is an event?")
            .WithDescription(Description)
            .Produces<TraceReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> HandleAsync(
        HttpContext context, EventTracer tracer, ConcurrencyLimiter limiter, string id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out Guid eventId))
            return Problem(StatusCodes.Status400BadRequest, "The id cannot be read", $"'{id}' is not an event id, which is a UUID.");
        using RateLimitLease lease = await limiter.AcquireAsync(1, cancellationToken);
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "1";
            return Problem(StatusCodes.Status503ServiceUnavailable, "Too many look-ups at a time", $"{MaxLookups} events are being looked for and {MaxWaiting} wait; ask again in a second.");
        }

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
