using System.Diagnostics;
using Confluent.Kafka;

namespace Millrace.Broker.Benchmarks;

/// <summary>Acknowledged records per second with acks=all, in librdkafka's default batches, over one or several producers.</summary>
internal static class ProduceMeasurement
{
    public const int RecordBytes = 290;

    public static Task<double> RunAsync(Contestant contestant, int producers, int records) => contestant.WithTopicAsync(async topic =>
    {
        var clients = Enumerable.Range(0, producers).Select(_ => Clients.Producer(contestant.BootstrapServers, _ => { })).ToArray();
        // A record each, so that they are connected and know the topic.
        foreach (var client in clients)
            await client.ProduceAsync(topic, new Message<Null, byte[]> { Value = [] }).ConfigureAwait(false);

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(clients.Select(c => Task.Factory.StartNew(
            () => Send(c, topic, records / producers, RecordBytes), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(started);
        foreach (var client in clients)
            client.Dispose();
        return records / elapsed.TotalSeconds;
    });

    /// <summary>Returns when every record is acknowledged; throws when one is not.</summary>
    public static void Send(IProducer<Null, byte[]> producer, string topic, int records, int recordBytes)
    {
        var (reported, acknowledged) = (0, 0);
        using var allReported = new ManualResetEventSlim();
        var message = new Message<Null, byte[]> { Value = Clients.Value(recordBytes) };
        // Called on the client's one thread for reports.
        Action<DeliveryReport<Null, byte[]>> onReport = report =>
        {
            acknowledged += report.Error.IsError ? 0 : 1;
            if (++reported == records)
                allReported.Set();
        };
        for (var i = 0; i < records; i++)
        {
            while (!TrySend(producer, topic, message, onReport))
                Thread.Sleep(1);
        }

        allReported.Wait();
        if (acknowledged != records)
            throw new InvalidOperationException($"{records - acknowledged} of {records} records were not acknowledged.");
    }

    private static bool TrySend(IProducer<Null, byte[]> producer, string topic, Message<Null, byte[]> message, Action<DeliveryReport<Null, byte[]>> onReport)
    {
        try
        {
            producer.Produce(topic, message, onReport);
            return true;
        }
        catch (ProduceException<Null, byte[]> e) when (e.Error.Code is ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
