using System.Text.Json;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

public sealed class EmbeddedMillrace : IAsyncLifetime
{
    private RunningMillrace? _running;

    internal RunningMillrace Running => _running ?? throw new InvalidOperationException("It did not start.");

    public async ValueTask InitializeAsync() => _running = await RunningMillrace.StartAsync();

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
}
