using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Source = Confluent.Kafka.Admin.ConfigSource;

namespace Millrace.Broker.Tests.Settings;

/// <summary>Settings under Kafka's own names, from the start to what an admin client is shown.</summary>
public sealed class KafkaSettingsTests
{
    [Fact]
    public async Task Settings_take_effect_and_are_described_with_where_they_come_from()
    {
        await using var broker = await EmbeddedBroker.StartAsync(
            o =>
            {
                o.Settings["num.partitions"] = "5";
                o.Settings["message.max.bytes"] = "2000";
                o.Settings["auto.create.topics.enable"] = "false";
            },
            TestContext.Current.CancellationToken);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t" }]);

        Assert.Equal(5, admin.GetMetadata("t", Millrace.Testing.Eventually.Limit).Topics[0].Partitions.Count);
        var described = await admin.DescribeConfigsAsync(
            [new ConfigResource { Type = ResourceType.Broker, Name = "1" }, new ConfigResource { Type = ResourceType.Topic, Name = "t" }]);
        var ofBroker = described[0].Entries;
        Assert.Equal(("5", Source.StaticBrokerConfig), (ofBroker["num.partitions"].Value, ofBroker["num.partitions"].Source));
        Assert.Equal(("2000", Source.StaticBrokerConfig), (ofBroker["message.max.bytes"].Value, ofBroker["message.max.bytes"].Source));
        Assert.Equal("false", ofBroker["auto.create.topics.enable"].Value);
        Assert.Equal(("6000", Source.DefaultConfig), (ofBroker["group.min.session.timeout.ms"].Value, ofBroker["group.min.session.timeout.ms"].Source));
        Assert.Equal($"PLAINTEXT://{broker.BootstrapServers}", ofBroker["advertised.listeners"].Value);
        Assert.Equal(("2000", Source.StaticBrokerConfig), (described[1].Entries["max.message.bytes"].Value, described[1].Entries["max.message.bytes"].Source));
    }

    [Fact]
    public async Task Unknown_keys_and_bad_values_stop_the_start_and_are_all_named()
    {
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => EmbeddedBroker.StartAsync(
            o =>
            {
                o.Settings["num.partition"] = "3";
                o.Settings["default.num.partitions"] = "3";
                o.Settings["auto.create.topics.enable"] = "yes";
                o.Settings["num.partitions"] = "many";
                o.Settings["group.min.session.timeout.ms"] = "0";
                o.Settings["default.replication.factor"] = "3";
            },
            TestContext.Current.CancellationToken));

        Assert.Contains("no setting num.partition", failure.Message);
        Assert.Contains("default.num.partitions (there is num.partitions)", failure.Message);
        Assert.Contains("auto.create.topics.enable is \"yes\", it must be true or false", failure.Message);
        Assert.Contains("num.partitions is \"many\"", failure.Message);
        Assert.Contains("GroupMinSessionTimeout is 00:00:00", failure.Message);
        Assert.Contains("default.replication.factor is \"3\", it must be 1", failure.Message);
    }

    [Fact]
    public async Task Settings_of_the_new_group_protocol_keep_within_their_own_bounds()
    {
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => EmbeddedBroker.StartAsync(
            o =>
            {
                o.Settings["group.consumer.session.timeout.ms"] = "61000";
                o.Settings["group.consumer.heartbeat.interval.ms"] = "1000";
                o.Settings["group.consumer.assignors"] = "uniform,best";
                o.Settings["group.consumer.migration.policy"] = "bidirectional";
            },
            TestContext.Current.CancellationToken));

        Assert.Contains("ConsumerGroupSessionTimeout is 00:01:01, it must be from 00:00:45 to 00:01:00", failure.Message);
        Assert.Contains("ConsumerGroupHeartbeatInterval is 00:00:01, it must be from 00:00:05 to 00:00:15", failure.Message);
        Assert.Contains("ConsumerGroupAssignors has best, it may have uniform, range", failure.Message);
        Assert.Contains("group.consumer.migration.policy is \"bidirectional\", it must be disabled", failure.Message);
    }

    [Fact]
    public async Task Every_setting_takes_the_value_that_it_has_by_default()
    {
        var values = new Dictionary<string, string>();
        await using (var broker = await EmbeddedBroker.StartAsync(TestContext.Current.CancellationToken))
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
            foreach (var entry in (await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Broker, Name = "1" }]))[0].Entries)
                values.Add(entry.Key, entry.Value.Value ?? "");
        }

        Assert.Equal(KafkaSettings.All.Select(s => s.Name), values.Keys.Order(StringComparer.Ordinal));
        await using var again = await EmbeddedBroker.StartAsync(
            o =>
            {
                foreach (var (name, value) in values)
                    o.Settings[name] = value;
            },
            TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("PLAINTEXT://kafka.example.org:19092", "kafka.example.org", 19092)]
    [InlineData("PLAINTEXT://[::1]:19092", "::1", 19092)]
    public async Task Clients_are_told_the_advertised_address(string listener, string host, int port)
    {
        await using var broker = await EmbeddedBroker.StartAsync(o => o.Settings["advertised.listeners"] = listener, TestContext.Current.CancellationToken);
        using var client = await WireClient.ConnectAsync(broker.Endpoint.Port);
        var metadata = await client.CallAsync<Protocol.Messages.MetadataRequest, Protocol.Messages.MetadataResponse>(new() { Topics = [] }, 9);

        Assert.Equal((host, port), (metadata.Brokers[0].Host, metadata.Brokers[0].Port));
        Assert.EndsWith($":{port}", broker.BootstrapServers);
    }

    [Fact]
    public async Task Listening_where_others_reach_it_without_a_login_is_refused_unless_it_is_allowed()
    {
        var failure = await Assert.ThrowsAsync<BrokerStartException>(() => EmbeddedBroker.StartAsync(
            o => (o.Host, o.AdvertisedHost) = ("0.0.0.0", "127.0.0.1"), TestContext.Current.CancellationToken));
        Assert.Contains("AllowUnauthenticated", failure.Message);

        await using var allowed = await EmbeddedBroker.StartAsync(
            o => (o.Host, o.AdvertisedHost, o.AllowUnauthenticated) = ("0.0.0.0", "127.0.0.1", true), TestContext.Current.CancellationToken);
    }
}
