using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Millrace.Registry.Http.Confluent;

/// <summary>Answers as Confluent's registry gives them: its media type, and its error codes beside the status.</summary>
internal static class ConfluentAnswer
{
    private const string MediaType = "application/vnd.schemaregistry.v1+json";

    public static IResult Json<T>(T body, JsonTypeInfo<T> type) => TypedResults.Json(body, type, MediaType);

    /// <summary>A schema by itself.</summary>
    public static IResult Text(string json) => TypedResults.Text(json, MediaType);

    public static IResult SubjectNotFound(string subject) => Error(404, 40401, $"Subject '{subject}' not found.");

    public static IResult VersionNotFound(string version) => Error(404, 40402, $"Version {version} not found.");

    public static IResult SchemaNotFound() => Error(404, 40403, "Schema not found");

    public static IResult SubjectSoftDeleted(string subject) =>
        Error(404, 40404, $"Subject '{subject}' was soft deleted. Set permanent=true to delete permanently");

    public static IResult SubjectNotSoftDeleted(string subject) => Error(404, 40405, $"Subject '{subject}' was not deleted first before being permanently deleted");

    public static IResult VersionSoftDeleted(string subject, int version) =>
        Error(404, 40406, $"Subject '{subject}' Version {version} was soft deleted. Set permanent=true to delete permanently");

    public static IResult VersionNotSoftDeleted(string subject, int version) =>
        Error(404, 40407, $"Subject '{subject}' Version {version} was not deleted first before being permanently deleted");

    public static IResult LevelNotConfigured(string subject) => Error(404, 40408, $"Subject '{subject}' does not have subject-level compatibility configured");

    public static IResult InvalidSchema(string reason) => Error(422, 42201, $"Invalid schema: {reason}");

    public static IResult InvalidVersion(string version) =>
        Error(422, 42202, $"The specified version '{version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");

    public static IResult InvalidLevel() => Error(
        422, 42203, $"Invalid compatibility level. Valid values are {string.Join(", ", Codes.LevelCodes)}");

    public static IResult InvalidMode() => Error(422, 42204, "Invalid mode. Millrace's registry is always READWRITE");

    public static IResult InvalidSubject(string subject) => Error(422, 42208, $"The specified subject '{subject}' is not a valid: an event type has 1 to 200 characters.");

    public static IResult Incompatible(string reason) => Error(409, 409, $"Schema being registered is incompatible with an earlier schema: {reason}");

    public static IResult TooLarge() => Error(413, 413, "The request is too large");

    public static IResult Unreadable(string reason) => Error(422, 422, $"The request cannot be read: {reason}");

    /// <summary>Runs a call; the database's absence becomes the code for it.</summary>
    public static async Task<IResult> RunAsync(Func<Task<IResult>> call)
    {
        try
        {
            return await call();
        }
        catch (JsonException e)
        {
            return Unreadable(e.Message);
        }
        catch (RegistryException e)
        {
            return Error(e.IsTransient ? 503 : 500, 50001, $"Error in the backend data store: {e.Message}");
        }
    }

    private static IResult Error(int status, int code, string message) =>
        TypedResults.Json(new ErrorBody(code, message), ConfluentJson.Plain.ErrorBody, MediaType, status);
}
