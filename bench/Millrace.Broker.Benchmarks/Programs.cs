using System.Runtime.InteropServices;

namespace Millrace.Broker.Benchmarks;

/// <summary>What is measured.</summary>
internal static class Programs
{
    /// <summary>The file name of the program that is nothing but the broker.</summary>
    public const string Broker = "millrace-broker";

    /// <summary>The broker of this source tree as it is released by itself: published, and so machine code.</summary>
    public static string FindMillrace() => FindAbove($"src/Millrace.Broker.Host/bin/Release/net10.0/{RuntimeInformation.RuntimeIdentifier}/publish/{Broker}")
        ?? throw new InvalidOperationException($"There is no published {Broker}: dotnet publish -c Release src/Millrace.Broker.Host, or name one, or a millrace, with --millrace.");

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
