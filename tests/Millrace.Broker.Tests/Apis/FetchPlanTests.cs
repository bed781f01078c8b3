using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker.Apis;
using Millrace.Broker.Log;
using Millrace.Broker.Topics;

namespace Millrace.Broker.Tests.Apis;

public sealed class FetchPlanTests
{
    [Fact]
    public async Task Records_that_come_after_the_reading_are_noticed_before_the_wait()
    {
        // Between the look and the watch a record wakes nobody; without this a long poll would sleep over it.
        var root = Directory.CreateTempSubdirectory("millrace-plan-").FullName;
        using (var directory = DataDirectory.Open(root))
        using (var metadata = MetadataLog.Open(directory.Metadata, SystemDisk.Instance, TimeProvider.System, NullLogger.Instance))
        using (var metrics = new BrokerMetrics())
        using (var writer = new LogWriter(metrics))
        {
            var settings = BrokerOptionsCheck.ToSettings(new BrokerOptions { DataDirectory = root });
            using var topics = new TopicCatalog(settings, directory, metadata, writer, NullLogger.Instance);
            var topic = (await topics.CreateAsync("t", 1, TopicConfig.NothingOwn, validateOnly: false)).Topic!;
            var plan = new FetchPlan(topics, WireCalls.FetchRequest("t", 0), topicsById: false);
            using var held = new FetchBuffers();
            plan.Read(held, 1000);
            Assert.False(plan.HasChanged);

            var batch = Batches.Of("a");
            await writer.AppendAsync(new AppendRequest([new AppendPart(topic.Partitions[0], batch, Batches.HeaderOf(batch))], waitsForDisk: true));
            Assert.True(plan.HasChanged);
            plan.Read(held, 1000);
            Assert.False(plan.HasChanged);
            await topics.DeleteAsync(topic);
            Assert.True(plan.HasChanged);
        }

        Directory.Delete(root, recursive: true);
    }
}
