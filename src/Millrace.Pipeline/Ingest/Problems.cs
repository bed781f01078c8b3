using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Millrace.Pipeline.Ingest;

/// <summary>The answers that are problem details (RFC 9457). The title is the same for each kind, the detail is about this request.</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";

    // Half a second of a healthy broker empties everything that waits; a caller that comes back after one finds room.
    private const string RetryAfterSeconds = "1";

    public static IResult Unreadable(string detail) => Create(StatusCodes.Status400BadRequest, "The request cannot be read", detail);

    public static IResult TooLarge(string detail) => Create(StatusCodes.Status413PayloadTooLarge, "The request is too large", detail);

    public static IResult UnsupportedType(string detail) =>
        Create(StatusCodes.Status415UnsupportedMediaType, "The content type is not supported", detail);

    public static IResult Refused(IReadOnlyList<IngestResult> results) =>
        Create(
            results.All(result => result.Status == results[0].Status) ? results[0].Status : StatusCodes.Status400BadRequest,
            "No event was accepted",
            results.Count == 1 ? results[0].Detail! : $"All {results.Count} events were refused; errors says why.",
            results);

    public static IResult NotAcknowledged(HttpContext context, IReadOnlyList<IngestResult> results) =>
        Retry(
            context, StatusCodes.Status503ServiceUnavailable, "The broker does not answer",
            "No event was acknowledged in time. They may or may not have been stored; sent again with the same ids, none is stored twice.", results);

    public static IResult Full(HttpContext context) =>
        Retry(
            context, StatusCodes.Status503ServiceUnavailable, "Too many events are waiting",
            "The broker is slow or away, and there is no room for more events until it has taken those that wait.");

    public static IResult SlowDown(HttpContext context) =>
        Retry(
            context, StatusCodes.Status429TooManyRequests, "This caller sends too much at a time",
            "Requests of this address hold half of what may wait; let some be answered before sending more.");

    private static IResult Retry(HttpContext context, int status, string title, string detail, IReadOnlyList<IngestResult>? results = null)
    {
        context.Response.Headers[HeaderNames.RetryAfter] = RetryAfterSeconds;
        return Create(status, title, detail, results);
    }

    private static IResult Create(int status, string title, string detail, IReadOnlyList<IngestResult>? results = null)
    {
        var problem = new ProblemDetails { Status = status, Title = title, Detail = detail };
        if (results is not null)
            problem.Extensions["errors"] = results;
        return Results.Json(problem, IngestJson.Default.ProblemDetails, ContentType, status);
    }
}
