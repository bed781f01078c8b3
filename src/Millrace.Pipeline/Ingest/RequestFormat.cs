using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Millrace.Pipeline.Ingest;

/// <summary>How the events stand in a request's body.</summary>
internal enum RequestFormat
{
    /// <summary>None of those that are understood: 415.</summary>
    Unsupported,

    /// <summary>One JSON text: an object is one event, an array holds one in each element.</summary>
    Json,

    /// <summary>One event on each line; empty lines do not count.</summary>
    NdJson,
}

internal static class RequestFormats
{
    public const string Json = "application/json";
    public const string NdJson = "application/x-ndjson";

    /// <summary>By the content type; a request that has none is taken for JSON.</summary>
    public static RequestFormat Of(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
            return RequestFormat.Json;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsUtf8(type))
            return RequestFormat.Unsupported;
        if (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return RequestFormat.Json;
        if (type.MediaType.Equals(NdJson, StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/ndjson", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase))
            return RequestFormat.NdJson;
        return RequestFormat.Unsupported;
    }

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
