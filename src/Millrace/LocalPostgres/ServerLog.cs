namespace Millrace.LocalPostgres;

/// <summary>The server's standard error in a file that does not grow for ever: two generations of at most <see cref="MaxBytes"/>.</summary>
internal sealed class ServerLog(string path)
{
    /// <summary>Some 80,000 lines: days of trouble, and nothing to fill a disk with.</summary>
    public const long MaxBytes = 8 * 1024 * 1024;

    public string Path => path;

    /// <summary>
    /// Keeps a copy of a log that got too long and empties it in place. The server appends, so it goes on at the new start;
    /// lines written between copy and cut are lost, which a log may.
    /// </summary>
    public void Trim()
    {
        if (Length() <= MaxBytes)
            return;
        File.Copy(path, path + ".1", overwrite: true);
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    public long Length() => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The last lines written after <paramref name="from"/>, for the end of a sentence.</summary>
    public string Tail(long from, int lines)
    {
        if (Length() <= from)
            return "";
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(from, file.Length - 16 * 1024);
        using var reader = new StreamReader(file);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }
}
