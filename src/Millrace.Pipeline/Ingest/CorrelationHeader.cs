using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Millrace.Pipeline.Ingest;

/// <summary>
/// The correlation id that a request gives to those of its events that have none: <c>X-Correlation-Id</c>, else the trace id of a W3C
/// <c>traceparent</c>. One that is longer than 256 characters or has others than these is not taken.
/// </summary>
internal static class CorrelationHeader
{
    public const string Name = "X-Correlation-Id";

    private const int MaxCharacters = 256;

    // Exactly those that ids are made of, and none that JSON would have to escape.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=@~");

    public static byte[] Read(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(Name, out var given) && given is [{ Length: > 0 and <= MaxCharacters } id] && !id.AsSpan().ContainsAnyExcept(Allowed))
            return Encoding.ASCII.GetBytes(id);

        // version "-" 32 digits of trace id "-" parent "-" flags
        if (headers.TraceParent is [{ Length: >= 55 } parent] && parent[2] == '-' && parent[35] == '-')
        {
            var traceId = parent.AsSpan(3, 32);
            if (!traceId.ContainsAnyExcept("0123456789abcdef") && traceId.ContainsAnyExcept('0'))
                return Encoding.ASCII.GetBytes(traceId.ToString());
        }

        return [];
    }
}
