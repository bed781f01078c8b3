using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

/// <summary>Driven by Confluent.Kafka, the client that the pipeline uses.</summary>
public sealed class ConfluentTests
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Records_come_back_with_key_value_headers_and_time(CompressionType codec)
    {
        await using var broker = await TestBroker.StartAsync();
        using (var producer = Producer(broker, c => (c.CompressionType, c.LingerMs) = (codec, 20)))
        {
            var sends = Enumerable.Range(0, 200).Select(i => producer.ProduceAsync("t", new Message<string?, string?>
            {
                Key = i % 7 == 0 ? null : $"k{i}",
                Value = i % 11 == 0 ? null : $"v{i} " + new string('x', 100),
                Timestamp = new Timestamp(1_700_000_000_000 + i, TimestampType.CreateTime),
                Headers = [new Header("a", Encoding.UTF8.GetBytes($"{i}")), new Header("nothing", null)],
            })).ToList();
            Assert.Equal(Enumerable.Range(0, 200), (await Task.WhenAll(sends)).Select(r => (int)r.Offset.Value));
        }

        var records = ConfluentConsumer.ReadAll(broker.BootstrapServers, "t", atLeast: 200);
        for (var i = 0; i < 200; i++)
        {
            var message = records[i].Message;
            Assert.Equal(i % 7 == 0 ? null : $"k{i}", message.Key);
            Assert.Equal(i % 11 == 0 ? null : $"v{i} " + new string('x', 100), message.Value);
            Assert.Equal(1_700_000_000_000 + i, message.Timestamp.UnixTimestampMs);
            Assert.Equal($"{i}", Encoding.UTF8.GetString(message.Headers.GetLastBytes("a")));
            Assert.Null(message.Headers.GetLastBytes("nothing"));
        }
    }

    [Fact]
    public async Task Records_of_a_key_keep_their_order()
    {
        await using var broker = await TestBroker.StartAsync(o => o.DefaultPartitions = 3);
        using (var producer = Producer(broker, c => c.EnableIdempotence = true))
        {
            for (var i = 0; i < 3_000; i++)
                producer.Produce("t", new Message<string?, string?> { Key = $"user{i % 10}", Value = $"{i}" });
            producer.Flush(Eventually.Limit);
        }

        var records = ConfluentConsumer.ReadAll(broker.BootstrapServers, "t", atLeast: 3_000);
        Assert.Equal(3_000, records.Count);
        foreach (var user in records.GroupBy(r => r.Message.Key))
        {
            var values = user.Select(r => int.Parse(r.Message.Value!)).ToList();
            Assert.Equal(values.Order(), values);
            Assert.Single(user.Select(r => r.Partition.Value).Distinct());
        }
    }

    [Fact]
    public async Task Members_share_the_partitions_and_take_over_when_one_leaves()
    {
        await using var broker = await TestBroker.StartAsync();
        await CreateTopicAsync(broker, "t", 3);
        var members = new List<GroupMemberLoop>();
        try
        {
            for (var count = 1; count <= 3; count++)
            {
                members.Add(new GroupMemberLoop(broker, "g", "t"));
                var wanted = count;
                await Eventually.TrueAsync(
                    () => members.Sum(m => m.Owned) == 3 && members.TrueForAll(m => m.Owned == 3 / wanted || wanted == 2 && m.Owned > 0),
                    $"{count} members share 3 partitions");
            }

            await members[0].DisposeAsync();
            members.RemoveAt(0);
            await Eventually.TrueAsync(() => members.Sum(m => m.Owned) == 3, "the others take over");

            using var producer = Producer(broker);
            for (var i = 0; i < 30; i++)
                await producer.ProduceAsync(new TopicPartition("t", i % 3), new Message<string?, string?> { Value = $"{i}" });
            await Eventually.EqualAsync(30, () => Task.FromResult(members.SelectMany(m => m.Seen).Distinct().Count()), "all records are seen");
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Committed_offset_is_where_the_next_member_begins(PartitionAssignmentStrategy strategy)
    {
        await using var broker = await TestBroker.StartAsync();
        await CreateTopicAsync(broker, "t", 1);
        using (var producer = Producer(broker))
        {
            for (var i = 0; i < 10; i++)
                await producer.ProduceAsync("t", new Message<string?, string?> { Value = $"{i}" });
        }

        for (var round = 0; round < 2; round++)
        {
            var config = ConfluentConsumer.Config(broker.BootstrapServers, "g");
            config.PartitionAssignmentStrategy = strategy;
            using var consumer = new ConsumerBuilder<string?, string?>(config).Build();
            consumer.Subscribe("t");
            for (var i = 0; i < 5; i++)
                Assert.Equal($"{round * 5 + i}", consumer.Consume(Eventually.Limit).Message.Value);
            consumer.Commit([new TopicPartitionOffset("t", 0, round * 5 + 5)]);
            consumer.Close();
            await broker.RestartOnSamePortAsync();
        }

        using var last = new ConsumerBuilder<string?, string?>(ConfluentConsumer.Config(broker.BootstrapServers, "g")).Build();
        Assert.Equal(10, last.Committed([new TopicPartition("t", 0)], Eventually.Limit)[0].Offset.Value);
    }

    [Fact]
    public async Task Consumer_seeks_by_offset_and_by_time()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var producer = Producer(broker))
        {
            for (var i = 0; i < 10; i++)
                await producer.ProduceAsync("t", new Message<string?, string?> { Value = $"{i}", Timestamp = new Timestamp(1000 * (i + 1), TimestampType.CreateTime) });
        }

        using var consumer = new ConsumerBuilder<string?, string?>(ConfluentConsumer.Config(broker.BootstrapServers, "g")).Build();
        var partition = new TopicPartition("t", 0);
        consumer.Assign(new TopicPartitionOffset(partition, 4));
        Assert.Equal("4", consumer.Consume(Eventually.Limit).Message.Value);
        consumer.Seek(new TopicPartitionOffset(partition, 8));
        Assert.Equal("8", consumer.Consume(Eventually.Limit).Message.Value);
        Assert.Equal(5, consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, new Timestamp(5500, TimestampType.CreateTime))], Eventually.Limit)[0].Offset.Value);
        var watermarks = consumer.QueryWatermarkOffsets(partition, Eventually.Limit);
        Assert.Equal((0, 10), (watermarks.Low.Value, watermarks.High.Value));
    }

    [Fact]
    public async Task Offset_that_is_not_there_is_an_error_when_the_consumer_wants_it_so()
    {
        await using var broker = await TestBroker.StartAsync();
        await CreateTopicAsync(broker, "t", 1);
        var config = ConfluentConsumer.Config(broker.BootstrapServers, "g");
        config.AutoOffsetReset = AutoOffsetReset.Error;
        using var consumer = new ConsumerBuilder<string?, string?>(config).Build();
        consumer.Assign(new TopicPartitionOffset("t", 0, 99));
        var error = Assert.Throws<ConsumeException>(() =>
        {
            while (consumer.Consume(Eventually.Limit) is { IsPartitionEOF: true })
            {
            }
        });
        Assert.Equal(Confluent.Kafka.ErrorCode.Local_AutoOffsetReset, error.Error.Code);
    }

    [Fact]
    public async Task Record_that_is_too_large_is_refused_and_an_unknown_topic_told()
    {
        await using var broker = await TestBroker.StartAsync(o => (o.AutoCreateTopics, o.MaxMessageBytes) = (false, 2_000));
        await CreateTopicAsync(broker, "t", 1);
        using var producer = Producer(broker, c => c.Set("topic.metadata.propagation.max.ms", "500"));
        var large = await Assert.ThrowsAsync<ProduceException<string?, string?>>(
            () => producer.ProduceAsync("t", new Message<string?, string?> { Value = new string('x', 3_000) }));
        Assert.Equal(Confluent.Kafka.ErrorCode.MsgSizeTooLarge, large.Error.Code);
        var unknown = await Assert.ThrowsAsync<ProduceException<string?, string?>>(
            () => producer.ProduceAsync("nowhere", new Message<string?, string?> { Value = "x" }));
        Assert.Contains(unknown.Error.Code, new[] { Confluent.Kafka.ErrorCode.Local_UnknownTopic, Confluent.Kafka.ErrorCode.UnknownTopicOrPart });
    }

    [Fact]
    public async Task Admin_creates_lists_describes_and_deletes()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = Admin(broker);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 4, ReplicationFactor = 1 }]);
        var exists = await Assert.ThrowsAsync<CreateTopicsException>(() => CreateTopicAsync(broker, "t", 4));
        Assert.Equal(Confluent.Kafka.ErrorCode.TopicAlreadyExists, exists.Results[0].Error.Code);
        Assert.Equal(4, admin.GetMetadata(Eventually.Limit).Topics.Single().Partitions.Count);

        var configs = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "t" }]);
        Assert.Equal("delete", configs[0].Entries["cleanup.policy"].Value);
        var cluster = await admin.DescribeClusterAsync();
        Assert.Equal(broker.Port, Assert.Single(cluster.Nodes).Port);

        await using (var member = new GroupMemberLoop(broker, "g", "t"))
        {
            await Eventually.TrueAsync(() => member.Owned == 4, "the member owns everything");
            var listed = await admin.ListConsumerGroupsAsync();
            Assert.Equal("g", Assert.Single(listed.Valid).GroupId);
            var described = await admin.DescribeConsumerGroupsAsync(["g"]);
            Assert.Equal(4, Assert.Single(described.ConsumerGroupDescriptions[0].Members).Assignment.TopicPartitions.Count);
        }

        await admin.DeleteTopicsAsync(["t"]);
        Assert.Empty(admin.GetMetadata(Eventually.Limit).Topics);
    }

    private static IProducer<string?, string?> Producer(TestBroker broker, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = broker.BootstrapServers, Acks = Acks.All, LingerMs = 1 };
        configure?.Invoke(config);
        return new ProducerBuilder<string?, string?>(config).SetLogHandler((_, _) => { }).Build();
    }

    private static IAdminClient Admin(TestBroker broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();

    private static async Task CreateTopicAsync(TestBroker broker, string name, int partitions)
    {
        using var admin = Admin(broker);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }
}
