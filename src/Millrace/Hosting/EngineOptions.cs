using Millrace.Configuration;
using Millrace.Operations;
using Millrace.Pipeline;
using Millrace.Pipeline.Ingest;
using Millrace.Schemas.Catalog;

namespace Millrace.Hosting;

/// <summary>What the user's configuration means for each part of the engine.</summary>
internal static class EngineOptions
{
    public static PipelineOptions Pipeline(MillraceOptions options, string bootstrapServers, string connectionString, ISchemaSource schemas)
    {
        var pipeline = new PipelineOptions
        {
            BootstrapServers = bootstrapServers,
            ConnectionString = connectionString,
            Topic = options.Kafka.Topic,
            TopicPartitions = options.Kafka.Partitions,
            GroupId = options.Kafka.GroupId,
            Schemas = schemas,
        };
        CopySettings(options, pipeline.KafkaSettings);
        if (options.Kafka.GroupInstanceId is { } instance)
            pipeline.KafkaSettings["group.instance.id"] = instance;
        ParkingSection parking = options.Parking;
        pipeline.Parking.RetryDelays = parking.RetryDelays is { } delays ? [.. delays] : pipeline.Parking.RetryDelays;
        pipeline.Parking.MaxEventsPerUser = parking.MaxEventsPerUser ?? pipeline.Parking.MaxEventsPerUser;
        pipeline.Parking.MaxEvents = parking.MaxEvents ?? pipeline.Parking.MaxEvents;
        return pipeline;
    }

    public static OperationsSettings Operations(MillraceOptions options, string bootstrapServers, string connectionString, ISchemaSource schemas)
    {
        var operations = new OperationsSettings
        {
            BootstrapServers = bootstrapServers,
            ConnectionString = connectionString,
            Topic = options.Kafka.Topic,
            DeadLetterTopic = options.Kafka.DeadLetterTopic,
            GroupId = options.Kafka.GroupId,
            Schemas = schemas,
        };
        CopySettings(options, operations.KafkaSettings);
        return operations;
    }

    public static IngestOptions Ingest(MillraceOptions options, string bootstrapServers, string connectionString, ISchemaSource schemas)
    {
        var ingest = new IngestOptions
        {
            BootstrapServers = bootstrapServers,
            ConnectionString = connectionString,
            Topic = options.Kafka.Topic,
            Schemas = schemas,
        };
        CopySettings(options, ingest.KafkaSettings);
        return ingest;
    }

    private static void CopySettings(MillraceOptions options, IDictionary<string, string> clients)
    {
        foreach ((string name, string value) in options.Kafka.Settings)
            clients[name] = value;
    }
}
