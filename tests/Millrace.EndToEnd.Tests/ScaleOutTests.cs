using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>Several processes of one group, as in production: what one of them does, or stops doing, may cost no event and double none.</summary>
public sealed class ScaleOutTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Three_processes_share_twelve_partitions_and_coming_and_going_under_load_stores_every_event_once()
    {
        await using var cluster = await Cluster.OnEmbeddedBrokerAsync(postgres);
        var first = await cluster.StartProcessAsync("--partitions", "12");
        await using var load = LoadGenerator.Start(cluster.Kafka, perSecond: 2000);
        await FlowAsync(load);

        var added = await Task.WhenAll(cluster.StartProcessAsync(), cluster.StartProcessAsync());
        await OwnAsync("three share", 12, [first, .. added], mostEach: 4);
        await FlowAsync(load);

        await added[0].KillAsync();
        await OwnAsync("two take over from the one that was killed", 12, [first, added[1]], mostEach: 6);

        var late = await cluster.StartProcessAsync();
        Assert.Equal(0, await first.StopAsync());
        await OwnAsync("two take over from the one that was stopped", 12, [added[1], late], mostEach: 6);
        await FlowAsync(load);

        await load.StopAsync();
        await ExactlyOnce.VerifyAsync(cluster.Database, load.Acknowledged);
    }

    [Fact]
    public async Task Process_paused_for_longer_than_its_session_and_continued_stores_nothing_of_what_it_lost()
    {
        await using var cluster = await Cluster.OnEmbeddedBrokerAsync(postgres);
        RunProcess[] two = [await cluster.StartProcessAsync("--partitions", "4"), await cluster.StartProcessAsync()];
        await OwnAsync("two share", 4, two, mostEach: 2);
        await using var load = LoadGenerator.Start(cluster.Kafka, perSecond: 3000);
        await FlowAsync(load);

        await two[0].PauseAsync();
        await OwnAsync("the other one takes over", 4, [two[1]], mostEach: 4);
        await FlowAsync(load);
        await two[0].ContinueAsync();
        await OwnAsync("two share again", 4, two, mostEach: 2);
        await FlowAsync(load);

        await load.StopAsync();
        await ExactlyOnce.VerifyAsync(cluster.Database, load.Acknowledged);
    }

    [Fact]
    // On Apache Kafka: the embedded broker does not raise the partitions of a topic that is there.
    public async Task Partitions_that_are_added_while_it_runs_are_read_without_a_restart()
    {
        await using var cluster = await Cluster.OnApacheKafkaAsync(postgres);

        // How often the client asks for the topic's partitions; by itself every few minutes.
        cluster.Environment["MILLRACE__Kafka__Settings__topic.metadata.refresh.interval.ms"] = "500";
        var process = await cluster.StartProcessAsync();
        await OwnAsync("the topic as it was made", 3, [process], mostEach: 3);

        await cluster.RaisePartitionsAsync(6);
        await OwnAsync("the new ones too", 6, [process], mostEach: 6);

        foreach (var partition in Enumerable.Range(0, 6))
        {
            (await Kcat.RunAsync(cluster.Kafka, ["-P", "-t", "events", "-p", $"{partition}"], """{"eventType":"raised"}""" + "\n")).ShouldSucceed();
        }

        await Eventually.EqualAsync(
            6, () => cluster.Database.ScalarAsync<long>("SELECT count(DISTINCT kafka_partition) FROM pipeline.events"), "a row from each partition");
    }

    /// <summary>Waits for the group to have settled: all partitions owned, and none of the processes with more than its share.</summary>
    private static Task OwnAsync(string what, int total, RunProcess[] processes, int mostEach) => Eventually.TrueAsync(
        async () =>
        {
            var owned = await Task.WhenAll(processes.Select(process => process.OwnedAsync()));
            return owned.Sum() == total && owned.All(count => count > 0 && count <= mostEach);
        },
        what);

    private static async Task FlowAsync(LoadGenerator load)
    {
        var before = load.AcknowledgedCount;
        await Eventually.TrueAsync(() => load.AcknowledgedCount > before + 2000, "events flow");
    }
}
