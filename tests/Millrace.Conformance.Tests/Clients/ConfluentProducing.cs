using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What Confluent.Kafka does as a producer, read back.</summary>
internal static class ConfluentProducing
{
    public static async Task<string> CodecAsync(string bootstrap, string topic, CompressionType codec)
    {
        using var producer = Producer(bootstrap, config => (config.CompressionType, config.LingerMs) = (codec, 20));
        await SendAsync(producer, topic, 20);
        return InOrder(Read(bootstrap, topic, 20), 20);
    }

    public static async Task<string> ManyAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap, config => config.LingerMs = 5);
        await SendAsync(producer, topic, 20_000);
        return $"20000 sent, {Read(bootstrap, topic, 20_000).Count} there";
    }

    public static async Task<string> AcknowledgementsAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        var offsets = new List<long>();
        for (var i = 0; i < 5; i++)
            offsets.Add((await producer.ProduceAsync(topic, new Message<string?, string?> { Value = "v" })).Offset);
        return string.Join(' ', offsets);
    }

    public static async Task<string> HeadersAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await producer.ProduceAsync(topic, new Message<string?, string?>
        {
            Value = "v",
            Headers = [new Header("a", "1"u8.ToArray()), new Header("a", "2"u8.ToArray()), new Header("b", [])],
        });
        return string.Join(' ', Read(bootstrap, topic, 1)[0].Message.Headers.Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.GetValueBytes())}"));
    }

    public static async Task<string> NullsAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await producer.ProduceAsync(topic, new Message<string?, string?>());
        var message = Read(bootstrap, topic, 1)[0].Message;
        return $"{message.Key ?? "null"} {message.Value ?? "null"}";
    }

    public static async Task<string> BigRecordAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await producer.ProduceAsync(topic, new Message<string?, string?> { Value = new string('x', 900_000) });
        return $"{Read(bootstrap, topic, 1)[0].Message.Value!.Length} bytes";
    }

    public static async Task<string> TooLargeAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap, config => config.MessageMaxBytes = 4_000_000);
        try
        {
            await producer.ProduceAsync(topic, new Message<string?, string?> { Value = new string('x', 2_000_000) });
            return "stored";
        }
        catch (ProduceException<string?, string?> e)
        {
            return Code(e.Error);
        }
    }

    public static async Task<string> KeyedOrderAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 3 });
        using var producer = Producer(bootstrap);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => producer.ProduceAsync(topic, new Message<string?, string?> { Key = $"k{i % 10}", Value = $"{i}" })));
        var keys = Read(bootstrap, topic, 300).GroupBy(record => record.Message.Key).ToList();
        var areRight = keys.TrueForAll(key =>
            key.Select(record => record.Partition.Value).Distinct().Count() == 1
            && key.Select(record => int.Parse(record.Message.Value!)).SequenceEqual(key.Select(record => int.Parse(record.Message.Value!)).Order()));
        return $"{keys.Count} keys, {(areRight ? "each in one partition and in order" : "mixed up")}";
    }

    public static async Task<string> IdempotenceAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap, config => config.EnableIdempotence = true);
        await SendAsync(producer, topic, 100);
        return InOrder(Read(bootstrap, topic, 100), 100);
    }
}
