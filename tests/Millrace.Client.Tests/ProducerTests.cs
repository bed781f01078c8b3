using System.Text.Json;
using Millrace.Events;

namespace Millrace.Client.Tests;

public sealed class ProducerTests
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Fact]
    public async Task Event_is_stored_as_the_contract_says_under_the_key_of_its_user()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();
        var placed = new OrderPlaced
        {
            UserId = "42",
            CorrelationId = "request-7",
            Timestamp = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)),
            Total = 12.50m,
            Metadata = new Dictionary<string, JsonElement> { ["Coupon"] = JsonElement.Parse("""{"code":"A"}""") },
        };

        var sent = await producer.SendAsync(placed, TestContext.Current.CancellationToken);

        var (key, value) = broker.Read(sent);
        Assert.Equal(("events", "42"), (sent.Topic, key));
        Assert.Equal(
            $$$$"""{"eventType":"order_placed","schemaVersion":1,"eventId":"{{{{placed.EventId}}}}","userId":"42","timestamp":"2026-05-04T03:02:01\u002B02:00","correlationId":"request-7","total":12.50,"metadata":{"Coupon":{"code":"A"}}}""",
            value.ToJsonString());
    }

    [Fact]
    public async Task Event_with_an_attribute_has_its_type_and_version()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();

        var sent = await producer.SendAsync(new Shipment("post") { UserId = "1" }, TestContext.Current.CancellationToken);

        var (_, value) = broker.Read(sent);
        Assert.Equal(("shop.order-shipped", 3, "post"), ((string?)value["eventType"], (int)value["schemaVersion"]!, (string?)value["carrier"]));
    }

    [Fact]
    public async Task Event_of_nobody_has_no_key_and_no_user()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();

        var sent = await producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);

        var (key, value) = broker.Read(sent);
        Assert.Null(key);
        Assert.False(value.ContainsKey("userId"));
    }

    /// <summary>The hashes are those of Kafka's own unit test of its partitioner.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    public async Task User_goes_to_the_partition_that_the_Java_clients_choose(string user, int hash)
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();

        var sent = await producer.SendAsync(new Noted { UserId = user }, TestContext.Current.CancellationToken);

        Assert.Equal((hash & int.MaxValue) % RunningBroker.Partitions, sent.Partition);
    }

    [Fact]
    public async Task Events_of_a_sequence_are_stored_in_order_and_told_in_order()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer(options => options.MaxInFlight = 100);
        var events = Enumerable.Range(0, 1_000).Select(n => new Noted { UserId = "1", Text = $"{n}" });

        var sent = await producer.SendAsync(events, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(n => (long)n), sent.Select(one => one.Offset));
        Assert.Equal("517", (string?)broker.Read(sent[517]).Value["text"]);
    }

    [Fact]
    public async Task Sequence_ends_at_an_event_that_is_refused_and_says_which()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();
        Noted[] events = [new() { UserId = "1" }, new() { UserId = "1", Text = "\0" }, new() { UserId = "1" }];

        var refused = await Assert.ThrowsAsync<EventRefusedException>(() => producer.SendAsync(events, TestContext.Current.CancellationToken));

        Assert.Same(events[1], refused.Event);
        Assert.Equal(1, broker.Count("events"));
    }

    [Fact]
    public async Task Event_over_one_mebibyte_is_refused_before_it_is_sent()
    {
        await using var producer = Unreachable();

        var refused = await Assert.ThrowsAsync<EventRefusedException>(
            () => producer.SendAsync(new Noted { Text = new string('x', EnvelopeReader.MaxBytes) }, TestContext.Current.CancellationToken));

        Assert.Equal((RefusalReason.TooLarge, false), (refused.Reason, refused.IsTransient));
    }

    [Fact]
    public async Task Largest_event_that_compresses_is_stored()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();
        var frame = JsonSerializer.SerializeToUtf8Bytes(new Noted(), EventJson.CreateOptions(ShopContext.Default).GetTypeInfo(typeof(Noted))).Length;

        // The fraction of a second has as many digits as it needs, so the timestamp is given.
        var largest = new Noted { Timestamp = DateTimeOffset.UnixEpoch, Text = new string('x', EnvelopeReader.MaxBytes - frame) };
        var sent = await producer.SendAsync(largest, TestContext.Current.CancellationToken);

        Assert.Equal(largest.Text, (string?)broker.Read(sent).Value["text"]);
    }

    public static TheoryData<Event, RefusalReason> BreakingEvents() => new()
    {
        { new Noted { EventId = Guid.Empty }, RefusalReason.EventIdInvalid },
        { new Noted { UserId = new string('u', 257) }, RefusalReason.UserIdInvalid },
        { new Noted { CorrelationId = new string('c', 257) }, RefusalReason.CorrelationIdInvalid },
        { new Noted { Text = "a\0b" }, RefusalReason.NulCharacter },
    };

    [Theory]
    [MemberData(nameof(BreakingEvents))]
    public async Task Event_that_breaks_the_contract_is_refused_for_the_reason_of_the_pipeline(Event breaking, RefusalReason reason)
    {
        await using var producer = Unreachable();

        var refused = await Assert.ThrowsAsync<EventRefusedException>(() => producer.SendAsync(breaking, TestContext.Current.CancellationToken));

        Assert.Equal(reason, refused.Reason);
        Assert.Contains(reason.Code(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_that_refers_to_itself_is_refused()
    {
        await using var producer = Unreachable();
        var loop = new Loop();
        loop.Next = loop;

        var refused = await Assert.ThrowsAsync<EventRefusedException>(() => producer.SendAsync(new Looped { Loop = loop }, TestContext.Current.CancellationToken));

        Assert.Equal(RefusalReason.TooDeep, refused.Reason);
    }

    [Theory]
    [InlineData(typeof(Forgotten), "JsonSerializable(typeof(Forgotten))")]
    [InlineData(typeof(Nameless), "1 to 200 characters")]
    [InlineData(typeof(Versionless), "1 or more")]
    [InlineData(typeof(Boxed<int>), "is generic")]
    public async Task Type_that_cannot_be_used_is_named_with_what_to_do(Type type, string says)
    {
        await using var producer = Unreachable();

        var error = await Assert.ThrowsAsync<EventTypeException>(
            () => producer.SendAsync((Event)Activator.CreateInstance(type)!, TestContext.Current.CancellationToken));

        Assert.Equal(type, error.Type);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_context_reflection_is_used()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer(options => options.JsonContext = null);

        var sent = await producer.SendAsync(new Forgotten { UserId = "1" }, TestContext.Current.CancellationToken);

        Assert.Equal("forgotten", (string?)broker.Read(sent).Value["eventType"]);
    }

    [Fact]
    public async Task Cancelled_sending_sends_nothing()
    {
        await using var broker = await RunningBroker.StartAsync();
        await using var producer = broker.Producer();
        await producer.SendAsync(new Noted(), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => producer.SendAsync(new Noted(), Cancelled));

        Assert.Equal(1, broker.Count("events"));
    }

    [Fact]
    public async Task Disposed_producer_has_sent_what_it_took_and_takes_nothing_more()
    {
        await using var broker = await RunningBroker.StartAsync();
        var producer = broker.Producer(options => options.Linger = TimeSpan.FromMilliseconds(300));
        var underWay = Enumerable.Range(0, 50).Select(_ => producer.SendAsync(new Noted(), TestContext.Current.CancellationToken)).ToArray();

        await producer.DisposeAsync();

        Assert.All(await Task.WhenAll(underWay), sent => Assert.Equal("events", sent.Topic));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => producer.SendAsync(new Noted(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Wrong_options_are_named_all_at_once()
    {
        var options = new MillraceProducerOptions { BootstrapServers = "", Topic = " ", MaxInFlight = 0, MaxInFlightBytes = 1, DeliveryTimeout = TimeSpan.Zero };
        options.KafkaSettings["acks"] = "0";

        var error = Assert.Throws<ArgumentException>(() => new MillraceProducer(options));

        Assert.All(
            ["BootstrapServers", "Topic", "MaxInFlight is 0", "MaxInFlightBytes", "DeliveryTimeout", "acks"],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Unknown_setting_of_the_Kafka_client_is_named()
    {
        var options = new MillraceProducerOptions { BootstrapServers = "127.0.0.1:1" };
        options.KafkaSettings["no.such.setting"] = "1";

        Assert.Contains("no.such.setting", Assert.Throws<ArgumentException>(() => new MillraceProducer(options)).Message, StringComparison.Ordinal);
    }

    /// <summary>For what is refused before anything is sent. Port 1 answers nobody.</summary>
    private static MillraceProducer Unreachable() =>
        new(new MillraceProducerOptions { BootstrapServers = "127.0.0.1:1", JsonContext = ShopContext.Default });
}
