using System.Globalization;

namespace Millrace.Broker.Log;

/// <summary>
/// How a rewritten file takes the place of the neighbouring segments that it was made from. Wherever a crash comes, a start finds either all of the old ones or
/// the new one, and no record twice. The steps are Kafka's:
/// <list type="number">
/// <item>the new file is written as <c>.cleaned</c>, and its snapshot too; a start deletes both;</item>
/// <item>the file is renamed to <c>.swap</c>: from here on it counts, and a start takes the steps that are left;</item>
/// <item>the old ones go, all but the first;</item>
/// <item>snapshot and file are renamed over those of the first, which has the same name.</item>
/// </list>
/// Each step is on disk before the next. The snapshot goes before its file, so that a file is never taken for what an older snapshot says of it.
/// </summary>
internal sealed class SegmentSwap(string directory, long baseOffset, IDisk disk)
{
    private const string CleanedExtension = ".cleaned";
    private const string SwapExtension = ".swap";

    private readonly string _path = LogSegment.PathOf(directory, baseOffset);

    public long BaseOffset => baseOffset;

    /// <summary>Where the new file is written.</summary>
    public string CleanedPath => Path.ChangeExtension(_path, CleanedExtension);

    private string SwapPath => Path.ChangeExtension(_path, SwapExtension);

    private string SnapshotPath => SegmentSnapshot.PathFor(_path);

    private string CleanedSnapshotPath => SnapshotPath + CleanedExtension;

    /// <summary>Finishes what a crash has interrupted.</summary>
    /// <exception cref="IOException">It cannot be finished, and the log not be used.</exception>
    public static void Recover(string directory, IDisk disk)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*" + SwapExtension).ToList())
        {
            var swap = new SegmentSwap(directory, OffsetOf(file), disk);
            var (contents, _) = SegmentScan.Run(file, SegmentContents.Empty(swap.BaseOffset), new ProducerStates(), new AbortedTransactions());
            swap.Finish(contents.NextOffset);
        }

        DeleteCleaned(directory, name: "");
    }

    /// <summary>The rest of step 1: the file is there and flushed.</summary>
    public void Prepare(SegmentSnapshot snapshot) => snapshot.WriteTo(CleanedSnapshotPath);

    /// <summary>Undoes step 1, as far as it has come.</summary>
    public void Discard() => DeleteCleaned(directory, Path.GetFileNameWithoutExtension(_path));

    /// <summary>Step 2. Also an error afterwards does not undo it: <see cref="Finish"/> is to be called until it succeeds.</summary>
    public void Commit() => disk.Move(CleanedPath, SwapPath);

    /// <summary>Steps 3 and 4, as far as they have not been taken.</summary>
    /// <param name="nextOffset">The offset behind the new file.</param>
    public void Finish(long nextOffset)
    {
        DirectorySync.Flush(directory);
        foreach (var old in Directory.EnumerateFiles(directory).Where(f => IsReplaced(f, nextOffset)).Order(StringComparer.Ordinal).ToList())
            disk.Delete(old);
        DirectorySync.Flush(directory);

        if (File.Exists(CleanedSnapshotPath))
            disk.Move(CleanedSnapshotPath, SnapshotPath);
        DirectorySync.Flush(directory);
        if (File.Exists(SwapPath))
            disk.Move(SwapPath, _path);
        DirectorySync.Flush(directory);
    }

    private static void DeleteCleaned(string directory, string name)
    {
        // The last asterisk is for what is written beside a snapshot until that is whole.
        foreach (var leftover in Directory.EnumerateFiles(directory, $"{name}*{CleanedExtension}*").ToList())
            File.Delete(leftover);
    }

    private static long OffsetOf(string path) => long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);

    private bool IsReplaced(string path, long nextOffset) =>
        Path.GetExtension(path) is LogSegment.Extension or SegmentSnapshot.Extension && OffsetOf(path) is var offset && offset > baseOffset && offset < nextOffset;
}
