using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Millrace.Registry.Versions;

namespace Millrace.Registry.Http.Confluent;

/// <summary>Reads what clients send.</summary>
internal static class ConfluentRequest
{
    public const string SchemaType = "JSON";

    // A schema as a JSON string has an escape for each quote and line break in it.
    private const int MaxBodyBytes = 4 * SchemaLimits.MaxBytes;
    private const string Latest = "latest";

    /// <summary>The body as JSON; null when it is too large.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var body = await ApiCalls.BodyAsync(context, MaxBodyBytes);
        return body is null ? null : JsonSerializer.Deserialize(body, type) ?? throw new JsonException("the body is null");
    }

    /// <summary>The schema of a request, or the answer that says why there is none.</summary>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static async Task<(byte[]? Schema, IResult? Refusal)> SchemaAsync(HttpContext context)
    {
        if (await ReadAsync(context, ConfluentJson.Plain.SchemaBody) is not { } body)
            return (null, ConfluentAnswer.TooLarge());
        if (body.SchemaType != SchemaType)
            return (null, ConfluentAnswer.InvalidSchema($"the schemaType is {body.SchemaType ?? "AVRO, which an absent one means"}, and only {SchemaType} is taken"));
        if (body.References is { ValueKind: JsonValueKind.Array } references && references.GetArrayLength() > 0)
            return (null, ConfluentAnswer.InvalidSchema("references to other subjects are not taken: put the schemas together with $defs"));
        return body.Schema is { } schema ? (Encoding.UTF8.GetBytes(schema), null) : (null, ConfluentAnswer.InvalidSchema("there is no schema"));
    }

    /// <summary>Whether a version can be one: a number from 1, -1 or latest for the one in force.</summary>
    public static bool TryVersion(string text, out int? number)
    {
        number = null;
        if (text is Latest or "-1")
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) || parsed < 1)
            return false;
        number = parsed;
        return true;
    }

    /// <summary>The versions that this interface knows of: a draft is not registered in its sense, since what is registered there is in force.</summary>
    public static IEnumerable<SchemaVersion> Visible(IEnumerable<SchemaVersion> versions, bool? deleted) =>
        versions.Where(version => version.State is SchemaState.Active or SchemaState.Deprecated || (deleted == true && version.State == SchemaState.Deleted));
}
