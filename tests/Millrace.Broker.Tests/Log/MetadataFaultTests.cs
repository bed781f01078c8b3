using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Broker.Groups;
using Millrace.Broker.Groups.Consumer;
using Millrace.Broker.Log;
using Millrace.Broker.Topics;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Log;

/// <summary>Topics and groups over a disk that does not take what is recorded of them: what is refused has not happened, and can be asked for again.</summary>
public sealed class MetadataFaultTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("millrace-metadata-fault-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly TestLog.FaultyDisk _disk = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly BrokerSettings _settings;
    private readonly DataDirectory _directory;
    private readonly MetadataLog _metadata;
    private readonly LogWriter _writer;
    private readonly TopicCatalog _topics;

    public MetadataFaultTests()
    {
        _settings = BrokerOptionsCheck.ToSettings(new BrokerOptions { DataDirectory = _root, TimeProvider = _time }) with { Disk = _disk };
        _directory = DataDirectory.Open(_root);
        _metadata = MetadataLog.Open(_directory.Metadata, _disk, _time, NullLogger.Instance);
        _writer = new LogWriter(_metrics);
        _topics = new TopicCatalog(_settings, _directory, _metadata, _writer, NullLogger.Instance);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _topics.Dispose();
        _metadata.Dispose();
        _directory.Dispose();
        _metrics.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Topic_that_cannot_be_recorded_leaves_nothing_and_can_be_created_later()
    {
        _disk.IsFull = true;
        Assert.Equal(ErrorCode.KafkaStorageError, (await CreateAsync()).Error);
        Assert.Empty(Directory.GetDirectories(_directory.Topics));

        HealDisk();
        Assert.Equal(ErrorCode.None, (await CreateAsync()).Error);
    }

    [Fact]
    public async Task Topic_whose_deletion_cannot_be_recorded_is_there_with_its_records()
    {
        var topic = (await CreateAsync()).Topic!;
        var batch = Batches.Of("a");
        await _writer.AppendAsync(new AppendRequest([new AppendPart(topic.Partitions[0], batch, Batches.HeaderOf(batch))], waitsForDisk: true));
        _disk.IsFull = true;
        Assert.Equal(ErrorCode.KafkaStorageError, await _topics.DeleteAsync(topic));
        Assert.Equal(["a"], TestLog.ReadAll(_topics.Find("t")!.Partitions[0]).Select(r => r.Value));

        HealDisk();
        Assert.Equal(ErrorCode.None, await _topics.DeleteAsync(topic));
        Assert.Equal(ErrorCode.None, (await CreateAsync()).Error);
        Assert.Single(_metadata.Image.Topics);
    }

    [Fact]
    public async Task Group_whose_deletion_cannot_be_recorded_is_there_with_its_offsets()
    {
        await _metadata.AppendAsync(new MetadataRecord.OffsetsCommitted("g", [new CommittedOffset("t", 0, 5, 0, "", _time.GetUtcNow())]));
        using var groups = new GroupCoordinator(_settings, _metadata, new CatalogTopicShapes(_topics));
        _disk.IsFull = true;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await groups.DeleteAsync("g"));
        Assert.Equal(5, _metadata.Image.OffsetOf("g", "t", 0)!.Offset);

        HealDisk();
        Assert.Equal(ErrorCode.None, await groups.DeleteAsync("g"));
        Assert.Null(_metadata.Image.OffsetOf("g", "t", 0));
    }

    private Task<TopicOutcome> CreateAsync() => _topics.CreateAsync("t", 1, TopicConfig.NothingOwn, validateOnly: false);

    private void HealDisk()
    {
        _disk.IsFull = false;
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
