using System.Diagnostics;

namespace Millrace.Broker.Benchmarks;

/// <summary>The disk itself: append 4 KiB, fsync, again. The 50th and the 99th percentile in ms.</summary>
internal static class FsyncMeasurement
{
    private const int Appends = 500;

    public static (double P50, double P99) Run(string directory)
    {
        var block = new byte[4096];
        var times = new double[Appends];
        using var file = File.OpenHandle(Path.Combine(directory, "fsync"), FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        for (var i = 0; i < Appends; i++)
        {
            var started = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, (long)i * block.Length);
            RandomAccess.FlushToDisk(file);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return (times[Appends / 2 - 1], times[Appends * 99 / 100 - 1]);
    }
}
