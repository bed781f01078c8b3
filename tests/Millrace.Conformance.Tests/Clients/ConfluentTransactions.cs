using Confluent.Kafka;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What Confluent.Kafka does with transactions.</summary>
internal static class ConfluentTransactions
{
    public static async Task<string> CommitAndAbortAsync(string bootstrap, string topic)
    {
        using var producer = Begin(bootstrap, topic);
        await SendAsync(producer, topic, 3);
        producer.CommitTransaction(Limit);
        producer.BeginTransaction();
        await SendAsync(producer, topic, 3);
        producer.AbortTransaction(Limit);
        var committed = Read(bootstrap, topic, 3);
        var all = Read(bootstrap, topic, 6, IsolationLevel.ReadUncommitted);
        return $"committed {committed.Count}, all {all.Count}";
    }

    public static async Task<string> FencingAsync(string bootstrap, string topic)
    {
        using var first = Begin(bootstrap, topic);
        await SendAsync(first, topic, 1);
        using var second = Begin(bootstrap, topic);
        try
        {
            first.CommitTransaction(Limit);
            return "not fenced";
        }
        catch (KafkaException e)
        {
            return e.Error.Code is ErrorCode.Local_Fenced ? "fenced" : e.Error.ToString();
        }
    }

    public static async Task<string> TransformAsync(string bootstrap, string topic)
    {
        using (var source = Producer(bootstrap))
            await SendAsync(source, topic, 3);
        var target = $"{topic}-copy";
        using (var consumer = Consumer(bootstrap, topic))
        using (var producer = Begin(bootstrap, topic))
        {
            consumer.Subscribe(topic);
            for (var i = 0; i < 3; i++)
                await producer.ProduceAsync(target, Next(consumer).Message);
            producer.SendOffsetsToTransaction([new TopicPartitionOffset(topic, 0, 3)], consumer.ConsumerGroupMetadata, Limit);
            producer.CommitTransaction(Limit);
            consumer.Close();
        }

        using var group = Consumer(bootstrap, topic);
        var offset = group.Committed([new TopicPartition(topic, 0)], Limit)[0].Offset;
        return $"{Read(bootstrap, target, 3).Count} copied, from {offset.Value}";
    }

    private static IProducer<string?, string?> Begin(string bootstrap, string id)
    {
        var producer = Producer(bootstrap, config => config.TransactionalId = id);
        producer.InitTransactions(Limit);
        producer.BeginTransaction();
        return producer;
    }
}
