using Confluent.Kafka;
using Millrace.Configuration;

namespace Millrace.Commands.Connections;

/// <summary>Makes Kafka clients for a command. librdkafka's own log is kept off the screen; its last word ends up in the sentence of a failure.</summary>
internal sealed class KafkaConnection(MillraceOptions options)
{
    /// <summary>How long a command waits for a first answer before it says that there is none.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private volatile string? _lastError;

    public string BootstrapServers { get; } = new Discovery(options).BootstrapServers;

    public IAdminClient CreateAdmin() =>
        new AdminClientBuilder(With(new AdminClientConfig())).SetLogHandler(Ignore).SetErrorHandler(Remember).Build();

    public IProducer<byte[]?, byte[]?> CreateProducer(ProducerConfig settings) =>
        new ProducerBuilder<byte[]?, byte[]?>(With(settings)).SetLogHandler(Ignore).SetErrorHandler(Remember).Build();

    public IConsumer<byte[]?, byte[]?> CreateConsumer(ConsumerConfig settings) =>
        new ConsumerBuilder<byte[]?, byte[]?>(With(settings)).SetLogHandler(Ignore).SetErrorHandler(Remember).Build();

    /// <summary>What the cluster says about the topic, or about all topics.</summary>
    /// <exception cref="CommandFailedException">It does not answer, or there is no such topic.</exception>
    public Metadata GetMetadata(IAdminClient admin, string? topic)
    {
        try
        {
            Metadata metadata = topic is null ? admin.GetMetadata(AnswerLimit) : admin.GetMetadata(topic, AnswerLimit);
            if (topic is not null && metadata.Topics.FirstOrDefault(t => t.Topic == topic) is not { Error.IsError: false, Partitions.Count: > 0 })
                throw new CommandFailedException(ExitCodes.Failed, $"There is no topic '{topic}' on {BootstrapServers}: '{Product.CommandName} topics' lists what there is.");
            return metadata;
        }
        catch (KafkaException e)
        {
            throw Unreachable(e);
        }
    }

    /// <summary>The sentence for a Kafka that does not do as asked.</summary>
    public CommandFailedException Unreachable(KafkaException e) => new(
        ExitCodes.NotRunning, $"Kafka at {BootstrapServers} does not answer ({_lastError ?? e.Error.Reason}): check the address, and whether it runs.", e);

    private T With<T>(T config)
        where T : ClientConfig
    {
        foreach ((string name, string value) in options.Kafka.Settings)
            config.Set(name, value);
        config.BootstrapServers = BootstrapServers;
        config.ClientId = "millrace-cli";
        return config;
    }

    private static void Ignore(object client, LogMessage message)
    {
        // Connection attempts, retries, rebalances: an error that matters also comes to the error handler.
    }

    private void Remember(object client, Error error) => _lastError = error.Reason;
}
