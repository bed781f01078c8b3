using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What the scenarios of Confluent.Kafka are made of.</summary>
internal static class ConfluentSteps
{
    /// <summary>How long anything may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    public static IProducer<string?, string?> Producer(string bootstrap, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 0, MessageTimeoutMs = (int)Limit.TotalMilliseconds };
        configure?.Invoke(config);
        return new ProducerBuilder<string?, string?>(config).SetLogHandler((_, _) => { }).Build();
    }

    public static IConsumer<string?, string?> Consumer(string bootstrap, string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false };
        configure?.Invoke(config);
        return new ConsumerBuilder<string?, string?>(config).SetLogHandler((_, _) => { }).Build();
    }

    public static IAdminClient Admin(string bootstrap) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).SetLogHandler((_, _) => { }).Build();

    public static async Task<string> CreateAsync(string bootstrap, TopicSpecification topic)
    {
        using var admin = Admin(bootstrap);
        try
        {
            await admin.CreateTopicsAsync([topic]);
            return "created";
        }
        catch (CreateTopicsException e)
        {
            return Code(e.Results[0].Error);
        }
    }

    public static Task SendAsync(IProducer<string?, string?> producer, string topic, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => producer.ProduceAsync(topic, new Message<string?, string?> { Key = $"k{i}", Value = $"v{i}" })));

    public static ConsumeResult<string?, string?> Next(IConsumer<string?, string?> consumer) =>
        consumer.Consume(Limit) ?? throw new TimeoutException("nothing came");

    public static List<ConsumeResult<string?, string?>> Read(string bootstrap, string topic, int count, IsolationLevel isolation = IsolationLevel.ReadCommitted, Action<ClientConfig>? connect = null)
    {
        using var consumer = Consumer(bootstrap, topic, config =>
        {
            (config.EnablePartitionEof, config.IsolationLevel) = (true, isolation);
            connect?.Invoke(config);
        });
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<string?, string?>>();
        for (var ended = 0; ended < partitions || records.Count < count;)
        {
            var result = Next(consumer);
            if (result.IsPartitionEOF)
                ended++;
            else
                records.Add(result);
        }

        return records;
    }

    public static string InOrder(List<ConsumeResult<string?, string?>> records, int count)
    {
        var isRight = records.Select(record => (record.Message.Key, record.Message.Value)).SequenceEqual(
            Enumerable.Range(0, records.Count).Select(i => ((string?)$"k{i}", (string?)$"v{i}")));
        return $"{records.Count} of {count} {(isRight ? "in order" : "mixed up")}";
    }

    /// <summary>Kafka's name of the error.</summary>
    public static string Code(Error error) => error.Code switch
    {
        ErrorCode.MsgSizeTooLarge => "MESSAGE_TOO_LARGE",
        ErrorCode.UnknownTopicOrPart => "UNKNOWN_TOPIC_OR_PARTITION",
        ErrorCode.TopicAlreadyExists => "TOPIC_ALREADY_EXISTS",
        ErrorCode.TopicException => "INVALID_TOPIC_EXCEPTION",
        ErrorCode.InvalidReplicationFactor => "INVALID_REPLICATION_FACTOR",
        ErrorCode.InvalidConfig => "INVALID_CONFIG",
        ErrorCode.Local_Authentication => "SASL_AUTHENTICATION_FAILED",
        _ => error.ToString(),
    };
}
