using Millrace.Schemas.Catalog;

namespace Millrace.Operations;

/// <summary>Which pipeline is asked about: its database, its Kafka, its topic and group.</summary>
public sealed class OperationsSettings
{
    /// <summary>The Npgsql connection string of the pipeline's database. Required; never logged whole.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Kafka's <c>bootstrap.servers</c>. Required.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The topic that the pipeline reads. Default <c>events</c>.</summary>
    public string Topic { get; init; } = "events";

    /// <summary>The topic that dead letters are relayed to. Default <c>events.dlq</c>.</summary>
    public string DeadLetterTopic { get; init; } = "events.dlq";

    /// <summary>The pipeline's consumer group. Default <c>pipeline-consumer</c>.</summary>
    public string GroupId { get; init; } = "pipeline-consumer";

    /// <summary>The schemas that replayed events are held against before they are sent, as the pipeline will. Default: none.</summary>
    public ISchemaSource Schemas { get; init; } = SchemaCatalog.Empty;

    /// <summary>Further librdkafka settings for every client (<c>security.protocol</c>, <c>sasl.username</c>, …).</summary>
    public IDictionary<string, string> KafkaSettings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
