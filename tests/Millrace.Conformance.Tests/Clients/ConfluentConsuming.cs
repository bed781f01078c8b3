using Confluent.Kafka;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>Where Confluent.Kafka begins to read, and goes on.</summary>
internal static class ConfluentConsuming
{
    public static async Task<string> CommitAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 10);
        using (var first = Consumer(bootstrap, topic))
        {
            first.Subscribe(topic);
            for (var i = 0; i < 5; i++)
                first.Commit(Next(first));
            first.Close();
        }

        using var second = Consumer(bootstrap, topic);
        second.Subscribe(topic);
        var from = Next(second).Offset.Value;
        second.Close();
        return $"from {from}";
    }

    public static async Task<string> SeekAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 10);
        using var consumer = Consumer(bootstrap, topic);
        consumer.Assign(new TopicPartitionOffset(topic, 0, 8));
        Next(consumer);
        consumer.Seek(new TopicPartitionOffset(topic, 0, 3));
        return $"from {Next(consumer).Offset.Value}";
    }

    public static async Task<string> ByTimeAsync(string bootstrap, string topic, int afterFirst)
    {
        // Recent, or retention may delete the records under the test.
        var start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000;
        using var producer = Producer(bootstrap);
        for (var i = 0; i < 10; i++)
            await producer.ProduceAsync(topic, new Message<string?, string?> { Value = "v", Timestamp = new Timestamp(start + (i * 1_000), TimestampType.CreateTime) });
        using var consumer = Consumer(bootstrap, topic);
        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(start + afterFirst, TimestampType.CreateTime))], Limit)[0].Offset;
        var after = consumer.OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(start + 99_000, TimestampType.CreateTime))], Limit)[0].Offset;
        return $"{found.Value} {(after == Offset.End ? "none" : after.Value)}";
    }

    public static async Task<string> ResetAsync(string bootstrap, string topic, AutoOffsetReset reset)
    {
        using var producer = Producer(bootstrap);
        await SendAsync(producer, topic, 5);
        using var consumer = Consumer(bootstrap, topic, config => (config.AutoOffsetReset, config.EnablePartitionEof) = (reset, true));
        consumer.Subscribe(topic);
        ConsumeResult<string?, string?> result;
        do
        {
            result = Next(consumer);
            if (result.IsPartitionEOF)
                await producer.ProduceAsync(topic, new Message<string?, string?> { Value = "late" });
        }
        while (result.IsPartitionEOF);
        consumer.Close();
        return $"from {result.Offset.Value}";
    }

    public static async Task<string> BadOffsetAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await SendAsync(producer, topic, 5);
        using var consumer = Consumer(bootstrap, topic, config => config.AutoOffsetReset = AutoOffsetReset.Error);
        consumer.Assign(new TopicPartitionOffset(topic, 0, 1_000));
        try
        {
            return $"from {Next(consumer).Offset.Value}";
        }
        catch (ConsumeException e)
        {
            // The client's own code says that there is no reset; the reason ends with what the broker said.
            return e.Error.Reason.Contains("Broker: Offset out of range", StringComparison.Ordinal) ? "OFFSET_OUT_OF_RANGE" : e.Error.Reason;
        }
    }

    public static Task<string> ReadUnknownAsync(string bootstrap, string topic)
    {
        using var consumer = Consumer(bootstrap, topic, config => config.AllowAutoCreateTopics = false);
        consumer.Subscribe(topic);
        try
        {
            Next(consumer);
            return Task.FromResult("a record");
        }
        catch (ConsumeException e)
        {
            return Task.FromResult(Code(e.Error));
        }
        finally
        {
            consumer.Close();
        }
    }
}
