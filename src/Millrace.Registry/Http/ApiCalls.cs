using Microsoft.AspNetCore.Http;
using Millrace.Registry.Reports;
using Millrace.Registry.Versions;
using Millrace.Schemas;

namespace Millrace.Registry.Http;

/// <summary>What every request of our own interface has in common: who asks, what its body is, and how its end is told.</summary>
internal static class ApiCalls
{
    /// <summary>Says who acts, for the record; there is nobody else to ask on a loopback address without accounts.</summary>
    private const string ActorHeader = "X-Millrace-Actor";
    private const int MaxActorCharacters = 200;

    public static string Actor(HttpContext context)
    {
        var given = context.Request.Headers[ActorHeader].ToString();
        return given.Length is > 0 and <= MaxActorCharacters ? given : $"http {context.Connection.RemoteIpAddress}";
    }

    /// <summary>A slash in a type's name comes escaped, and routing leaves it so.</summary>
    public static string EventType(string routed) => routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The version with the number or, without one, that in force.</summary>
    public static SchemaVersion? Pick(IEnumerable<SchemaVersion> versions, int? number) =>
        versions.FirstOrDefault(version => number is null ? version.State == SchemaState.Active : version.Version == number);

    /// <summary>Runs a call; the database's absence becomes an answer.</summary>
    public static async Task<IResult> RunAsync(Func<Task<IResult>> call)
    {
        try
        {
            return await call();
        }
        catch (SchemaException e)
        {
            return Problem(StatusCodes.Status422UnprocessableEntity, "It is no schema that can be used", e.Message);
        }
        catch (RegistryException e)
        {
            return Problem(
                e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError, "The registry cannot be used now", e.Message);
        }
    }

    /// <summary>The body; null when it is larger than allowed.</summary>
    public static async Task<byte[]?> BodyAsync(HttpContext context, int maxBytes)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            if (body.Length + read > maxBytes)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    public static IResult TooLarge(int maxBytes) =>
        Problem(StatusCodes.Status413PayloadTooLarge, "The body is too large", $"At most {maxBytes:N0} bytes are taken.");

    public static IResult Changed(string eventType, ChangeResult result, Evidence.EvidenceReport? evidence, int statusIfDone)
    {
        var report = ChangeReport.Of(eventType, result, evidence);
        var status = result.Outcome switch
        {
            ChangeOutcome.Done => statusIfDone,
            ChangeOutcome.AlreadySo => StatusCodes.Status200OK,
            ChangeOutcome.NotFound => StatusCodes.Status404NotFound,
            ChangeOutcome.InvalidEventType => StatusCodes.Status400BadRequest,
            ChangeOutcome.InvalidSchema => StatusCodes.Status422UnprocessableEntity,
            _ => StatusCodes.Status409Conflict,
        };
        return result.IsDone
            ? TypedResults.Json(report, ReportJson.Readable.ChangeReport, statusCode: status)
            : TypedResults.Problem(
                statusCode: status, title: "Nothing was changed", detail: Detail(eventType, result),
                extensions: new Dictionary<string, object?> { ["outcome"] = report.Outcome, ["conflicts"] = report.Conflicts, ["evidence"] = report.Evidence });
    }

    public static IResult NotFound(string eventType, int? version) => Problem(
        StatusCodes.Status404NotFound, "There is no such schema", $"There is no {(version is null ? "schema" : $"version {version}")} of {eventType}.");

    public static IResult Problem(int status, string title, string detail) => TypedResults.Problem(statusCode: status, title: title, detail: detail);

    private static string Detail(string eventType, ChangeResult result) => result.Outcome switch
    {
        ChangeOutcome.NotFound => $"There is no such version of {eventType}.",
        ChangeOutcome.InvalidEventType => "An event type has 1 to 200 characters.",
        ChangeOutcome.InvalidSchema => result.Problem!.Message,
        ChangeOutcome.VersionTaken => $"Version {result.Version!.Version} of {eventType} is another schema.",
        ChangeOutcome.Incompatible => $"It is not compatible with {eventType} version {result.Conflicts[0].Version}: {result.Conflicts[0].Difference.Message}",
        ChangeOutcome.TooManyRejects => "It would refuse more stored events than are allowed.",
        ChangeOutcome.InForce => $"Version {result.Version!.Version} of {eventType} is in force; activate another one first.",
        ChangeOutcome.NotDeleted => $"Version {result.Version!.Version} of {eventType} has to be deleted before it can be removed.",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "Not an outcome that changes nothing."),
    };
}
