using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Broker.Log;
using Millrace.Broker.Tests.Clients;
using Millrace.Testing;

namespace Millrace.Broker.Tests;

/// <summary>The broker as a library: what a test of somebody's application does with it, through a client of today.</summary>
public sealed class EmbeddedBrokerTests
{
    private const int NotEnoughReplicas = 19;
    private const int MessageTooLarge = 10;

    [Fact]
    public async Task Broker_without_options_serves_a_client_and_leaves_nothing_behind()
    {
        string directory;
        await using (var kafka = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken))
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
            var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Broker, Name = "1" }]);
            directory = described[0].Entries["log.dirs"].Value;
            Assert.True(Directory.Exists(directory));
            using var producer = Producer(kafka);
            await producer.ProduceAsync("t", new Message<Null, string> { Value = "a" }, TestContext.Current.CancellationToken);
            Assert.Equal("a", Assert.Single(ConfluentConsumer.ReadAll(kafka.BootstrapServers, "t", atLeast: 1)).Message.Value);
        }

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task Memory_that_a_killed_broker_left_is_freed_by_the_next_one_and_that_of_the_living_is_not()
    {
        var (killed, living, young) = (TemporaryDirectory.NewPath(), TemporaryDirectory.NewPath(), TemporaryDirectory.NewPath());
        DataDirectory.Open(killed).Dispose();
        DataDirectory.Open(young).Dispose();
        using (DataDirectory.Open(living))
        {
            foreach (var path in (string[])[killed, living])
                Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
            await using var kafka = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken);

            Assert.False(Directory.Exists(killed));
            Assert.True(Directory.Exists(living));

            // May be one that is being made.
            Assert.True(Directory.Exists(young));
        }

        TemporaryDirectory.Delete(living);
        TemporaryDirectory.Delete(young);
    }

    [Fact]
    public async Task Refused_produces_are_retried_by_the_client_when_it_may_and_stored_once()
    {
        await using var kafka = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken);
        using var producer = Producer(kafka);
        kafka.Faults.FailNextProduces(2, NotEnoughReplicas);
        var stored = await producer.ProduceAsync("t", new Message<Null, string> { Value = "a" }, TestContext.Current.CancellationToken);
        Assert.Equal(0, stored.Offset.Value);

        kafka.Faults.FailNextProduces(1, MessageTooLarge);
        var refused = await Assert.ThrowsAsync<ProduceException<Null, string>>(
            () => producer.ProduceAsync("t", new Message<Null, string> { Value = "b" }, TestContext.Current.CancellationToken));
        Assert.Equal(MessageTooLarge, (int)refused.Error.Code);
        Assert.Throws<ArgumentOutOfRangeException>(() => kafka.Faults.FailNextProduces(1, 12_345));
    }

    [Fact]
    public async Task Held_back_answers_come_late_and_dropped_connections_come_again()
    {
        await using var kafka = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken);
        using var producer = Producer(kafka);
        await producer.ProduceAsync("t", new Message<Null, string> { Value = "a" }, TestContext.Current.CancellationToken);

        // Longer than any test waits: the answer comes only because the delay is taken away and the connection with it.
        kafka.Faults.AnswerDelay = TimeSpan.FromHours(1);
        var waiting = producer.ProduceAsync("t", new Message<Null, string> { Value = "b" }, TestContext.Current.CancellationToken);
        using (var client = await WireClient.ConnectAsync(kafka.Endpoint.Port))
            await Eventually.TrueAsync(() => kafka.Faults.AnswerDelay > TimeSpan.Zero, "the delay is on");
        Assert.False(waiting.IsCompleted);
        kafka.Faults.AnswerDelay = TimeSpan.Zero;
        Assert.True(kafka.Faults.DropConnections() > 0);

        await waiting.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Contains("b", ConfluentConsumer.ReadAll(kafka.BootstrapServers, "t", atLeast: 2).Select(r => r.Message.Value));
    }

    [Fact]
    public async Task Expired_session_is_told_to_the_consumer_which_joins_again()
    {
        await using var kafka = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken);
        using var producer = Producer(kafka);
        await producer.ProduceAsync("t", new Message<Null, string> { Value = "a" }, TestContext.Current.CancellationToken);
        var (assigned, lost) = (0, 0);
        var config = ConfluentConsumer.Config(kafka.BootstrapServers, "g");
        config.HeartbeatIntervalMs = 100;
        using var consumer = new ConsumerBuilder<Ignore, string>(config)
            .SetPartitionsAssignedHandler((_, _) => { assigned++; })
            .SetPartitionsLostHandler((_, _) => lost++)
            .SetPartitionsRevokedHandler((_, _) => { })
            .Build();
        consumer.Subscribe("t");
        await Eventually.TrueAsync(() => Polled(() => assigned == 1), "the consumer has its partitions");

        Assert.Equal(0, kafka.Faults.ExpireSessions("no-such-group"));
        Assert.Equal(1, kafka.Faults.ExpireSessions("g"));
        await Eventually.TrueAsync(() => Polled(() => lost == 1 && assigned == 2), "the consumer has lost them and has them again");

        bool Polled(Func<bool> condition)
        {
            consumer.Consume(TimeSpan.FromMilliseconds(20));
            return condition();
        }
    }

    private static IProducer<Null, string> Producer(EmbeddedBroker kafka) => new ProducerBuilder<Null, string>(new ProducerConfig
    {
        BootstrapServers = kafka.BootstrapServers,
        EnableIdempotence = true,
        RetryBackoffMs = 10,
        ReconnectBackoffMs = 10,
        ReconnectBackoffMaxMs = 100,
    }).SetLogHandler((_, _) => { }).Build();
}
