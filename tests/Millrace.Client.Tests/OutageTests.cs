using Millrace.Testing;

namespace Millrace.Client.Tests;

/// <summary>A broker that is away, and a queue that fills up because of it.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Event_fails_for_now_when_no_broker_answers_in_time()
    {
        await using var producer = new MillraceProducer(new MillraceProducerOptions
        {
            BootstrapServers = "127.0.0.1:1",
            JsonContext = ShopContext.Default,
            DeliveryTimeout = TimeSpan.FromSeconds(1),
        });
        var noted = new Noted { UserId = "1" };

        var failed = await Assert.ThrowsAsync<EventNotSentException>(() => producer.SendAsync(noted, TestContext.Current.CancellationToken));

        Assert.Equal(("Local_MsgTimedOut", true), (failed.Code, failed.IsTransient));
        Assert.Same(noted, failed.Event);
        Assert.Contains("127.0.0.1:1", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sender_waits_while_too_many_events_are_under_way_and_all_arrive_in_order_when_the_broker_is_back()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer(options => options.MaxInFlight = 2);
        await producer.SendAsync(new Noted { UserId = "1" }, TestContext.Current.CancellationToken);
        await broker.StopAsync();

        var underWay = Enumerable.Range(0, 40).Select(_ => producer.SendAsync(new Noted { UserId = "1" }, TestContext.Current.CancellationToken)).ToArray();
        Assert.Equal(38, producer.Waiting);
        await broker.StartAgainAsync();

        Assert.Equal(Enumerable.Range(1, 40), (await Task.WhenAll(underWay)).Select(sent => (int)sent.Offset));
    }

    [Fact]
    public async Task Sender_waits_while_too_many_bytes_are_under_way()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer(options => options.MaxInFlightBytes = 1024 * 1024);
        await producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);
        await broker.StopAsync();

        var large = new string('x', 600_000);
        var underWay = Enumerable.Range(0, 3).Select(_ => producer.SendAsync(new Noted { Text = large }, TestContext.Current.CancellationToken)).ToArray();
        Assert.Equal(2, producer.Waiting);
        await broker.StartAgainAsync();

        await Task.WhenAll(underWay);
        Assert.Equal(4, broker.Count("events"));
    }

    [Fact]
    public async Task Sender_who_stops_waiting_for_room_sends_nothing_and_those_behind_go_on()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer(options => options.MaxInFlight = 1);
        await producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);
        await broker.StopAsync();
        using var cancellation = new CancellationTokenSource();
        var first = producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);
        var second = producer.SendAsync(new Noted(), cancellation.Token);
        var third = producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await broker.StartAgainAsync();

        await Task.WhenAll(first, third);
        Assert.Equal(3, broker.Count("events"));
    }

    [Fact]
    public async Task Sender_who_stops_waiting_for_the_answer_gives_its_room_back_when_it_comes()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer(options => options.MaxInFlight = 1);
        await producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);
        await broker.StopAsync();
        using var cancellation = new CancellationTokenSource();
        var abandoned = producer.SendAsync(new Noted(), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);

        var next = producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);
        Assert.Equal(1, producer.Waiting);
        await broker.StartAgainAsync();

        await next;
        await Eventually.EqualAsync(3, () => Task.FromResult(broker.Count("events")), "both are stored");
    }
}
