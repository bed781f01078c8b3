using Millrace.Broker.Log;

namespace Millrace.Broker;

/// <summary>Where a broker keeps its data that is not to outlive it.</summary>
internal static class TemporaryDirectory
{
    /// <summary>A file system in memory, which most Linux systems have and everybody may write to.</summary>
    private const string InMemory = "/dev/shm";
    private const string Prefix = "millrace-broker-";

    // A younger one may be one that is just being made, and not locked yet.
    private static readonly TimeSpan SurelyMade = TimeSpan.FromMinutes(1);

    private static string Parent => Directory.Exists(InMemory) ? InMemory : Path.GetTempPath();

    /// <summary>A path that nobody uses; nothing is made there yet.</summary>
    public static string NewPath() => Path.Combine(Parent, $"{Prefix}{Guid.NewGuid():N}");

    /// <summary>Deletes what brokers left that were killed: in memory it would take that until the machine is started anew.</summary>
    public static void DeleteLeftovers()
    {
        foreach (var path in Directory.EnumerateDirectories(Parent, $"{Prefix}*", new EnumerationOptions { IgnoreInaccessible = true }))
        {
            try
            {
                if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > SurelyMade && !DataDirectory.IsHeld(path))
                    Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or gone by now.
            }
        }
    }

    /// <summary>A broker that starts just then may be at it too, when the lock is given back.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (IOException) when (!Directory.Exists(path))
        {
            // The other one was quicker.
        }
    }
}
