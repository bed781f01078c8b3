using Microsoft.Extensions.Logging;

namespace Millrace.Configuration;

/// <summary>
/// All that <c>millrace</c> can be told, with its defaults. <see cref="OptionKeys"/> names the keys;
/// <see cref="OptionsLoader"/> fills it from file, environment and command line.
/// </summary>
internal sealed class MillraceOptions
{
    /// <summary>Key <c>Data</c>, <c>--data</c>: the directory of everything that is kept. Default <c>.millrace</c> in the working directory.</summary>
    public string Data { get; set; } = ".millrace";

    /// <summary>Key <c>Ports</c>, <c>--ports</c>: <c>auto</c> takes free ports wherever none is given. Default <c>fixed</c>.</summary>
    public PortMode Ports { get; set; } = PortMode.Fixed;

    public KafkaSection Kafka { get; } = new();

    /// <summary>
    /// Keys <c>Broker:*</c>: settings of the embedded broker under Kafka's own names (<c>log.retention.hours</c>, <c>message.max.bytes</c>, …), as
    /// <c>broker --set</c> takes them. Default none. Without an embedded broker they have no meaning.
    /// </summary>
    public Dictionary<string, string> Broker { get; } = new(StringComparer.Ordinal);

    public PostgresSection Postgres { get; } = new();

    public AppSection App { get; } = new();

    public ParkingSection Parking { get; } = new();

    public SchemasSection Schemas { get; } = new();

    /// <summary>
    /// Key <c>Log:Level</c>, <c>--log-level</c>: the least level that is shown. Default Information, on a terminal Warning:
    /// there the start screen and the status line say how it goes.
    /// </summary>
    public LogLevel? LogLevel { get; set; }
}

/// <summary>How <c>up</c> chooses the ports that nobody gave.</summary>
internal enum PortMode
{
    /// <summary>The documented ones. PostgreSQL alone takes the next free one when 5432 is in use.</summary>
    Fixed,

    /// <summary>Those of the last start on the data directory that are still free, else any free ones.</summary>
    Auto,
}

/// <summary>Where Kafka is, or how the embedded broker is to listen.</summary>
internal sealed class KafkaSection
{
    public const int DefaultPort = 9092;

    /// <summary>Key <c>Kafka:BootstrapServers</c>, <c>--kafka</c>: a Kafka cluster. Default none: the embedded broker.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Key <c>Kafka:Port</c>, <c>--kafka-port</c>: the embedded broker's port, 1 to 65535. Default 9092, or a free one with <c>--ports auto</c>.</summary>
    public int? Port { get; set; }

    /// <summary>Key <c>Kafka:Topic</c>, <c>--topic</c>: the topic of the events. Default <c>events</c>.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>Key <c>Kafka:Partitions</c>, <c>--partitions</c>: how many the topic gets when it is made, 1 to 1000. Default 3.</summary>
    public int Partitions { get; set; } = 3;

    /// <summary>Key <c>Kafka:GroupId</c>, <c>--group</c>: the consumer group. Default <c>pipeline-consumer</c>.</summary>
    public string GroupId { get; set; } = "pipeline-consumer";

    /// <summary>Key <c>Kafka:DeadLetterTopic</c>: where dead letters go besides their table. Default the topic's name and <c>.dlq</c>.</summary>
    public string DeadLetterTopic { get => field ?? $"{Topic}.dlq"; set; }

    /// <summary>
    /// Key <c>Kafka:GroupInstanceId</c>: a name of this process that no other of the group has, and that it keeps over restarts: back within the session
    /// timeout (10 s), it gets its partitions again without a rebalance. Default none.
    /// </summary>
    public string? GroupInstanceId { get; set; }

    /// <summary>Keys <c>Kafka:Settings:*</c>: librdkafka settings for every client (<c>security.protocol</c>, <c>sasl.password</c>, …). Default none.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);
}

/// <summary>Where PostgreSQL is, or how the local server is to listen.</summary>
internal sealed class PostgresSection
{
    public const int DefaultPort = 5432;

    /// <summary>Keys <c>Postgres:ConnectionString</c> or <c>Postgres:ConnectionStringFile</c>, <c>--postgres</c>: a server. Secret. Default none: the local server.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Key <c>Postgres:Port</c>, <c>--postgres-port</c>: the local server's port, 1 to 65535. Default 5432 or the next free one, or any free one with <c>--ports auto</c>.</summary>
    public int? Port { get; set; }

    /// <summary>Key <c>Postgres:BinaryDirectory</c>: the directory of <c>initdb</c> and <c>postgres</c>. Default: searched for.</summary>
    public string? BinaryDirectory { get; set; }
}

/// <summary>The HTTP application.</summary>
internal sealed class AppSection
{
    public const int DefaultPort = 8082;

    /// <summary>Key <c>App:Port</c>, <c>--port</c>: ingest, health and API, 1 to 65535. Default 8082, or a free one with <c>--ports auto</c>.</summary>
    public int? Port { get; set; }
}

/// <summary>How users wait whose event failed for a reason that is theirs alone. What is not set is as the pipeline has it.</summary>
internal sealed class ParkingSection
{
    /// <summary>Key <c>Parking:RetryDelays</c>: after each failed attempt the next is made so much later, then the event is a dead letter. Default 5 s, 1 min, 10 min.</summary>
    public IReadOnlyList<TimeSpan>? RetryDelays { get; set; }

    /// <summary>Key <c>Parking:MaxEventsPerUser</c>: most events that wait for one user of a partition, 1 to 100,000. Default 1,000.</summary>
    public int? MaxEventsPerUser { get; set; }

    /// <summary>Key <c>Parking:MaxEvents</c>: most events that wait in one partition, 1 to 1,000,000. Default 10,000.</summary>
    public int? MaxEvents { get; set; }
}

/// <summary>The schemas of event types.</summary>
internal sealed class SchemasSection
{
    /// <summary>
    /// Key <c>Schemas:Directory</c>: schemas as files, <c>TYPE/VERSION.json</c>, which are registered at the start. Default: <c>schemas</c> beside the
    /// data directory, if it is there.
    /// </summary>
    public string? Directory { get; set; }
}
