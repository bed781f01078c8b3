using Microsoft.Extensions.Logging;
using Millrace.Testing;

namespace Millrace.Pipeline.Tests;

/// <summary>Against Apache Kafka, which alone deletes records and adds partitions.</summary>
public sealed class RealKafkaOwnershipTests(KafkaFixture kafka, PostgresFixture postgres) : OwnershipTests(kafka, postgres)
{
    [Fact]
    public async Task Stranded_partition_goes_on_without_a_restart_when_its_position_is_set_anew()
    {
        await using (await Run.StartAsync())
        {
            await Run.Topic.SendAsync(1, Enumerable.Repeat("""{"eventType":"t"}""", 10));
            await Run.EventuallyCountAsync(10, "events");
        }

        await Run.Topic.DeleteRecordsAsync(1, before: 10);
        await Run.Database.ExecuteAsync("UPDATE pipeline.consumer_positions SET next_offset = 4 WHERE partition = 1");
        await Run.Topic.SendAsync(1, Enumerable.Repeat("""{"eventType":"u"}""", 5));
        await using var pipeline = await Run.StartAsync();
        await Eventually.TrueAsync(
            () => Run.Log.Has(LogLevel.Critical, "millrace groups resolve --partition 1 --to earliest"), "the log names the command");
        Assert.Equal(10, await Run.CountAsync("events"));

        // What the command does.
        await Run.Database.ExecuteAsync("UPDATE pipeline.consumer_positions SET epoch = epoch + 1, next_offset = 10 WHERE partition = 1");

        await Run.EventuallyCountAsync(15, "events");
        await Eventually.TrueAsync(() => pipeline.GetStatus() is { IsReady: true, Lag: 0 }, "all is well again");
    }

    [Fact]
    public async Task Partitions_that_are_added_are_read_without_a_restart()
    {
        await using var pipeline = await Run.StartAsync(options => options.KafkaSettings["topic.metadata.refresh.interval.ms"] = "1000");
        await Eventually.TrueAsync(() => pipeline.GetStatus().Partitions.Length == 3, "three partitions are assigned");

        await Run.Topic.RaisePartitionsAsync(5);
        await Eventually.TrueAsync(() => pipeline.GetStatus().Partitions.Length == 5, "five partitions are assigned");

        for (var partition = 0; partition < 5; partition++)
            await Run.Topic.SendAsync(partition, """{"eventType":"t"}""");
        await Run.EventuallyCountAsync(5, "events");
    }
}

/// <summary>Against the embedded broker.</summary>
public sealed class EmbeddedBrokerOwnershipTests(EmbeddedBrokerFixture kafka, PostgresFixture postgres) : OwnershipTests(kafka, postgres);

/// <summary>Who reads a partition, from where, and what happens when the topic is not what it was.</summary>
public abstract class OwnershipTests(KafkaServer kafka, PostgresFixture postgres) : IAsyncLifetime
{
    private PipelineRun _run = null!;

    private protected PipelineRun Run => _run;

    public async ValueTask InitializeAsync() => _run = await PipelineRun.CreateAsync(kafka, postgres);

    public ValueTask DisposeAsync() => _run?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Static_member_that_comes_back_goes_on_where_it_was()
    {
        HashSet<Guid> ids;
        await using (await _run.StartAsync(AsStaticMember))
        {
            ids = await _run.SendAsync(1000);
            await _run.EventuallyCountAsync(1000, "events");
        }

        ids.UnionWith(await _run.SendAsync(1000));
        await using var again = await _run.StartAsync(AsStaticMember);

        await _run.EventuallyCountAsync(2000, "events");
        await _run.ShouldHoldExactlyAsync(ids);

        static void AsStaticMember(PipelineOptions options) => options.KafkaSettings["group.instance.id"] = "one";
    }

    [Fact]
    public async Task Two_pipelines_with_the_name_of_one_static_member_store_each_event_once()
    {
        await using var first = await _run.StartAsync(options => options.KafkaSettings["group.instance.id"] = "one");
        var ids = await _run.SendAsync(500);
        await _run.EventuallyCountAsync(500, "events");

        await using var second = await _run.StartAsync(options => options.KafkaSettings["group.instance.id"] = "one");
        ids.UnionWith(await _run.SendAsync(500));

        await _run.EventuallyCountAsync(1000, "events");
        await _run.ShouldHoldExactlyAsync(ids);
    }
}
