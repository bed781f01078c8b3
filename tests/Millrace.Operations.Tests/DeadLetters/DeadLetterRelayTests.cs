using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker;
using Millrace.Operations.DeadLetters;
using Millrace.Testing;

namespace Millrace.Operations.Tests.DeadLetters;

public sealed class DeadLetterRelayTests(PostgresFixture postgres, BrokerFixture broker, SharedKafka kafka) : IAsyncLifetime
{
    private OperationsRun _run = null!;

    public async ValueTask InitializeAsync() => _run = await OperationsRun.CreateAsync(postgres, broker);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Letter_arrives_as_it_came_with_headers_that_say_why_and_from_where()
    {
        await using var relay = await StartAsync();
        var id = await _run.AddDeadLetterAsync(2, 9, "{", attempts: 3, headers: """[{"key":"trace","value":"AQI="},{"key":"none","value":null}]""");
        await EventuallyRelayedAsync();

        var record = Assert.Single(_run.ReadAll(_run.Settings.DeadLetterTopic));
        Assert.Equal((2, "{", "42"), (record.Partition.Value, Encoding.UTF8.GetString(record.Message.Value!), Encoding.UTF8.GetString(record.Message.Key!)));
        Assert.Equal(["trace", "none"], record.Message.Headers.Take(2).Select(header => header.Key));
        Assert.Equal([1, 2], record.Message.Headers[0].GetValueBytes());
        Assert.Null(record.Message.Headers[1].GetValueBytes());
        var firstSeen = (await _run.Services.DeadLetters.ShowAsync(id, OperationsRun.Cancelled))!.FirstSeen;
        Assert.Equal(
            [
                ("millrace-reason", "not_json"), ("millrace-detail", "The event is not valid JSON; the error is at byte 3."), ("millrace-topic", _run.Topic),
                ("millrace-partition", "2"), ("millrace-offset", "9"), ("millrace-attempts", "3"), ("millrace-dead-letter-id", id.ToString()),
                ("millrace-first-seen", firstSeen.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ],
            record.Message.Headers.Skip(2).Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));
        Assert.Null(relay.Trouble);
        Assert.Equal(1, relay.Relayed);
    }

    [Fact]
    public async Task Topic_gets_as_many_partitions_as_the_source_and_letters_keep_their_order()
    {
        for (var i = 0; i < 30; i++)
            await _run.AddDeadLetterAsync(i % 3, i, $"{i}", firstSeen: $"now() + interval '{i} milliseconds'");
        await using var relay = await StartAsync();
        await EventuallyRelayedAsync();

        var offsets = _run.ReadAll(_run.Settings.DeadLetterTopic).ToLookup(record => record.Partition.Value, record => Offset(record));
        Assert.Equal([0, 1, 2], offsets.Select(partition => partition.Key).Order());
        Assert.All(offsets, partition => Assert.Equal(Enumerable.Range(0, 10).Select(i => (i * 3) + partition.Key), partition));
    }

    [Fact]
    public async Task Several_relays_send_each_letter_once()
    {
        for (var i = 0; i < 700; i++)
            await _run.AddDeadLetterAsync(i % 3, i, $"{i}");

        await using (await StartAsync())
        await using (await StartAsync())
        await using (await StartAsync())
            await EventuallyRelayedAsync();

        Assert.Equal(Enumerable.Range(0, 700), _run.ReadAll(_run.Settings.DeadLetterTopic).Select(Offset).Order());
    }

    [Fact]
    public async Task Letters_that_it_is_told_of_are_relayed_without_a_look()
    {
        await using var relay = await DeadLetterRelay.StartAsync(
            _run.Settings, TimeSpan.FromHours(1), TimeProvider.System, NullLoggerFactory.Instance, OperationsRun.Cancelled);
        for (var i = 0; i < 3; i++)
        {
            await _run.AddDeadLetterAsync(0, i, "{");
            relay.Wake();
            await EventuallyRelayedAsync();
        }

        Assert.Equal(3, relay.Relayed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Letter_that_is_too_large_arrives_as_its_headers_and_stops_nobody(bool apacheKafka)
    {
        if (apacheKafka)
        {
            await _run.DisposeAsync();
            _run = await OperationsRun.CreateAsync(postgres, await kafka.BootstrapAsync(), TimeProvider.System);
        }

        await _run.CreateTopicAsync(_run.Settings.DeadLetterTopic, 3, ("max.message.bytes", "4096"));
        var large = await _run.AddDeadLetterAsync(0, 0, RandomText(20_000));
        for (var i = 1; i <= 40; i++)
            await _run.AddDeadLetterAsync(0, i, RandomText(1_000));
        await using var relay = await StartAsync();
        await EventuallyRelayedAsync();

        var records = _run.ReadAll(_run.Settings.DeadLetterTopic);
        Assert.Equal(Enumerable.Range(0, 41), records.Select(Offset).Order());
        var notice = Assert.Single(records, record => record.Message.Value is null);
        Assert.Equal((large.ToString(), "20002"), (Header(notice, "millrace-dead-letter-id"), Header(notice, "millrace-omitted-bytes")));
    }

    [Fact]
    public async Task Database_that_is_not_ready_is_waited_for_and_told()
    {
        await _run.ExecuteAsync("ALTER SCHEMA pipeline RENAME TO elsewhere");
        await using var relay = await StartAsync();
        await Eventually.TrueAsync(() => relay.Trouble?.Contains("has no Millrace tables", StringComparison.Ordinal) == true, "the relay says what it waits for");

        await _run.ExecuteAsync("ALTER SCHEMA elsewhere RENAME TO pipeline");
        await _run.AddDeadLetterAsync(0, 1, "{");

        await EventuallyRelayedAsync();
        await Eventually.TrueAsync(() => relay.Trouble is null, "the relay says that it goes on");
    }

    [Fact]
    public async Task Broker_that_is_away_is_waited_for()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-relay-");
        var options = new BrokerOptions { DataDirectory = folder.FullName, Port = 0 };
        var own = await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, OperationsRun.Cancelled);
        options.Port = own.Endpoint.Port;
        await using var run = await OperationsRun.CreateAsync(postgres, own.BootstrapServers, TimeProvider.System);
        await own.DisposeAsync();
        await using var relay = await DeadLetterRelay.StartAsync(run.Settings, TimeProvider.System, NullLoggerFactory.Instance, OperationsRun.Cancelled);
        await run.AddDeadLetterAsync(0, 1, "{");
        await Eventually.TrueAsync(() => relay.Trouble?.Contains("does not answer", StringComparison.Ordinal) == true, "the relay says what it waits for");

        await using (await EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, OperationsRun.Cancelled))
        {
            await Eventually.TrueAsync(() => relay is { Relayed: 1, Trouble: null }, "the letter is relayed");
            Assert.Single(run.ReadAll(run.Settings.DeadLetterTopic));
        }

        folder.Delete(recursive: true);
    }

    private Task<DeadLetterRelay> StartAsync() =>
        DeadLetterRelay.StartAsync(_run.Settings, TimeProvider.System, NullLoggerFactory.Instance, OperationsRun.Cancelled);

    private Task EventuallyRelayedAsync() => Eventually.EqualAsync(
        0L, () => _run.ScalarAsync<long>("SELECT count(*) FROM pipeline.dead_letters WHERE relayed_at IS NULL"), "letters that were not relayed");

    private static int Offset(ConsumeResult<byte[]?, byte[]?> record) => int.Parse(Header(record, "millrace-offset"), CultureInfo.InvariantCulture);

    private static string Header(ConsumeResult<byte[]?, byte[]?> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    /// <summary>Text that no compression makes small.</summary>
    private static string RandomText(int length) => string.Create(length, Random.Shared, (text, random) =>
    {
        foreach (ref var character in text)
            character = (char)random.Next(33, 127);
    });
}
