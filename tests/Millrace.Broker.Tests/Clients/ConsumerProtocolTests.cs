using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.Broker.Tests.Clients;

/// <summary>Confluent.Kafka with <c>group.protocol=consumer</c>; what does not need this broker also over Apache Kafka.</summary>
public sealed class ConsumerProtocolTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("range", false)]
    [InlineData(null, true)]
    public async Task Members_come_and_go_and_every_record_is_read_by_one_of_them(string? assignor, bool isApacheKafka)
    {
        await using var broker = await Server.StartAsync(isApacheKafka);
        await CreateTopicAsync(broker.BootstrapServers, "t", 6);
        var owned = new OwnedPartitions();
        await using var a = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "a", assignor: assignor);
        await OwnAsync(owned, ("a", 6));
        await ProduceAsync(broker.BootstrapServers, "t", 0, 60);
        await using (var b = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "b", assignor: assignor))
        {
            await OwnAsync(owned, ("a", 3), ("b", 3));
            await ProduceAsync(broker.BootstrapServers, "t", 60, 60);
            await using (var c = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "c", assignor: assignor))
            {
                await OwnAsync(owned, ("a", 2), ("b", 2), ("c", 2));
                await ProduceAsync(broker.BootstrapServers, "t", 120, 60);
                await SeenAsync(180, a, b, c);
            }

            await OwnAsync(owned, ("a", 3), ("b", 3));
            Assert.Null(b.Fatal);
        }

        await OwnAsync(owned, ("a", 6));
        await ProduceAsync(broker.BootstrapServers, "t", 180, 20);
        await Eventually.TrueAsync(() => Enumerable.Range(180, 20).All(i => a.Seen.Contains($"{i}")), "the last one reads on, all of it");
        Assert.Empty(owned.OwnedTwice);
        Assert.Null(a.Fatal);
    }

    [Fact]
    public async Task Consumer_that_comes_back_goes_on_where_it_committed()
    {
        await using var broker = await StartAsync();
        await CreateTopicAsync(broker.BootstrapServers, "t", 1);
        await ProduceAsync(broker.BootstrapServers, "t", 0, 10);
        using (var first = Consumer(broker.BootstrapServers, "g"))
        {
            first.Subscribe("t");
            Assert.Equal(["0", "1", "2"], Enumerable.Range(0, 3).Select(_ => first.Consume(Eventually.Limit).Message.Value));
            first.Commit();
            first.Close();
        }

        await broker.RestartAsync();
        using var second = Consumer(broker.BootstrapServers, "g");
        second.Subscribe("t");
        Assert.Equal("3", second.Consume(Eventually.Limit).Message.Value);
        second.Close();
    }

    [Fact]
    public async Task Members_join_again_when_the_broker_was_started_anew_or_put_them_out()
    {
        await using var broker = await StartAsync();
        await CreateTopicAsync(broker.BootstrapServers, "t", 4);
        var owned = new OwnedPartitions();
        await using var a = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "a");
        await using var b = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "b");
        await OwnAsync(owned, ("a", 2), ("b", 2));
        await broker.RestartOnSamePortAsync();
        await Eventually.TrueAsync(() => a.Revocations > 0 && b.Revocations > 0, "they notice");
        await OwnAsync(owned, ("a", 2), ("b", 2));
        await ProduceAsync(broker.BootstrapServers, "t", 0, 40);
        await SeenAsync(40, a, b);

        var (ofA, ofB) = (a.Revocations, b.Revocations);
        broker.ExpireSessions("g");
        await Eventually.TrueAsync(() => a.Revocations > ofA && b.Revocations > ofB, "they notice");
        await OwnAsync(owned, ("a", 2), ("b", 2));
        await ProduceAsync(broker.BootstrapServers, "t", 40, 40);
        await SeenAsync(80, a, b);
        Assert.Equal((null, null), (a.Fatal, b.Fatal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Static_member_is_restarted_without_a_rebalance(bool isApacheKafka)
    {
        await using var broker = await Server.StartAsync(isApacheKafka);
        await CreateTopicAsync(broker.BootstrapServers, "t", 4);
        var owned = new OwnedPartitions();
        await using var stays = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "stays", isStatic: true);
        await using (var _ = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "restarted", isStatic: true))
            await OwnAsync(owned, ("stays", 2), ("restarted", 2));
        var revocations = stays.Revocations;
        await using var again = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "restarted", isStatic: true);
        await OwnAsync(owned, ("stays", 2), ("restarted", 2));
        Assert.Equal(revocations, stays.Revocations);
        Assert.Null(again.Fatal);

        // The same name a second time while the first is there: it is told so and ends.
        await using var impostor = new ConsumerProtocolMember(broker.BootstrapServers, "g", "t", owned, "stays", isStatic: true);
        await Eventually.TrueAsync(() => impostor.Fatal is not null, "the second of the same name is refused");
        Assert.Equal(revocations, stays.Revocations);
        Assert.Empty(owned.OwnedTwice);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Expression_takes_in_topics_that_come_later_and_partitions_that_are_added(bool isApacheKafka)
    {
        await using var broker = await Server.StartAsync(isApacheKafka);
        await CreateTopicAsync(broker.BootstrapServers, "ev-one", 1);
        await CreateTopicAsync(broker.BootstrapServers, "other", 1);
        var owned = new OwnedPartitions();
        await using var member = new ConsumerProtocolMember(broker.BootstrapServers, "g", "^ev-.*", owned, "m");
        await OwnAsync(owned, ("m", 1));
        await CreateTopicAsync(broker.BootstrapServers, "ev-two", 2);
        await OwnAsync(owned, ("m", 3));
        using (var admin = Admin(broker.BootstrapServers))
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "ev-one", IncreaseTo = 3 }]);
        await OwnAsync(owned, ("m", 5));
        await ProduceAsync(broker.BootstrapServers, "ev-two", 0, 10);
        await SeenAsync(10, member);
        using (var admin = Admin(broker.BootstrapServers))
            await admin.DeleteTopicsAsync(["ev-one"]);
        await OwnAsync(owned, ("m", 2));
        Assert.Null(member.Fatal);
    }

    [Fact]
    public async Task Offsets_of_a_transaction_are_those_of_the_group()
    {
        await using var broker = await StartAsync();
        await CreateTopicAsync(broker.BootstrapServers, "in", 1);
        await CreateTopicAsync(broker.BootstrapServers, "out", 1);
        await ProduceAsync(broker.BootstrapServers, "in", 0, 3);
        using var consumer = Consumer(broker.BootstrapServers, "g");
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, TransactionalId = "tx" }).Build();
        producer.InitTransactions(Eventually.Limit);
        consumer.Subscribe("in");
        for (var i = 0; i < 3; i++)
        {
            var read = consumer.Consume(Eventually.Limit);
            producer.BeginTransaction();
            await producer.ProduceAsync("out", new() { Value = read.Message.Value }, TestContext.Current.CancellationToken);
            producer.SendOffsetsToTransaction([new(read.TopicPartition, read.Offset + 1)], consumer.ConsumerGroupMetadata, Eventually.Limit);
            if (i == 2)
                producer.AbortTransaction();
            else
                producer.CommitTransaction();
        }

        Assert.Equal(2, consumer.Committed([new("in", 0)], Eventually.Limit)[0].Offset.Value);
        consumer.Close();
    }

    [Fact]
    public async Task Groups_of_both_protocols_are_listed_described_and_deleted()
    {
        await using var broker = await StartAsync();
        await CreateTopicAsync(broker.BootstrapServers, "t", 2);
        var owned = new OwnedPartitions();
        using var admin = Admin(broker.BootstrapServers);
        await using (var _ = new ConsumerProtocolMember(broker.BootstrapServers, "new", "t", owned, "m"))
        await using (var classic = new GroupMemberLoop(broker, "old", "t"))
        {
            await OwnAsync(owned, ("m", 2));
            await Eventually.TrueAsync(() => classic.Owned == 2, "the classic member has its partitions");
            var listed = await admin.ListConsumerGroupsAsync(new() { MatchTypes = [ConsumerGroupType.Consumer] });
            Assert.Equal(("new", ConsumerGroupState.Stable), Assert.Single(listed.Valid.Select(g => (g.GroupId, g.State))));
            var described = await admin.DescribeConsumerGroupsAsync(["old"]);
            Assert.Equal((ConsumerGroupState.Stable, 1), (described.ConsumerGroupDescriptions[0].State, described.ConsumerGroupDescriptions[0].Members.Count));
            var refused = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync(["new"]));
            Assert.Equal(Confluent.Kafka.ErrorCode.NonEmptyGroup, refused.Results[0].Error.Code);
        }

        await admin.DeleteGroupsAsync(["new", "old"]);
        Assert.Empty((await admin.ListConsumerGroupsAsync()).Valid);
    }

    private static Task<TestBroker> StartAsync() => TestBroker.StartAsync(o =>
    {
        o.ConsumerGroupHeartbeatInterval = TimeSpan.FromMilliseconds(100);
        o.ConsumerGroupMinHeartbeatInterval = TimeSpan.FromMilliseconds(1);
    });

    private static async Task OwnAsync(OwnedPartitions owned, params (string Member, int Partitions)[] expected) => await Eventually.TrueAsync(
        () => owned.Count == expected.Sum(e => e.Partitions) && expected.All(e => owned.CountOf(e.Member) == e.Partitions),
        "partitions: " + string.Join(", ", expected));

    private static async Task SeenAsync(int count, params ConsumerProtocolMember[] members) => await Eventually.TrueAsync(
        () => members.SelectMany(m => m.Seen).Distinct().Count() == count, $"{count} records are read");

    private static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();

    private static IConsumer<Ignore, string> Consumer(string bootstrapServers, string group) =>
        new ConsumerBuilder<Ignore, string>(ConsumerProtocolMember.Config(bootstrapServers, group)).Build();

    private static async Task CreateTopicAsync(string bootstrapServers, string name, int partitions)
    {
        using var admin = Admin(bootstrapServers);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    private static async Task ProduceAsync(string bootstrapServers, string topic, int first, int count)
    {
        using var producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = bootstrapServers, Partitioner = Partitioner.Murmur2 }).Build();
        for (var i = first; i < first + count; i++)
            producer.Produce(topic, new() { Key = $"{i}", Value = $"{i}" });
        await Task.Run(() => producer.Flush(TestContext.Current.CancellationToken));
    }

    /// <summary>This broker or Apache Kafka, with members that call often.</summary>
    private sealed class Server(string bootstrapServers, IAsyncDisposable broker) : IAsyncDisposable
    {
        public string BootstrapServers => bootstrapServers;

        public static async Task<Server> StartAsync(bool isApacheKafka)
        {
            if (isApacheKafka)
            {
                var kafka = await RealKafka.StartAsync(
                    "--set", "group.consumer.min.heartbeat.interval.ms=100", "--set", "group.consumer.heartbeat.interval.ms=100");
                return new Server(kafka.BootstrapServers, kafka);
            }

            var broker = await ConsumerProtocolTests.StartAsync();
            return new Server(broker.BootstrapServers, broker);
        }

        public ValueTask DisposeAsync() => broker.DisposeAsync();
    }
}
