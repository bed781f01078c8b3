using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>Confluent.Kafka, which is librdkafka.</summary>
public sealed class ConfluentClient : DrivenClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    public override string Name => "Confluent.Kafka";

    protected override IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; } = new Dictionary<string, Func<string, string, Task<string>>>
    {
        ["codec-none"] = (b, t) => CodecAsync(b, t, CompressionType.None),
        ["codec-gzip"] = (b, t) => CodecAsync(b, t, CompressionType.Gzip),
        ["codec-snappy"] = (b, t) => CodecAsync(b, t, CompressionType.Snappy),
        ["codec-lz4"] = (b, t) => CodecAsync(b, t, CompressionType.Lz4),
        ["codec-zstd"] = (b, t) => CodecAsync(b, t, CompressionType.Zstd),
        ["headers"] = HeadersAsync,
        ["nulls"] = NullsAsync,
        ["big-record"] = BigRecordAsync,
        ["too-large"] = TooLargeAsync,
        ["keyed-order"] = KeyedOrderAsync,
        ["idempotence"] = IdempotenceAsync,
        ["group"] = GroupAsync,
        ["commit"] = CommitAsync,
        ["seek"] = SeekAsync,
        ["by-time"] = (b, t) => ByTimeAsync(b, t, 4_500),
        ["by-time-edges"] = (b, t) => ByTimeAsync(b, t, -1),
        ["reset-earliest"] = (b, t) => ResetAsync(b, t, AutoOffsetReset.Earliest),
        ["reset-latest"] = (b, t) => ResetAsync(b, t, AutoOffsetReset.Latest),
        ["bad-offset"] = BadOffsetAsync,
        ["read-unknown"] = ReadUnknownAsync,
        ["topics"] = TopicsAsync,
        ["delete-unknown"] = DeleteUnknownAsync,
        ["bad-name"] = (b, _) => CreateAsync(b, new TopicSpecification { Name = "no name", NumPartitions = 1 }),
        ["bad-replication"] = (b, t) => CreateAsync(b, new TopicSpecification { Name = t, NumPartitions = 1, ReplicationFactor = 3 }),
        ["bad-config"] = (b, t) => CreateAsync(b, new TopicSpecification { Name = t, NumPartitions = 1, Configs = new() { ["no.such.setting"] = "1" } }),
        ["topic-config"] = TopicConfigAsync,
        ["groups"] = GroupsAsync,
        ["delete-group"] = DeleteGroupAsync,
        ["partitions"] = PartitionsAsync,
        ["alter-config"] = AlterConfigAsync,
        ["delete-records"] = DeleteRecordsAsync,
        ["transactions"] = ConfluentTransactions.CommitAndAbortAsync,
        ["fencing"] = ConfluentTransactions.FencingAsync,
        ["transform"] = ConfluentTransactions.TransformAsync,
    };

    public override Task<string?> MissingAsync() => Task.FromResult<string?>(null);

    private static async Task<string> CodecAsync(string bootstrap, string topic, CompressionType codec)
    {
        using var producer = Producer(bootstrap, config => (config.CompressionType, config.LingerMs) = (codec, 20));
        await SendAsync(producer, topic, 20);
        return InOrder(Read(bootstrap, topic, 20), 20);
    }

    private static async Task<string> HeadersAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await producer.ProduceAsync(topic, new Message<string?, string?>
        {
            Value = "v",
            Headers = [new Header("a", "1"u8.ToArray()), new Header("a", "2"u8.ToArray()), new Header("b", [])],
        });
        return string.Join(' ', Read(bootstrap, topic, 1)[0].Message.Headers.Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.GetValueBytes())}"));
    }

    private static async Task<string> NullsAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await producer.ProduceAsync(topic, new Message<string?, string?>());
        var message = Read(bootstrap, topic, 1)[0].Message;
        return $"{message.Key ?? "null"} {message.Value ?? "null"}";
    }

    private static async Task<string> BigRecordAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap);
        await producer.ProduceAsync(topic, new Message<string?, string?> { Value = new string('x', 900_000) });
        return $"{Read(bootstrap, topic, 1)[0].Message.Value!.Length} bytes";
    }

    private static async Task<string> TooLargeAsync(string bootstrap, string topic)
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

    private static async Task<string> KeyedOrderAsync(string bootstrap, string topic)
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

    private static async Task<string> IdempotenceAsync(string bootstrap, string topic)
    {
        using var producer = Producer(bootstrap, config => config.EnableIdempotence = true);
        await SendAsync(producer, topic, 100);
        return InOrder(Read(bootstrap, topic, 100), 100);
    }

    private static async Task<string> GroupAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 3 });
        var members = new List<ConfluentMember>();
        var shares = new List<string>();
        try
        {
            foreach (var wanted in (string[])["3", "1+2", "1+1+1"])
            {
                members.Add(new ConfluentMember(bootstrap, topic));
                shares.Add(await SettleAsync(members, wanted));
            }

            await members[0].DisposeAsync();
            members.RemoveAt(0);
            shares.Add(await SettleAsync(members, "1+2"));
            return string.Join(", ", shares);
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    private static async Task<string> SettleAsync(List<ConfluentMember> members, string wanted)
    {
        string Shares() => string.Join('+', members.Select(member => member.Owned).Order());
        await Eventually.TrueAsync(() => Shares() == wanted, $"the members own {wanted}", Limit);
        return Shares();
    }

    private static async Task<string> CommitAsync(string bootstrap, string topic)
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

    private static async Task<string> SeekAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 10);
        using var consumer = Consumer(bootstrap, topic);
        consumer.Assign(new TopicPartitionOffset(topic, 0, 8));
        Next(consumer);
        consumer.Seek(new TopicPartitionOffset(topic, 0, 3));
        return $"from {Next(consumer).Offset.Value}";
    }

    private static async Task<string> ByTimeAsync(string bootstrap, string topic, int afterFirst)
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

    private static async Task<string> ResetAsync(string bootstrap, string topic, AutoOffsetReset reset)
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

    private static async Task<string> BadOffsetAsync(string bootstrap, string topic)
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

    private static Task<string> ReadUnknownAsync(string bootstrap, string topic)
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

    private static async Task<string> TopicsAsync(string bootstrap, string topic)
    {
        using var admin = Admin(bootstrap);
        var specification = new TopicSpecification { Name = topic, NumPartitions = 3, ReplicationFactor = 1 };
        await admin.CreateTopicsAsync([specification]);
        var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        var again = await CreateAsync(bootstrap, specification);
        await admin.DeleteTopicsAsync([topic]);
        await Eventually.TrueAsync(() => admin.GetMetadata(Limit).Topics.TrueForAll(one => one.Topic != topic), "the topic is gone", Limit);
        return $"{described.TopicDescriptions[0].Partitions.Count} partitions, {again}, gone";
    }

    private static async Task<string> DeleteUnknownAsync(string bootstrap, string topic)
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

    private static async Task<string> CreateAsync(string bootstrap, TopicSpecification topic)
    {
        using var admin = Admin(bootstrap);
        try
        {
            await admin.CreateTopicsAsync([topic]);
            return "created";
        }
        catch (CreateTopicsException e)
        {
            return Code(e.Results[0].Error);
        }
    }

    private static async Task<string> TopicConfigAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 1, Configs = new() { ["retention.ms"] = "1234567" } });
        return await RetentionAsync(bootstrap, topic);
    }

    private static async Task<string> AlterConfigAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 1 });
        using var admin = Admin(bootstrap);
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var entry = new ConfigEntry { Name = "retention.ms", Value = "1234567", IncrementalOperation = AlterConfigOpType.Set };
        await admin.IncrementalAlterConfigsAsync(new() { [resource] = [entry] });
        return await RetentionAsync(bootstrap, topic);
    }

    /// <summary>Kafka shows a setting a moment after it answered.</summary>
    private static async Task<string> RetentionAsync(string bootstrap, string topic)
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

    private static async Task<string> DeleteGroupAsync(string bootstrap, string topic)
    {
        await CommitAsync(bootstrap, topic);
        using var admin = Admin(bootstrap);
        await admin.DeleteGroupsAsync([topic]);
        return (await admin.ListConsumerGroupsAsync()).Valid.TrueForAll(one => one.GroupId != topic) ? "gone" : "still there";
    }

    private static async Task<string> PartitionsAsync(string bootstrap, string topic)
    {
        await CreateAsync(bootstrap, new TopicSpecification { Name = topic, NumPartitions = 2 });
        using var admin = Admin(bootstrap);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        int Count() => admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        await Eventually.TrueAsync(() => Count() == 5, "there are 5 partitions", Limit);
        return $"{Count()} partitions";
    }

    private static async Task<string> DeleteRecordsAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 10);
        using var admin = Admin(bootstrap);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 4)]);
        return $"from {Read(bootstrap, topic, 6)[0].Offset.Value}";
    }

    private static async Task<string> GroupsAsync(string bootstrap, string topic)
    {
        using (var producer = Producer(bootstrap))
            await SendAsync(producer, topic, 1);
        using var admin = Admin(bootstrap);
        string stable;
        await using (var member = new ConfluentMember(bootstrap, topic))
        {
            await Eventually.TrueAsync(() => member.Seen == 1, "the member has its record", Limit);
            stable = await DescribeAsync(admin, topic);
        }

        return $"{stable}, {await DescribeAsync(admin, topic)}";
    }

    private static async Task<string> DescribeAsync(IAdminClient admin, string group)
    {
        var listed = await admin.ListConsumerGroupsAsync();
        if (listed.Valid.TrueForAll(one => one.GroupId != group))
            return "not listed";
        var described = (await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions[0];
        return $"{described.State} {described.Members.Count}";
    }

    internal static IProducer<string?, string?> Producer(string bootstrap, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 0 };
        configure?.Invoke(config);
        return new ProducerBuilder<string?, string?>(config).SetLogHandler((_, _) => { }).Build();
    }

    internal static IConsumer<string?, string?> Consumer(string bootstrap, string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = group, AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false };
        configure?.Invoke(config);
        return new ConsumerBuilder<string?, string?>(config).SetLogHandler((_, _) => { }).Build();
    }

    private static IAdminClient Admin(string bootstrap) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).SetLogHandler((_, _) => { }).Build();

    internal static Task SendAsync(IProducer<string?, string?> producer, string topic, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => producer.ProduceAsync(topic, new Message<string?, string?> { Key = $"k{i}", Value = $"v{i}" })));

    internal static ConsumeResult<string?, string?> Next(IConsumer<string?, string?> consumer) =>
        consumer.Consume(Limit) ?? throw new TimeoutException("nothing came");

    internal static List<ConsumeResult<string?, string?>> Read(string bootstrap, string topic, int count, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using var consumer = Consumer(bootstrap, topic, config => (config.EnablePartitionEof, config.IsolationLevel) = (true, isolation));
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var records = new List<ConsumeResult<string?, string?>>();
        for (var ended = 0; ended < partitions || records.Count < count;)
        {
            var result = Next(consumer);
            if (result.IsPartitionEOF)
                ended++;
            else
                records.Add(result);
        }

        return records;
    }

    private static string InOrder(List<ConsumeResult<string?, string?>> records, int count)
    {
        var isRight = records.Select(record => (record.Message.Key, record.Message.Value)).SequenceEqual(
            Enumerable.Range(0, records.Count).Select(i => ((string?)$"k{i}", (string?)$"v{i}")));
        return $"{records.Count} of {count} {(isRight ? "in order" : "mixed up")}";
    }

    /// <summary>Kafka's name of the error.</summary>
    private static string Code(Error error) => error.Code switch
    {
        ErrorCode.MsgSizeTooLarge => "MESSAGE_TOO_LARGE",
        ErrorCode.UnknownTopicOrPart => "UNKNOWN_TOPIC_OR_PARTITION",
        ErrorCode.TopicAlreadyExists => "TOPIC_ALREADY_EXISTS",
        ErrorCode.TopicException => "INVALID_TOPIC_EXCEPTION",
        ErrorCode.InvalidReplicationFactor => "INVALID_REPLICATION_FACTOR",
        ErrorCode.InvalidConfig => "INVALID_CONFIG",
        _ => error.ToString(),
    };
}
