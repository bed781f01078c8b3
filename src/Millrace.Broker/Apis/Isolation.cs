using Millrace.Broker.Log;

namespace Millrace.Broker.Apis;

/// <summary>What a reader wants to see, in Kafka's numbers.</summary>
internal static class Isolation
{
    public const sbyte ReadCommitted = 1;

    /// <summary>The offset before which such a reader must stop.</summary>
    public static long EndOf(PartitionLog log, sbyte level) => level == ReadCommitted ? log.LastStableOffset : log.HighWatermark;
}
