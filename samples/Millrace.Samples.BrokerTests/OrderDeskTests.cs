using Confluent.Kafka;
using Millrace.Broker;

namespace Millrace.Samples.BrokerTests;

/// <summary>Each test has a broker of its own: it starts in milliseconds, in memory, on a free port, and nothing of it is left afterwards.</summary>
public sealed class OrderDeskTests : IAsyncLifetime
{
    /// <summary>Enough for a client that connects again only after a second or two.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EmbeddedBroker _kafka = null!;

    public async ValueTask InitializeAsync() => _kafka = await EmbeddedBroker.StartAsync();

    public ValueTask DisposeAsync() => _kafka.DisposeAsync();

    [Fact]
    public async Task Order_is_in_Kafka_when_it_is_accepted()
    {
        using var desk = new OrderDesk(_kafka.BootstrapServers, Patience);

        Assert.Equal(Answer.Accepted, await desk.PlaceAsync("1", "a book"));

        Assert.Equal(["a book"], Topic.ReadUntil(_kafka.BootstrapServers, "orders", "1"));
    }

    [Fact]
    public async Task Broker_that_lacks_replicas_for_a_moment_costs_nothing()
    {
        using var desk = new OrderDesk(_kafka.BootstrapServers, Patience);
        _kafka.Faults.FailNextProduces(2, (int)ErrorCode.NotEnoughReplicas);

        Assert.Equal(Answer.Accepted, await desk.PlaceAsync("1", "a book"));
        await desk.PlaceAsync("2", "a pen");

        Assert.Equal(["a book", "a pen"], Topic.ReadUntil(_kafka.BootstrapServers, "orders", "1", "2"));
    }

    [Fact]
    public async Task Order_that_Kafka_does_not_take_is_refused_and_the_next_is_accepted()
    {
        using var desk = new OrderDesk(_kafka.BootstrapServers, Patience);
        _kafka.Faults.FailNextProduces(1, (int)ErrorCode.InvalidRecord);

        Assert.Equal(Answer.Refused, await desk.PlaceAsync("1", "a book"));
        Assert.Equal(Answer.Accepted, await desk.PlaceAsync("2", "a pen"));

        Assert.Equal(["a pen"], Topic.ReadUntil(_kafka.BootstrapServers, "orders", "2"));
    }

    [Fact]
    public async Task Customer_of_a_broker_that_does_not_answer_is_told_to_try_later()
    {
        using var desk = new OrderDesk(_kafka.BootstrapServers, TimeSpan.FromSeconds(1));
        _kafka.Faults.AnswerDelay = TimeSpan.FromMinutes(1);

        Assert.Equal(Answer.TryLater, await desk.PlaceAsync("1", "a book"));
    }
}
