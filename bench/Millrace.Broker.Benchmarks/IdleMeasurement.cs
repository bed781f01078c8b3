using System.Diagnostics;

namespace Millrace.Broker.Benchmarks;

/// <summary>What a broker costs that has nothing to do.</summary>
internal static class IdleMeasurement
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    /// <summary>Resident memory in MB, and the share of one core in percent.</summary>
    public static async Task<(double Megabytes, double CpuPercent)> RunAsync(BrokerServer server)
    {
        await Task.Delay(Settling).ConfigureAwait(false);
        var (started, before) = (Stopwatch.GetTimestamp(), server.CpuTime);
        await Task.Delay(Watched).ConfigureAwait(false);
        return (server.ResidentMegabytes, 100 * (server.CpuTime - before) / Stopwatch.GetElapsedTime(started));
    }
}
