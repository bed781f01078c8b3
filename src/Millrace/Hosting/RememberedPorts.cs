using System.Text.Json;

namespace Millrace.Hosting;

/// <summary>The ports of the last start on a data directory, for <c>--ports auto</c> to take again.</summary>
internal sealed record RememberedPorts(int? Kafka, int? Postgres, int? App)
{
    private const string FileName = "ports.json";

    public static RememberedPorts Read(string dataDirectory)
    {
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(dataDirectory, FileName));
            return JsonSerializer.Deserialize(file, JsonContext.Default.RememberedPorts) ?? new RememberedPorts(null, null, null);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // A convenience only: without it other ports are taken.
            return new RememberedPorts(null, null, null);
        }
    }

    public void Write(string dataDirectory) =>
        File.WriteAllBytes(Path.Combine(dataDirectory, FileName), JsonSerializer.SerializeToUtf8Bytes(this, JsonContext.Default.RememberedPorts));
}
