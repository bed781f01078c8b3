using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Broker.Benchmarks;

/// <summary>From the start of the process, or the call of StartAsync, to the first acknowledged record, on data that is there already. In ms.</summary>
internal static class StartMeasurement
{
    private const string Topic = "start";

    /// <summary>The broker runs when this returns.</summary>
    public static async Task<double> ProcessAsync(BrokerServer server)
    {
        var started = Stopwatch.GetTimestamp();
        await server.StartAsync().ConfigureAwait(false);
        return await FirstRecordAsync(server.BootstrapServers, started).ConfigureAwait(false);
    }

    /// <summary>Inside this process, as a test or an application has it.</summary>
    public static async Task<double> EmbeddedAsync(string directory)
    {
        var started = Stopwatch.GetTimestamp();
        var options = new BrokerOptions { Port = 0, DataDirectory = directory };
        await using var broker = await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None).ConfigureAwait(false);
        return await FirstRecordAsync(broker.BootstrapServers, started).ConfigureAwait(false);
    }

    /// <summary>The topic is made by the first call: both brokers make an unknown one when they are asked for it.</summary>
    private static async Task<double> FirstRecordAsync(string bootstrapServers, long started)
    {
        using var producer = Clients.Producer(bootstrapServers, c =>
        {
            c.LingerMs = 0;
            // The client's own waits would be as long as our start.
            c.ReconnectBackoffMs = 5;
            c.RetryBackoffMs = 5;
            c.TopicMetadataRefreshFastIntervalMs = 5;
        });
        await producer.ProduceAsync(Topic, new Message<Null, byte[]> { Value = [1] }).ConfigureAwait(false);
        // Before the producer is disposed, which takes up to 100 ms.
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
