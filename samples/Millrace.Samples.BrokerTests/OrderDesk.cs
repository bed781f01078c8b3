using Confluent.Kafka;

namespace Millrace.Samples.BrokerTests;

public enum Answer
{
    /// <summary>The order is in Kafka.</summary>
    Accepted,

    /// <summary>Kafka will never take it.</summary>
    Refused,

    /// <summary>Kafka did not answer in time: the order may be there or not.</summary>
    TryLater,
}

/// <summary>The first service under test: takes orders from customers, who wait for an answer, and puts them into the topic <c>orders</c>.</summary>
public sealed class OrderDesk(string bootstrapServers, TimeSpan patience) : IDisposable
{
    private readonly IProducer<string, string> _producer = new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = bootstrapServers,
        EnableIdempotence = true,
        LingerMs = 0,

        // Longer than this no customer waits.
        MessageTimeoutMs = (int)patience.TotalMilliseconds,
    }).SetLogHandler((_, _) => { }).Build();

    public async Task<Answer> PlaceAsync(string number, string order)
    {
        try
        {
            await _producer.ProduceAsync("orders", new Message<string, string> { Key = number, Value = order });
            return Answer.Accepted;
        }
        catch (ProduceException<string, string> e)
        {
            return e.Error.Code == ErrorCode.Local_MsgTimedOut ? Answer.TryLater : Answer.Refused;
        }
    }

    public void Dispose() => _producer.Dispose();
}
