using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Millrace.Commands.Generate;
using Millrace.Commands.Produce;

namespace Millrace.Bench;

/// <summary>
/// Sends events at a steady rate and times each from the call that sends it to the commit that holds its row.
/// <list type="number">
/// <item>The sender wakes every millisecond and sends what is due by then.</item>
/// <item>The broker's acknowledgement says which partition and offset an event got.</item>
/// <item>The pipeline reports each flush: partition, offsets, and the moment its commit returned.</item>
/// <item>Afterwards each acknowledged event is looked up in the flushes.</item>
/// </list>
/// Sender, broker, pipeline and server share the machine, and the process its clock.
/// </summary>
internal sealed class LatencyProbe(string bootstrapServers, string topic)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Flush> _flushes = new();
    private readonly ConcurrentQueue<Sent> _acknowledged = [];
    private long _answered;
    private long _measuredFrom;
    private Error? _failure;

    private readonly record struct Sent(int Partition, long Offset, long At);

    private readonly record struct Flush(int Partition, long From, long To, long At);

    /// <summary>Called by the pipeline after each commit, on a lane's thread.</summary>
    public void OnFlush(int partition, long from, long to) =>
        _flushes.Enqueue(new Flush(partition, from, to, Stopwatch.GetTimestamp()));

    public long Acknowledged => _acknowledged.Count;

    /// <summary>
    /// Sends for the given time and returns when every event is acknowledged; gives what was reached, in events per second.
    /// Events of the first second are sent but not measured: they pay for compiled code, connections and the group's join.
    /// </summary>
    public async Task<double> SendAsync(EventGenerator events, int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(BenchClients.Sender(bootstrapServers)).Build();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var total = (long)(rate * (WarmUp + duration).TotalSeconds);
        var start = Stopwatch.GetTimestamp();
        _measuredFrom = start + (long)(WarmUp.TotalSeconds * Stopwatch.Frequency);
        for (long sent = 0; sent < total;)
        {
            await tick.WaitForNextTickAsync(cancellationToken);
            var due = Math.Min(total, (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate));
            for (; sent < due; sent++)
            {
                Send(producer, events.Next());
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        producer.FlushHandlers(() => Interlocked.Read(ref _answered) == total, cancellationToken);
        return _failure is null
            ? total / elapsed.TotalSeconds
            : throw new BenchFailedException($"The broker refused an event of the latency run: {_failure.Reason}.");
    }

    /// <summary>Milliseconds from send to commit, sorted; one for each acknowledged event after the warm-up that a flush covers.</summary>
    public double[] Latencies()
    {
        var byPartition = _flushes.GroupBy(flush => flush.Partition)
            .ToDictionary(group => group.Key, group => group.OrderBy(flush => flush.From).ToArray());
        var latencies = new List<double>(_acknowledged.Count);
        foreach (var partition in _acknowledged.GroupBy(sent => sent.Partition))
        {
            var flushes = byPartition.GetValueOrDefault(partition.Key, []);
            var at = 0;
            foreach (var sent in partition.Where(sent => sent.At >= _measuredFrom).OrderBy(sent => sent.Offset))
            {
                while (at < flushes.Length && flushes[at].To <= sent.Offset)
                {
                    at++;
                }

                if (at < flushes.Length && flushes[at].From <= sent.Offset)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent.At, flushes[at].At).TotalMilliseconds);
                }
            }
        }

        var sorted = latencies.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private void Send(IProducer<byte[], byte[]> producer, GeneratedEvent next)
    {
        var at = Stopwatch.GetTimestamp();

        // The handler runs on the producer's own thread and, at the end, on the one that flushes.
        producer.Produce(topic, new Message<byte[], byte[]> { Key = next.Key, Value = next.Value }, report =>
        {
            if (report.Error.IsError)
            {
                _failure ??= report.Error;
            }
            else
            {
                _acknowledged.Enqueue(new Sent(report.Partition.Value, report.Offset.Value, at));
            }

            Interlocked.Increment(ref _answered);
        });
    }
}
