using Millrace.Hosting;

namespace Millrace.Commands.Status;

/// <summary>The shape of <c>status --format json</c>.</summary>
/// <param name="Running">Whether there is an instance at all; everything below is empty when not.</param>
/// <param name="Ready">Whether events get through to the table now.</param>
/// <param name="Reason">Why not; null when they do.</param>
/// <param name="Endpoints">Where everything is.</param>
/// <param name="SinceStart">What this process has done; null when it does not answer.</param>
/// <param name="Lag">Records that are in the topic and not yet in the table; null when unknown.</param>
/// <param name="Partitions">Those that the instance owns.</param>
/// <param name="Tables">What is in the database; null when it does not answer.</param>
internal sealed record StatusReport(
    bool Running, bool Ready, string? Reason, Endpoints? Endpoints, SinceStart? SinceStart, long? Lag, PartitionReport[] Partitions, TableCounts? Tables)
{
    public static StatusReport NotRunning { get; } = new(false, false, "not running", null, null, null, [], null);
}

internal sealed record SinceStart(long Stored, long Duplicates, long DeadLetters);

internal sealed record PartitionReport(int Partition, long Epoch, long NextOffset, long EndOffset, long Lag);
