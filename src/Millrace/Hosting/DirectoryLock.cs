namespace Millrace.Hosting;

/// <summary>
/// Holds a directory for one process. The lock is the kernel's, on an open file: it goes with the process however
/// that ends, so there is no stale lock to clean up. Who holds it is told by a second file, as the first cannot be read meanwhile.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string FileName = "lock";
    private const string OwnerFileName = "lock.pid";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>The lock, or null when another process has it.</summary>
    public static DirectoryLock? TryTake(string directory)
    {
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }

        File.WriteAllText(Path.Combine(directory, OwnerFileName), $"{Environment.ProcessId}\n");
        return new DirectoryLock(file);
    }

    /// <summary>Who holds the lock, for a sentence: <c>process 123</c>.</summary>
    public static string Describe(string directory) =>
        ReadOwner(directory) is { } pid ? $"process {pid}" : "another process";

    /// <summary>The process that took the lock last; null when nobody did.</summary>
    public static int? ReadOwner(string directory)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(directory, OwnerFileName)).Trim(), out int pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
