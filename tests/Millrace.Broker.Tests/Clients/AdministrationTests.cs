using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Millrace.Broker.Tests.Clients;

/// <summary>Administration as Confluent.Kafka has it: partitions, records, settings, groups.</summary>
public sealed class AdministrationTests
{
    [Fact]
    public async Task Partitions_are_added_and_records_deleted_also_after_a_restart()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var admin = Admin(broker))
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }]);
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 3 }]);
            var fewer = await Assert.ThrowsAsync<CreatePartitionsException>(
                () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 2 }]));
            Assert.Equal(Confluent.Kafka.ErrorCode.InvalidPartitions, fewer.Results[0].Error.Code);
            for (var i = 0; i < 10; i++)
                await producer.ProduceAsync(new Confluent.Kafka.TopicPartition("t", 2), new Message<Null, string> { Value = $"{i}" }, TestContext.Current.CancellationToken);

            var deleted = await admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 2, 4)]);
            Assert.Equal(4, deleted[0].Offset.Value);
            var beyond = await Assert.ThrowsAsync<DeleteRecordsException>(() => admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 2, 99)]));
            Assert.Equal(Confluent.Kafka.ErrorCode.OffsetOutOfRange, beyond.Results[0].Error.Code);
        }

        for (var restart = 0; restart < 2; restart++)
        {
            Assert.Equal(Enumerable.Range(4, 6).Select(i => $"{i}"), ConfluentConsumer.ReadAll(broker.BootstrapServers, "t", atLeast: 6).Select(r => r.Message.Value));
            await broker.RestartAsync();
        }

        using var again = Admin(broker);
        await again.DeleteRecordsAsync([new TopicPartitionOffset("t", 2, Offset.End)]);
        Assert.Empty(ConfluentConsumer.ReadAll(broker.BootstrapServers, "t", atLeast: 0));
    }

    [Fact]
    public async Task Settings_of_a_topic_change_one_by_one_or_all_together_and_take_effect()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = Admin(broker);
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["segment.bytes"] = "8192", ["retention.ms"] = "5000" } }]);
        var topic = new ConfigResource { Type = ResourceType.Topic, Name = "t" };
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [topic] =
            [
                new() { Name = "max.message.bytes", Value = "1000", IncrementalOperation = AlterConfigOpType.Set },
                new() { Name = "retention.ms", IncrementalOperation = AlterConfigOpType.Delete, Value = "" },
                new() { Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Append },
            ],
        });
        await AssertAsync(("segment.bytes", "8192"), ("max.message.bytes", "1000"), ("retention.ms", "604800000"), ("cleanup.policy", "delete,compact"));

        using (var producer = new ProducerBuilder<string?, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            var large = await Assert.ThrowsAsync<ProduceException<string?, string>>(
                () => producer.ProduceAsync("t", new Message<string?, string> { Key = "k", Value = new string('x', 2000) }, TestContext.Current.CancellationToken));
            Assert.Equal(Confluent.Kafka.ErrorCode.MsgSizeTooLarge, large.Error.Code);
            var keyless = await Assert.ThrowsAsync<ProduceException<string?, string>>(
                () => producer.ProduceAsync("t", new Message<string?, string> { Key = null, Value = "x" }, TestContext.Current.CancellationToken));
            Assert.Equal(Confluent.Kafka.ErrorCode.InvalidRecord, keyless.Error.Code);
        }

        var wrong = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>> { [topic] = [new() { Name = "no.such", Value = "1", IncrementalOperation = AlterConfigOpType.Set }] }));
        Assert.Equal(Confluent.Kafka.ErrorCode.InvalidConfig, wrong.Results[0].Error.Code);
        await broker.RestartAsync();
        using var again = Admin(broker);
        await again.AlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>> { [topic] = [new() { Name = "segment.bytes", Value = "16384" }] });
        await AssertAsync(("segment.bytes", "16384"), ("max.message.bytes", "1048588"), ("cleanup.policy", "delete"));

        async Task AssertAsync(params (string Name, string Value)[] expected)
        {
            using var reader = Admin(broker);
            var entries = (await reader.DescribeConfigsAsync([topic]))[0].Entries;
            Assert.Equal(expected, expected.Select(e => (e.Name, entries[e.Name].Value)));
        }
    }

    [Fact]
    public async Task Group_is_deleted_and_its_offsets_one_by_one()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = Admin(broker);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 2, ReplicationFactor = 1 }]);
        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets("g", [new TopicPartitionOffset("t", 0, 3), new TopicPartitionOffset("t", 1, 4)])]);
        await admin.DeleteConsumerGroupOffsetsAsync("g", [new Confluent.Kafka.TopicPartition("t", 0)]);
        var left = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("g", null)]);
        Assert.Equal((1, 4), (Assert.Single(left[0].Partitions).Partition.Value, (int)left[0].Partitions[0].Offset));
        await admin.DeleteGroupsAsync(["g"]);
        Assert.Empty((await admin.ListConsumerGroupsAsync()).Valid);
    }

    private static IAdminClient Admin(TestBroker broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).SetLogHandler((_, _) => { }).Build();
}
