using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

public sealed class EmbeddedMillrace : IAsyncLifetime
{
    private RunningMillrace? _running;

    internal RunningMillrace Running => _running ?? throw new InvalidOperationException("It did not start.");

    public async ValueTask InitializeAsync() =>
        _running = await RunningMillrace.StartAsync(new Dictionary<string, string> { ["MILLRACE__BROKER__LOG_RETENTION_HOURS"] = "5" });

    public ValueTask DisposeAsync() => _running?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed class EmbeddedBrokerFirstRunTests(EmbeddedMillrace millrace) : FirstRunTests, IClassFixture<EmbeddedMillrace>
{
    private protected override RunningMillrace Millrace => millrace.Running;

    /// <summary>A producer that was there first creates "events" itself, and must not leave it with a single partition.</summary>
    [Fact]
    public async Task Topic_created_by_a_client_has_as_many_partitions_as_the_pipeline_would_give_it()
    {
        var produced = await Kcat.RunAsync(Millrace.Kafka, ["-P", "-t", "made-by-a-client"], "{}\n");
        produced.ShouldSucceed();

        var listed = await Kcat.RunAsync(Millrace.Kafka, ["-L", "-J", "-t", "made-by-a-client"]);
        using var metadata = JsonDocument.Parse(listed.ShouldSucceed().Output);
        Assert.Equal(3, metadata.RootElement.GetProperty("topics")[0].GetProperty("partitions").GetArrayLength());
    }

    [Fact]
    public async Task Setting_of_the_broker_is_in_effect_and_shown_to_Kafkas_tools()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Millrace.Kafka }).Build();
        var configs = (await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Broker, Name = "1" }]))[0].Entries;

        Assert.Equal(("5", false), (configs["log.retention.hours"].Value, configs["log.retention.hours"].IsDefault));
        Assert.Equal("18000000", configs["log.retention.ms"].Value);
        Assert.Equal(("3", false), (configs["num.partitions"].Value, configs["num.partitions"].IsDefault));

        var described = await KafkaTools.RunAsync(
            "kafka-configs", ["--bootstrap-server", Millrace.Kafka, "--describe", "--entity-type", "brokers", "--entity-name", "1", "--all"]);
        Assert.Contains("log.retention.hours=5 ", described.ShouldSucceed().Output, StringComparison.Ordinal);
    }
}
