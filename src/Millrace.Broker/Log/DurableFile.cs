namespace Millrace.Broker.Log;

/// <summary>Small files that are either as before or as wanted after a crash, never in between.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside the file, flushes, renames over it, flushes the directory.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, content, 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
