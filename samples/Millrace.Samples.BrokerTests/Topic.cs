using Confluent.Kafka;

namespace Millrace.Samples.BrokerTests;

/// <summary>What a test sees of the services: the records of a topic.</summary>
internal static class Topic
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Reads from the beginning until all these keys were there; gives every value read on the way, in order.</summary>
    public static List<string> ReadUntil(string bootstrapServers, string topic, params string[] keys)
    {
        var reading = new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "test" };
        using IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(reading).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var missing = keys.ToHashSet();
        var values = new List<string>();
        while (missing.Count > 0)
        {
            ConsumeResult<string, string> record = consumer.Consume(Limit) ?? throw new TimeoutException($"{topic} lacks {string.Join(", ", missing)}");
            missing.Remove(record.Message.Key);
            values.Add(record.Message.Value);
        }

        return values;
    }
}
