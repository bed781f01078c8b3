using Confluent.Kafka;

namespace Millrace.Chaos.Load;

internal static class Producers
{
    // Longer than any outage of a plan, healing included: what is given up promises nothing and tests nothing.
    private const int MessageTimeoutMs = 300_000;

    // A producer that waits no longer than this for an answer sends again while the first copy is still under way.
    private const int ImpatientTimeoutMs = 3_000;

    /// <summary>For a producer to end after its messages have been answered.</summary>
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    public static IProducer<string, byte[]> Build(string bootstrapServers, bool isIdempotent, Action<Error> onFatal)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = isIdempotent,
            Acks = Acks.All,
            MessageTimeoutMs = MessageTimeoutMs,
            MessageSendMaxRetries = int.MaxValue,
            LingerMs = 2,
            Partitioner = Partitioner.Murmur2Random,
            ReconnectBackoffMaxMs = 500,
            SocketTimeoutMs = isIdempotent ? 10_000 : ImpatientTimeoutMs,
        };
        return new ProducerBuilder<string, byte[]>(config)
            .SetLogHandler((_, _) => { }) // Everything that is done on purpose would be logged.
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    onFatal(error);
            })
            .Build();
    }
}
