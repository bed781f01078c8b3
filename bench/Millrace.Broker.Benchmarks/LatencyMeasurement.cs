using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Millrace.Bench;

namespace Millrace.Broker.Benchmarks;

/// <summary>From the producer's call to the consumer's return, at a steady rate, both in this process: acks=all, linger 0, not idempotent.</summary>
internal static class LatencyMeasurement
{
    private const int RecordBytes = ProduceMeasurement.RecordBytes;
    private const int UnmeasuredSeconds = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The 50th and the 99th percentile in ms.</summary>
    public static Task<(double P50, double P99)> RunAsync(Contestant contestant, int rate, int seconds) => contestant.WithTopicAsync(async topic =>
    {
        var (skipped, measured) = (rate * UnmeasuredSeconds, rate * seconds);
        using var producer = Clients.Producer(contestant.BootstrapServers, c => c.LingerMs = 0);
        using var consumer = Clients.Consumer(contestant.BootstrapServers, topic);
        // Those that made the topic; reading them also connects the consumer.
        for (var left = Clients.Partitions; left > 0; left--)
            _ = Read(consumer);

        var times = new double[measured];
        var reading = Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < skipped + measured; i++)
                {
                    var milliseconds = Stopwatch.GetElapsedTime(MemoryMarshal.Read<long>(Read(consumer))).TotalMilliseconds;
                    if (i >= skipped)
                        times[i - skipped] = milliseconds;
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Factory.StartNew(
            () => Send(producer, topic, rate, skipped + measured), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        Array.Sort(times);
        return (Percentiles.Of(times, 50), Percentiles.Of(times, 99));
    });

    private static byte[] Read(IConsumer<Ignore, byte[]> consumer) =>
        (consumer.Consume(Limit) ?? throw new InvalidOperationException("A record did not arrive.")).Message.Value;

    /// <summary>Each millisecond sends what is due by then.</summary>
    private static void Send(IProducer<Null, byte[]> producer, string topic, int rate, int records)
    {
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < records;)
        {
            var due = Math.Min(records, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate));
            for (; sent < due; sent++)
            {
                var value = new byte[RecordBytes];
                var now = Stopwatch.GetTimestamp();
                MemoryMarshal.Write(value, in now);
                producer.Produce(topic, new Message<Null, byte[]> { Value = value });
            }

            Thread.Sleep(1);
        }
    }
}
