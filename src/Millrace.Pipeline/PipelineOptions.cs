using Millrace.Pipeline.Parking;
using Millrace.Pipeline.Read;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline;

/// <summary>What the pipeline needs to run against any Kafka and any PostgreSQL.</summary>
public sealed class PipelineOptions
{
    /// <summary>Kafka's <c>bootstrap.servers</c>. Required.</summary>
    public required string BootstrapServers { get; set; }

    /// <summary>The Npgsql connection string of the database that gets the events. Required; never logged whole.</summary>
    public required string ConnectionString { get; set; }

    /// <summary>The topic that is read. Created with <see cref="TopicPartitions"/> partitions when absent. Default <c>events</c>.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>Partitions of the topic when it has to be created. Default 3.</summary>
    public int TopicPartitions { get; set; } = 3;

    /// <summary>The consumer group. Default <c>pipeline-consumer</c>.</summary>
    public string GroupId { get; set; } = "pipeline-consumer";

    /// <summary>
    /// How long stopping waits for records that were taken from Kafka to be committed to PostgreSQL. Default 30 s. What is left then is
    /// not lost: it is read again at the next start.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Further librdkafka settings for every client of the pipeline (<c>security.protocol</c>, <c>sasl.username</c>, …).</summary>
    public IDictionary<string, string> KafkaSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is to happen for each event before it is written. Default: nothing.</summary>
    public IEventHook? Hook { get; set; }

    /// <summary>The schemas that events are held against, see <see cref="SchemaCatalog"/>. Default: none.</summary>
    public ISchemaSource Schemas { get; set; } = SchemaCatalog.Empty;

    /// <summary>How users wait whose event failed for a reason that is theirs alone.</summary>
    public ParkingOptions Parking { get; } = new();

    /// <summary>
    /// Called after each commit, on the lane's thread, which waits for it: it has to be quick and must not throw. Calls for one partition
    /// come one after another, those for several at the same time. Default: none.
    /// </summary>
    public Action<FlushReport>? Flushed { get; set; }

    /// <summary>
    /// Called after each commit that wrote dead letters, also one of events that had been parked, like <see cref="Flushed"/>. Default: none.
    /// </summary>
    public Action? DeadLettersWritten { get; set; }

    /// <summary>What tests make small, to have many transactions and full lanes with few events.</summary>
    internal LaneLimits LaneLimits { get; set; } = LaneLimits.Default;

    /// <summary>Everything that is wrong with the options, each naming its key; empty when they can be used.</summary>
    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(BootstrapServers))
            yield return $"{nameof(BootstrapServers)} is empty";
        if (string.IsNullOrWhiteSpace(Topic))
            yield return $"{nameof(Topic)} is empty";
        if (TopicPartitions < 1)
            yield return $"{nameof(TopicPartitions)} is not positive";
        if (string.IsNullOrWhiteSpace(GroupId))
            yield return $"{nameof(GroupId)} is empty";
        if (DrainTimeout < TimeSpan.Zero)
            yield return $"{nameof(DrainTimeout)} is negative";
        foreach (var error in Parking.Errors())
            yield return error;
        foreach (var key in KafkaSettings.Keys.Where(ClientSettings.BelongsToConsumer).Order(StringComparer.Ordinal))
            yield return $"{nameof(KafkaSettings)} must not set {key}: that each event is stored once depends on it";
    }
}
