using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What Confluent.Kafka does with topics and their settings.</summary>
internal static class ConfluentTopics
{
    public static async Task<string> TopicsAsync(string bootstrap, string topic)
    {
        using var admin = Admin(bootstrap);
        var specification = new TopicSpecification { Name = topic, NumPartitions = 3, ReplicationFactor = 1 };
        await admin.CreateTopicsAsync([specification]);
        await CountPartitionsAsync(bootstrap, topic, 3);
        var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        var again = await CreateAsync(bootstrap, specification);
        await admin.DeleteTopicsAsync([topic]);
        await Eventually.TrueAsync(() => admin.GetMetadata(Limit).Topics.TrueForAll(one => one.Topic != topic), "the topic is gone", Limit);
        return $"{described.TopicDescriptions[0].Partitions.Count} partitions, {again}, gone";
    }

    public static async Task<string> DeleteUnknownAsync(string bootstrap, string topic)
    {
        using var admin = Admin(bootstrap);
        try
        {
            await admin.DeleteTopicsAsync([topic]);
            return "deleted";
        }
        catch (DeleteTopicsException e)
        {
            return Code(e.Results[0].Error);
        }
    }

    public static async Task<string> TopicConfigAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 1, Configs = new() { ["retention.ms"] = "1234567" } });
        return await RetentionAsync(bootstrap, topic);
    }

    public static async Task<string> AlterConfigAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 1 });
        using var admin = Admin(bootstrap);
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var entry = new ConfigEntry { Name = "retention.ms", Value = "1234567", IncrementalOperation = AlterConfigOpType.Set };
        await admin.IncrementalAlterConfigsAsync(new() { [resource] = [entry] });
        return await RetentionAsync(bootstrap, topic);
    }

    public static async Task<string> BrokerConfigAsync(string bootstrap)
    {
        using var admin = Admin(bootstrap);
        var configs = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Broker, Name = "1" }]);
        return $"node.id {configs[0].Entries["node.id"].Value}";
    }

    /// <summary>A log is compacted only up to the file that is written to, and the next file begins with a record: so one more is sent each time before it looks.</summary>
    public static async Task<string> CompactionAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 1, Configs = new() { ["cleanup.policy"] = "compact", ["segment.ms"] = "100" } });
        using var producer = Producer(bootstrap);
        Task SendAsync(string key, string value) => producer.ProduceAsync(topic, new Message<string?, string?> { Key = key, Value = value });
        foreach (var value in (string[])["first", "second", "last"])
        {
            for (var key = 0; key < 3; key++)
                await SendAsync($"k{key}", value);
        }

        var left = new List<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                await SendAsync("next", "");
                left = [.. Read(bootstrap, topic, 3).Where(record => record.Message.Key != "next").Select(record => $"{record.Message.Key}={record.Message.Value}")];
                return left.Count <= 3;
            },
            "only the last values are left",
            Limit);
        return string.Join(' ', left);
    }

    /// <summary>Kafka shows a setting a moment after it answered.</summary>
    public static async Task<string> RetentionAsync(string bootstrap, string topic)
    {
        using var admin = Admin(bootstrap);
        var value = "";
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    var configs = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
                    value = configs[0].Entries["retention.ms"].Value;
                    return value == "1234567";
                }
                catch (DescribeConfigsException e) when (e.Results.TrueForAll(result => result.Error.Code == ErrorCode.UnknownTopicOrPart))
                {
                    return false;
                }
            },
            "the setting is there",
            Limit);
        return $"retention.ms {value}";
    }

    public static async Task<string> PartitionsAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 2 });
        using var admin = Admin(bootstrap);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        return await CountPartitionsAsync(bootstrap, topic, 5);
    }

    /// <summary>Kafka shows them a moment after it answered.</summary>
    public static async Task<string> CountPartitionsAsync(string bootstrap, string topic, int expected)
    {
        using var admin = Admin(bootstrap);
        int Count() => admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        await Eventually.TrueAsync(() => Count() == expected, $"there are {expected} partitions", Limit);
        return $"{Count()} partitions";
    }

    public static async Task<string> DeleteRecordsAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 10);
        using var admin = Admin(bootstrap);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 4)]);
        return $"from {Read(bootstrap, topic, 6)[0].Offset.Value}";
    }
}
