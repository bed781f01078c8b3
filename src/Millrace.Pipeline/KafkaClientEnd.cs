using Microsoft.Extensions.Logging;

namespace Millrace.Pipeline;

/// <summary>
/// Ends clients of Kafka within a limit. librdkafka waits for ever for its own thread when a member of a group never answered a rebalance (its
/// handler threw), and did so in other cases after brokers went away; a process that is asked to stop has to stop.
/// </summary>
public static class KafkaClientEnd
{
    /// <summary>How long a client may take: more than it needs to leave its group and to give up what waits for an answer. 30 s.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>As <see cref="TryEnd(Action)"/>; a client that is left behind is told of in the log.</summary>
    /// <param name="client">What the client is, in the log.</param>
    /// <param name="end">Closes and disposes of the client.</param>
    /// <param name="logger">The log.</param>
    public static void End(string client, Action end, ILogger logger)
    {
        if (!TryEnd(end))
            logger.ClientNotEnded(client, Limit.TotalSeconds);
    }

    /// <summary>Calls <paramref name="end"/> on a thread of its own and waits for it; what it throws is thrown here.</summary>
    /// <param name="end">Closes and disposes of the client.</param>
    /// <returns>false when the limit passed. What <paramref name="end"/> does then goes on until the process ends, and the client must not be used any more.</returns>
    public static bool TryEnd(Action end) => TryEnd(end, Limit);

    internal static bool TryEnd(Action end, TimeSpan limit)
    {
        var ending = Task.Factory.StartNew(end, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([ending], limit) < 0)
            return false;
        ending.GetAwaiter().GetResult();
        return true;
    }
}
