namespace Millrace.Broker;

/// <summary>Where a broker keeps its data that is not to outlive it.</summary>
internal static class TemporaryDirectory
{
    /// <summary>A file system in memory, which most Linux systems have and everybody may write to.</summary>
    private const string InMemory = "/dev/shm";

    /// <summary>A path that nobody uses; nothing is made there yet.</summary>
    public static string NewPath()
    {
        var parent = Directory.Exists(InMemory) ? InMemory : Path.GetTempPath();
        return Path.Combine(parent, $"millrace-broker-{Guid.NewGuid():N}");
    }
}
