using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Broker.Log;

/// <summary>
/// The broker's directory, held by this process alone: <c>lock</c> is locked and <c>pid</c> says by whom, <c>format</c> is the
/// version of what is in <c>metadata</c> (topics and group offsets) and <c>topics</c> (the records).
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Goes up when an older broker could no longer read what a newer one writes.</summary>
    internal const int FormatVersion = 1;

    private const string LockFile = "lock";
    private const string FormatPrefix = "millrace broker data, format ";

    private readonly SafeFileHandle _lock;

    private DataDirectory(string root, SafeFileHandle @lock)
    {
        Root = root;
        _lock = @lock;
    }

    public string Root { get; }

    public string Metadata => Path.Combine(Root, "metadata");

    public string Topics => Path.Combine(Root, "topics");

    /// <exception cref="BrokerStartException">Held by another process, written by a newer version, or not writable.</exception>
    public static DataDirectory Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(root);
            var directory = new DataDirectory(root, TakeLock(root));
            try
            {
                directory.CheckFormat();
                Directory.CreateDirectory(directory.Metadata);
                Directory.CreateDirectory(directory.Topics);
                DirectorySync.Flush(root);
                return directory;
            }
            catch
            {
                directory.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerStartException($"The data directory {root} cannot be used ({e.Message}): give one that this user can write to.", e);
        }
    }

    /// <summary>Whether a process has the directory of a broker.</summary>
    /// <exception cref="IOException">It is no such directory, or it is gone.</exception>
    public static bool IsHeld(string root)
    {
        try
        {
            using var free = File.OpenHandle(Path.Combine(root, LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return true;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static SafeFileHandle TakeLock(string root)
    {
        // A file of its own: the lock would keep the next process from reading who holds it.
        var pid = Path.Combine(root, "pid");
        SafeFileHandle handle;
        try
        {
            // FileShare.None is an advisory lock of the operating system: it goes when the process goes, however it ends.
            handle = File.OpenHandle(Path.Combine(root, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(pid))
        {
            throw new BrokerStartException(
                $"The data directory {root} is in use by process {File.ReadAllText(pid).Trim()}: stop that one, or give another directory.", e);
        }

        File.WriteAllText(pid, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return handle;
    }

    private void CheckFormat()
    {
        var path = Path.Combine(Root, "format");
        if (!File.Exists(path))
        {
            if (Directory.Exists(Metadata) || Directory.Exists(Topics))
                throw new BrokerStartException($"The data directory {Root} has data but no file \"format\": restore that file, or give another directory.");
            DurableFile.Replace(path, Encoding.ASCII.GetBytes($"{FormatPrefix}{FormatVersion}\n"));
            return;
        }

        var text = File.ReadAllText(path).Trim();
        if (!text.StartsWith(FormatPrefix, StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(FormatPrefix.Length), CultureInfo.InvariantCulture, out var version))
            throw new BrokerStartException($"The file {path} is not one that a Millrace broker wrote: give another data directory.");

        if (version > FormatVersion)
        {
            throw new BrokerStartException(
                $"The data directory {Root} was written by a newer version of Millrace (format {version}, this version reads {FormatVersion}): use the newer version, or give another directory.");
        }
    }
}
