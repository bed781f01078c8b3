using System.Text.Json;
using Millrace.Hosting;

namespace Millrace.Commands.Up;

/// <summary><c>up --format json</c>: the content of <c>endpoints.json</c> on standard output, once everything is ready.</summary>
internal static class EndpointsReport
{
    public static void Write(TextWriter output, Endpoints endpoints)
    {
        output.WriteLine(JsonSerializer.Serialize(endpoints, JsonContext.Default.Endpoints));
        output.Flush();
    }
}
