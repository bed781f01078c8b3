using System.Diagnostics;

namespace Millrace.Bench;

/// <summary>Times the disk itself: append 4 KiB, fsync, again.</summary>
internal static class FsyncProbe
{
    private const int Rounds = 500;

    public static FsyncTimes Measure(string folder)
    {
        var path = Path.Combine(folder, "fsync-probe");
        var block = new byte[4096];
        var times = new double[Rounds];
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose))
        {
            for (var round = 0; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)round * block.Length);
                RandomAccess.FlushToDisk(file);
                times[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(times);
        return new FsyncTimes(Percentiles.Of(times, 50), Percentiles.Of(times, 99));
    }
}
