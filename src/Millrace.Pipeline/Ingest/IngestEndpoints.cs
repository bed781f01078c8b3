using System.Text.Json;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Millrace.Events;
using Millrace.Schemas;

namespace Millrace.Pipeline.Ingest;

/// <summary>The HTTP side of ingest.</summary>
public static class IngestEndpoints
{
    private const string Path = "/events";

    // Ten thousand events may all be wrong; who repairs them needs a few errors of each, not an answer of many times the request's size.
    private const int MaxErrorsOfEvent = 10;

    private const string Description =
        """
        Takes one event (a JSON object), several (a JSON array), or one on each line (NDJSON), also compressed with gzip, and answers when the
        broker has stored them durably. An event without eventId gets one; send your own to be able to send again without storing twice. An event
        without correlationId gets the request's X-Correlation-Id or, without that, the trace id of its traceparent. Events of one userId keep
        their order.
        """;

    /// <summary>Maps <c>POST /events</c>.</summary>
    public static void MapIngest(this IEndpointRouteBuilder endpoints, IngestService service)
    {
        var handler = (HttpContext context) => HandleAsync(context, service);
        endpoints.MapPost(Path, handler)
            .WithName("PostEvents")
            .WithTags("Ingest")
            .WithSummary("Send events")
            .WithDescription(Description)
            .Accepts<JsonElement>(RequestFormats.Json, RequestFormats.NdJson)
            .Produces<IngestAccepted>(StatusCodes.Status202Accepted)
            .Produces<IngestResults>(StatusCodes.Status207MultiStatus)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        // Routing turns away what an endpoint does not say it accepts, with an answer that has no body. This one says nothing, so it gets
        // the rest, and tells the caller what is accepted.
        endpoints.MapPost(Path, handler).ExcludeFromDescription();
    }

    /// <summary>1. Read the body. 2. Find its events. 3. Check and complete each. 4. Send them. 5. Answer when the broker has.</summary>
    private static async Task<IResult> HandleAsync(HttpContext context, IngestService service)
    {
        var options = service.Options;
        var format = RequestFormats.Of(context.Request);
        if (format == RequestFormat.Unsupported)
            return Problems.UnsupportedType($"Send {RequestFormats.Json} or {RequestFormats.NdJson} in UTF-8.");
        if (!TryEncoding(context, out var gzip))
            return Problems.UnsupportedType("Content-Encoding may be gzip, or absent.");

        using var share = service.Gate.Enter(context.Connection.RemoteIpAddress);
        using var body = new RequestBody(options.MaxBodyBytes, share);
        var outcome = await ReadAsync(context, body, gzip);
        if (outcome != BodyOutcome.Read)
            return Explain(context, outcome, options);

        var ranges = new List<Range>();
        if (!RequestEvents.TryFind(body.Bytes.Span, format, options.MaxEventsPerRequest, ranges))
            return Problems.Unreadable("The body begins as a JSON array but is not one.");
        if (ranges.Count == 0 && body.Bytes.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return Problems.Unreadable("The body is empty.");
        if (ranges.Count > options.MaxEventsPerRequest)
            return Problems.TooLarge($"A request may hold {options.MaxEventsPerRequest} events.");
        var admission = share.TryTake(ranges.Count, 0);
        if (admission != Admission.Granted)
            return admission == Admission.Full ? Problems.Full(context) : Problems.SlowDown(context);

        var events = Prepare(context, body.Bytes.Span, ranges, service);
        var errors = await service.SendAsync(events);
        return Answer(context, events, errors);
    }

    private static bool TryEncoding(HttpContext context, out bool gzip)
    {
        var encoding = context.Request.Headers.ContentEncoding;
        gzip = encoding is [{ } one] && one.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (gzip || encoding.Count == 0 || encoding is ["" or "identity"])
            return true;

        // RFC 9110, 12.5.3: says which encodings would have been understood.
        context.Response.Headers[HeaderNames.AcceptEncoding] = "gzip";
        return false;
    }

    private static async Task<BodyOutcome> ReadAsync(HttpContext context, RequestBody body, bool gzip)
    {
        // The server's own limit must not be the smaller one, nor stand in the way of the answer that explains ours.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        return await body.ReadAsync(context.Request, gzip, context.RequestAborted);
    }

    private static IResult Explain(HttpContext context, BodyOutcome outcome, IngestOptions options) => outcome switch
    {
        BodyOutcome.TooLarge => Problems.TooLarge($"The body may have {options.MaxBodyBytes} bytes, decompressed."),
        BodyOutcome.BadCompression => Problems.Unreadable("The body is not valid gzip."),
        BodyOutcome.CallerMustSlowDown => Problems.SlowDown(context),
        BodyOutcome.Full => Problems.Full(context),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome that ends a request."),
    };

    private static List<PreparedEvent> Prepare(HttpContext context, ReadOnlySpan<byte> body, List<Range> ranges, IngestService service)
    {
        var correlationId = CorrelationHeader.Read(context.Request.Headers);
        var schemas = service.Options.Schemas.Current;
        var events = new List<PreparedEvent>(ranges.Count);
        foreach (var range in ranges)
            events.Add(PreparedEvent.Create(body[range], correlationId, schemas, service.Time));
        return events;
    }

    private static IResult Answer(HttpContext context, IReadOnlyList<PreparedEvent> events, IReadOnlyList<Error?> errors)
    {
        var accepted = 0;
        var refused = 0;
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Reason != RefusalReason.None)
                refused++;
            else if (errors[i] is null)
                accepted++;
        }

        if (accepted == events.Count)
        {
            var ids = new Guid[accepted];
            for (var i = 0; i < accepted; i++)
                ids[i] = events[i].Id;
            return Results.Json(new IngestAccepted(ids), IngestJson.Default.IngestAccepted, statusCode: StatusCodes.Status202Accepted);
        }

        var results = events.Select((item, index) => Result(item, index, errors[index])).ToList();
        if (refused == events.Count)
            return Problems.Refused(results);
        if (accepted == 0 && refused == 0)
            return Problems.NotAcknowledged(context, results);
        return Results.Json(
            new IngestResults(accepted, events.Count - accepted, results), IngestJson.Default.IngestResults, statusCode: StatusCodes.Status207MultiStatus);
    }

    private static IngestResult Result(in PreparedEvent item, int index, Error? error)
    {
        if (item.Reason == RefusalReason.TooLarge || error?.Code == ErrorCode.MsgSizeTooLarge)
            return new IngestResult(index, StatusCodes.Status413PayloadTooLarge, null, RefusalReason.TooLarge.Code(), item.Detail, null);
        if (item.Reason.IsOfSchemas())
            return new IngestResult(index, StatusCodes.Status422UnprocessableEntity, null, item.Reason.Code(), item.Detail, Report(item.Errors));
        if (item.Reason != RefusalReason.None)
            return new IngestResult(index, StatusCodes.Status400BadRequest, null, item.Reason.Code(), item.Detail, null);
        if (error is null)
            return new IngestResult(index, StatusCodes.Status202Accepted, item.Id, null, null, null);
        return new IngestResult(index, StatusCodes.Status503ServiceUnavailable, item.Id, "not_acknowledged", error.Reason, null);
    }

    private static List<IngestSchemaError>? Report(IReadOnlyList<SchemaError> errors) => errors.Count == 0 ? null :
        [.. errors.Take(MaxErrorsOfEvent).Select(error => new IngestSchemaError(error.InstanceLocation, error.KeywordLocation, error.Message))];
}
