using System.Diagnostics;

namespace Millrace.Broker.Benchmarks;

/// <summary>Records per second of one consumer that reads a filled topic from its start.</summary>
internal static class ConsumeMeasurement
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<string> FillAsync(Contestant contestant, int records)
    {
        var topic = $"filled-{contestant.Name}";
        await Clients.CreateTopicAsync(contestant.BootstrapServers, topic, contestant.TopicConfigs).ConfigureAwait(false);
        using var producer = Clients.BulkProducer(contestant.BootstrapServers);
        ProduceMeasurement.Send(producer, topic, records, ProduceMeasurement.RecordBytes);
        return topic;
    }

    /// <summary>The clock starts with the first record: connecting is not what is measured.</summary>
    public static double Run(Contestant contestant, string topic, int records)
    {
        using var consumer = Clients.Consumer(contestant.BootstrapServers, topic);
        var started = 0L;
        for (var read = 0; read < records; read++)
        {
            if (consumer.Consume(Limit) is null)
                throw new InvalidOperationException($"Only {read} of {records} records were read.");
            if (read == 0)
                started = Stopwatch.GetTimestamp();
        }

        return records / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
