using System.Diagnostics;
using Confluent.Kafka;

namespace Millrace.Broker.Benchmarks;

/// <summary>Acknowledged records per second with acks=all, in librdkafka's default batches, over one or several producers.</summary>
internal static class ProduceMeasurement
{
    public const int RecordBytes = 290;

    public static Task<double> RunAsync(Contestant contestant, int producers, int records) => contestant.WithTopicAsync(async topic =>
    {
        var clients = Enumerable.Range(0, producers).Select(_ => Clients.BulkProducer(contestant.BootstrapServers)).ToArray();
        // A record each, so that they are connected and know the topic.
        Parallel.ForEach(clients, c => Send(c, topic, 1, RecordBytes));
        var before = Clients.CountRecords(contestant.BootstrapServers, topic);

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(clients.Select(c => Task.Factory.StartNew(
            () => Send(c, topic, records / producers, RecordBytes),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(started);
        foreach (var client in clients)
            client.Dispose();
        var stored = Clients.CountRecords(contestant.BootstrapServers, topic) - before;
        return stored == records ? records / elapsed.TotalSeconds : throw new InvalidOperationException($"{stored} of {records} records were stored.");
    });

    /// <summary>Returns when every record is acknowledged, or given up.</summary>
    public static void Send(IProducer<Null, byte[]> producer, string topic, int records, int recordBytes)
    {
        var message = new Message<Null, byte[]> { Value = Clients.Value(recordBytes) };
        for (var i = 0; i < records; i++)
        {
            while (!TrySend(producer, topic, message))
                Thread.Sleep(1);
        }

        producer.Flush();
    }

    private static bool TrySend(IProducer<Null, byte[]> producer, string topic, Message<Null, byte[]> message)
    {
        try
        {
            producer.Produce(topic, message);
            return true;
        }
        catch (ProduceException<Null, byte[]> e) when (e.Error.Code is ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
