using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Millrace.Operations.DeadLetters;

/// <summary>The topic that dead letters are relayed to.</summary>
internal static class DeadLetterTopic
{
    /// <summary>Makes it, with as many partitions as the source has, when it is absent; returns how many it has.</summary>
    /// <exception cref="KafkaException">Kafka does not answer or refuses, or has no source topic yet.</exception>
    public static async Task<int> EnsureAsync(OperationsSettings settings, KafkaClients kafka, ILogger logger)
    {
        using var admin = kafka.Admin();
        if (await TopicInfo.FindAsync(admin, settings.DeadLetterTopic) is { } present)
            return present.Partitions;
        var source = await TopicInfo.FindAsync(admin, settings.Topic)
            ?? throw new KafkaException(new Error(ErrorCode.UnknownTopicOrPart, $"there is no topic {settings.Topic} yet"));
        var partitions = source.Partitions;
        try
        {
            // Replication -1: the cluster's own default.
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = settings.DeadLetterTopic, NumPartitions = partitions, ReplicationFactor = -1 }],
                new CreateTopicsOptions { RequestTimeout = KafkaClients.Limit, OperationTimeout = KafkaClients.Limit });
            logger.DeadLetterTopicCreated(settings.DeadLetterTopic, partitions);
            return partitions;
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Another process was faster; its number of partitions counts.
            return (await TopicInfo.FindAsync(admin, settings.DeadLetterTopic))?.Partitions ?? partitions;
        }
    }
}
