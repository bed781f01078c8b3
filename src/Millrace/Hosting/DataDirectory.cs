using System.Globalization;

namespace Millrace.Hosting;

/// <summary>
/// The directory of one instance: <c>broker/</c>, <c>postgres/</c>, the format's number, the ports of the last start, the
/// addresses of the running one. Held by one process at a time.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>The layout that this version reads and writes. Raised when an older version could not read what we write.</summary>
    public const int Format = 1;

    private const string FormatFile = "format";

    private readonly DirectoryLock _lock;

    private DataDirectory(string path, DirectoryLock directoryLock)
    {
        Path = path;
        _lock = directoryLock;
    }

    public string Path { get; }

    public string Broker => System.IO.Path.Combine(Path, "broker");

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    /// <summary>Makes it when it is not there, and holds it.</summary>
    /// <exception cref="StartException">It is in use, not ours, from a newer version, or cannot be written.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            bool isNew = !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any();
            string format = System.IO.Path.Combine(path, FormatFile);
            if (!isNew && !File.Exists(format))
                throw new StartException($"The directory '{path}' has files but is not a millrace data directory: give an empty or a new one to --data.");
            Directory.CreateDirectory(path);
            DirectoryLock directoryLock = DirectoryLock.TryTake(path)
                ?? throw new StartException(
                    $"Millrace is running already on '{path}' ({DirectoryLock.Describe(path)}): use that one, stop it, or give another directory to --data.");
            try
            {
                Check(path, format);
                return new DataDirectory(path, directoryLock);
            }
            catch
            {
                directoryLock.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data directory '{path}' cannot be used: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Check(string path, string formatFile)
    {
        if (!File.Exists(formatFile))
        {
            File.WriteAllText(formatFile, $"{Format}\n");
            // Nobody wants events in a commit, and .millrace/ lies in the working directory.
            File.WriteAllText(System.IO.Path.Combine(path, ".gitignore"), "*\n");
            return;
        }

        string text = File.ReadAllText(formatFile).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int found) || found > Format)
        {
            throw new StartException(
                $"The data directory '{path}' is from a newer millrace (format {text}; this one, {Product.Version}, reads up to {Format}): update millrace, or give another directory to --data.");
        }
    }
}
