namespace Millrace.Broker.Log;

/// <summary>Small files that are either as before or as wanted after a crash, never in between.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside the file, flushes, renames over it, flushes the directory.</summary>
    public static void Replace(string path, ReadOnlyMemory<byte> content) => Replace(path, content, SystemDisk.Instance);

    /// <summary>As the other, on a disk that a test may make fail.</summary>
    public static void Replace(string path, ReadOnlyMemory<byte> content, IDisk disk)
    {
        var temporary = path + ".tmp";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            disk.Write(handle, temporary, [content], 0);
            disk.Flush(handle, temporary);
        }

        disk.Move(temporary, path);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
