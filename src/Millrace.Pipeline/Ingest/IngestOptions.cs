using Millrace.Pipeline.Read;
using Millrace.Schemas.Catalog;

namespace Millrace.Pipeline.Ingest;

/// <summary>What ingest over HTTP needs, and its limits.</summary>
public sealed class IngestOptions
{
    /// <summary>Kafka's <c>bootstrap.servers</c>. Required.</summary>
    public required string BootstrapServers { get; set; }

    /// <summary>The topic that events go to. Default <c>events</c>.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>
    /// The Npgsql connection string of the pipeline's database, where the offsets that were answered with 202 are noted for <c>verify</c>.
    /// Default null: they are not noted.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>The schemas that events are held against before they go to Kafka; what does not fit is answered with 422. Default: none.</summary>
    public ISchemaSource Schemas { get; set; } = SchemaCatalog.Empty;

    /// <summary>
    /// The largest request body in bytes, after decompression. Default 8 MiB: 10,000 events of 800 bytes. More is answered with 413.
    /// </summary>
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The most events of a request. Default 10,000. More is answered with 413.</summary>
    public int MaxEventsPerRequest { get; set; } = 10_000;

    /// <summary>
    /// The most events that wait for the broker at a time, over all requests. Default 40,000: more than a second of work for a healthy broker.
    /// A request that does not fit is answered with 503, or with 429 when its caller holds half of them already.
    /// </summary>
    public int MaxWaitingEvents { get; set; } = 40_000;

    /// <summary>
    /// The most bytes of request bodies that are held at a time, over all requests. Default 32 MiB; with the copies that the client makes it
    /// takes up to three times as much memory. Answered like <see cref="MaxWaitingEvents"/>.
    /// </summary>
    public int MaxWaitingBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long an event may wait for the broker's acknowledgement before the request is answered with 503. Default 10 s.</summary>
    public TimeSpan AcknowledgeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Further librdkafka settings of the producer (<c>security.protocol</c>, <c>sasl.username</c>, …).</summary>
    public IDictionary<string, string> KafkaSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Everything that is wrong with the options, each naming its key; empty when they can be used.</summary>
    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(BootstrapServers))
            yield return $"{nameof(BootstrapServers)} is empty";
        if (string.IsNullOrWhiteSpace(Topic))
            yield return $"{nameof(Topic)} is empty";
        if (MaxBodyBytes < 1)
            yield return $"{nameof(MaxBodyBytes)} is not positive";
        if (MaxEventsPerRequest < 1)
            yield return $"{nameof(MaxEventsPerRequest)} is not positive";
        if (MaxWaitingEvents / 2 < MaxEventsPerRequest)
            yield return $"{nameof(MaxWaitingEvents)} is less than twice {nameof(MaxEventsPerRequest)}, so that a full request would never fit";
        if (MaxWaitingBytes / 2 < MaxBodyBytes)
            yield return $"{nameof(MaxWaitingBytes)} is less than twice {nameof(MaxBodyBytes)}, so that a full request would never fit";
        if (AcknowledgeTimeout < TimeSpan.FromMilliseconds(100))
            yield return $"{nameof(AcknowledgeTimeout)} is below 100 ms";
        foreach (var key in KafkaSettings.Keys.Where(ClientSettings.BelongsToProducer).Order(StringComparer.Ordinal))
            yield return $"{nameof(KafkaSettings)} must not set {key}: that an answered event is stored, once and in order, depends on it";
    }
}
