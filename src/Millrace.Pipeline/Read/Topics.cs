using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Millrace.Pipeline.Read;

/// <summary>Makes sure that the topic is there, and says which one it is.</summary>
internal static class Topics
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Creates the topic when it is absent.</summary>
    /// <exception cref="PipelineStartException">Kafka does not answer or refuses.</exception>
    public static async Task EnsureAsync(PipelineOptions options, ILogger logger)
    {
        try
        {
            using var admin = Open(options, logger);

            // Replication -1: the cluster's own default (min.insync.replicas and all), 1 on a single broker.
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = options.Topic, NumPartitions = options.TopicPartitions, ReplicationFactor = -1 }],
                new CreateTopicsOptions { RequestTimeout = Limit, OperationTimeout = Limit });
            logger.TopicCreated(options.Topic, options.TopicPartitions);
        }
        catch (CreateTopicsException e) when (e.Results.All(result => result.Error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.NoError))
        {
        }
        catch (CreateTopicsException e)
        {
            throw new PipelineStartException($"Topic {options.Topic} cannot be created: {e.Results[0].Error.Reason.TrimEnd('.')}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new PipelineStartException($"The Kafka settings cannot be used: {e.InnermostMessage()}", e);
        }
        catch (KafkaException e)
        {
            throw new PipelineStartException($"Kafka at {options.BootstrapServers} does not answer: {e.Error.Reason.TrimEnd('.')}", e);
        }
    }

    /// <summary>
    /// The id of the topic, by which a topic that was deleted and made again under the same name is told from the old one; null
    /// when the broker gives topics no ids.
    /// </summary>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public static async Task<Guid?> FindIdAsync(PipelineOptions options, ILogger logger)
    {
        using var admin = Open(options, logger);
        return await FindIdAsync(admin, options.Topic);
    }

    /// <summary>The same over a client that is kept, for who asks again and again.</summary>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public static async Task<Guid?> FindIdAsync(IAdminClient admin, string topic)
    {
        var described = await admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = Limit });
        return TopicIds.ToGuid(described.TopicDescriptions[0].TopicId);
    }

    /// <summary>A client to ask with; it connects when it is used.</summary>
    public static IAdminClient Open(PipelineOptions options, ILogger logger) =>
        new AdminClientBuilder(ClientSettings.Admin(options))
            .SetLogHandler((_, message) => logger.ClientLog(message.Facility, message.Message))
            .SetErrorHandler((_, error) => logger.ClientLog("error", error.Reason))
            .Build();
}
