using System.Runtime.InteropServices;

namespace Millrace.Broker.Benchmarks;

/// <summary>What is measured.</summary>
internal static class Programs
{
    /// <summary>The program of this source tree as it is released: published, and so compiled ahead.</summary>
    public static string FindMillrace() => FindAbove($"src/Millrace/bin/Release/net10.0/{RuntimeInformation.RuntimeIdentifier}/publish/millrace")
        ?? throw new InvalidOperationException("There is no published millrace: dotnet publish -c Release src/Millrace, or name one with --millrace.");

    public static string FindKafka() => FindAbove("shared/kafka")
        ?? throw new InvalidOperationException("There is no Apache Kafka: name its directory with --kafka-home.");

    private static string? FindAbove(string path)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var found = Path.Combine(folder, path);
            if (Path.Exists(found))
                return found;
        }

        return null;
    }
}
