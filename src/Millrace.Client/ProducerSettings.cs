using Confluent.Kafka;
using Millrace.Events;

namespace Millrace.Client;

/// <summary>What the options become for the Kafka client, each setting with its reason.</summary>
internal static class ProducerSettings
{
    private static readonly TimeSpan MaxLinger = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxDeliveryTimeout = TimeSpan.FromHours(1);

    /// <summary>Acknowledged, once, in order, by key, and told to the sender: what these say is what the producer promises.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "acks", "request.required.acks", "enable.idempotence", "partitioner", "transactional.id", "max.in.flight",
        "max.in.flight.requests.per.connection", "message.timeout.ms", "delivery.timeout.ms", "queue.buffering.max.messages",
        "queue.buffering.max.kbytes", "message.max.bytes", "dotnet.producer.enable.delivery.reports", "dotnet.producer.delivery.report.fields",
        "dotnet.producer.enable.background.poll",
    };

    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    public static ProducerConfig From(MillraceProducerOptions options)
    {
        var errors = Errors(options).ToList();
        if (errors.Count > 0)
            throw new ArgumentException($"The producer's options cannot be used: {string.Join("; ", errors)}.", nameof(options));

        var config = new ProducerConfig
        {
            BootstrapServers = options.BootstrapServers,
            ClientId = "millrace-client",

            // Acknowledged means stored by all replicas in sync, once, and in the order of each user.
            EnableIdempotence = true,
            Acks = Acks.All,
            MessageTimeoutMs = (int)options.DeliveryTimeout.TotalMilliseconds,

            // The same user goes to the same partition as from the Java clients.
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = options.Linger.TotalMilliseconds,

            // An event of 1 MiB with its frame is more than a broker takes by default (1 MiB and 12 bytes) unless it is compressed.
            CompressionType = CompressionType.Lz4,
            MessageMaxBytes = 2 * EnvelopeReader.MaxBytes,

            // What may wait is bounded by InFlight, so this only must not be the smaller bound. Keys and frames count here too.
            QueueBufferingMaxMessages = 2 * options.MaxInFlight,
            QueueBufferingMaxKbytes = (2 * (options.MaxInFlightBytes / 1024)) + options.MaxInFlight + 1024,
            DeliveryReportFields = "none",
            SocketNagleDisable = true,

            // A broker that was restarted is back in seconds; the default waits up to 10 s.
            ReconnectBackoffMaxMs = 1_000,
        };
        foreach (var (key, value) in options.KafkaSettings)
            config.Set(key, value);
        return config;
    }

    private static IEnumerable<string> Errors(MillraceProducerOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.BootstrapServers))
            yield return $"{nameof(options.BootstrapServers)} is empty";
        if (string.IsNullOrWhiteSpace(options.Topic))
            yield return $"{nameof(options.Topic)} is empty";
        if (options.MaxInFlight is < 1 or > 1_000_000)
            yield return $"{nameof(options.MaxInFlight)} is {options.MaxInFlight}, not 1 to 1000000";
        if (options.MaxInFlightBytes is < EnvelopeReader.MaxBytes or > 1024 * 1024 * 1024)
            yield return $"{nameof(options.MaxInFlightBytes)} is {options.MaxInFlightBytes}, not {EnvelopeReader.MaxBytes} to 1073741824";
        if (options.Linger < TimeSpan.Zero || options.Linger > MaxLinger)
            yield return $"{nameof(options.Linger)} is {options.Linger}, not 0 to {MaxLinger}";
        if (options.DeliveryTimeout <= options.Linger || options.DeliveryTimeout > MaxDeliveryTimeout)
            yield return $"{nameof(options.DeliveryTimeout)} is {options.DeliveryTimeout}, not more than {nameof(options.Linger)} and at most {MaxDeliveryTimeout}";
        foreach (var key in options.KafkaSettings.Keys.Where(Reserved.Contains))
            yield return $"{nameof(options.KafkaSettings)} sets {key}, which belongs to the producer";
    }
}
