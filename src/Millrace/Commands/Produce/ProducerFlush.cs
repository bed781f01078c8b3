using Confluent.Kafka;

namespace Millrace.Commands.Produce;

/// <summary>Waits for what a producer has sent.</summary>
internal static class ProducerFlush
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits until every handler has run, which <paramref name="haveAllRun"/> knows. The client's own Flush is through a little earlier: it
    /// forgets a message before its handler has run on another thread.
    /// </summary>
    public static void FlushHandlers<TKey, TValue>(this IProducer<TKey, TValue> producer, Func<bool> haveAllRun, CancellationToken cancellationToken)
    {
        while (producer.Flush(Step) > 0 || !haveAllRun())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Thread.Yield();
        }
    }
}
