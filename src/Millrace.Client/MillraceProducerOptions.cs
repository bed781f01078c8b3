using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>What a producer needs. Checked once, when the producer is made, with every error named.</summary>
public sealed class MillraceProducerOptions
{
    /// <summary>The addresses of Kafka or of the embedded broker, <c>host:port</c>, separated by commas. Required.</summary>
    public required string BootstrapServers { get; set; }

    /// <summary>The topic. Default <c>events</c>, which Millrace reads.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>
    /// The application's context for System.Text.Json, with <c>[JsonSerializable(typeof(…))]</c> for each type of events. Default: none,
    /// and reflection is used where the application allows it.
    /// </summary>
    public JsonSerializerContext? JsonContext { get; set; }

    /// <summary>Events handed over and not acknowledged; over it <see cref="MillraceProducer"/> lets the sender wait. Default 10,000: a second of a busy service.</summary>
    public int MaxInFlight { get; set; } = 10_000;

    /// <summary>The same in bytes, for large events. Default 32 MiB; not less than one event may have, 1 MiB.</summary>
    public int MaxInFlightBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// How long an event waits for others to share its batch. Default 5 ms, as in librdkafka. With less, a busy producer has its five requests in flight
    /// all the time, and the client's thread spins while it waits for one to be answered.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// How long an event is tried before sending fails with a transient <see cref="EventNotSentException"/>; also how long the end of the producer
    /// may take. Default 2 minutes, as in Kafka (<c>delivery.timeout.ms</c>): longer than a broker takes to restart.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>What the Kafka client has to say, a line each, from any thread; it must return quickly. Default: nobody is told, and what fails comes as an exception.</summary>
    public Action<string>? ClientLog { get; set; }

    /// <summary>
    /// Further settings of librdkafka by their names, such as <c>security.protocol</c> and <c>sasl.username</c>. Those that the promises of the
    /// producer rest on are refused.
    /// </summary>
    public IDictionary<string, string> KafkaSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
