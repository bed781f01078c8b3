using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Broker.Log;
using Millrace.Broker.Transactions;

namespace Millrace.Broker.Tests.Log;

public sealed class MetadataLogTests : IDisposable
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly string _directory = Directory.CreateTempSubdirectory("millrace-metadata-").FullName;

    private readonly TestLog.FaultyDisk _disk = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Restart_gives_the_same_image()
    {
        var topic = new MetadataRecord.TopicCreated("events", Guid.NewGuid(), 3, new Dictionary<string, string> { ["segment.bytes"] = "4096" });
        var gone = new MetadataRecord.TopicCreated("gone", Guid.NewGuid(), 1, new Dictionary<string, string>());
        using (var log = Open())
        {
            Assert.True(await log.AppendAsync(new MetadataRecord.ClusterCreated("cluster")));
            Assert.True(await log.AppendAsync(topic));
            Assert.True(await log.AppendAsync(gone));
            Assert.True(await log.AppendAsync(Committed("g", ("events", 0, 5), ("gone", 0, 7))));
            Assert.True(await log.AppendAsync(Committed("g", ("events", 0, 6))));
            Assert.True(await log.AppendAsync(Committed("dropped", ("events", 1, 1))));
            Assert.True(await log.AppendAsync(new MetadataRecord.TopicDeleted(gone.Id)));
            Assert.True(await log.AppendAsync(new MetadataRecord.OffsetsExpired("dropped", Time.AddSeconds(1))));
            Assert.True(await log.AppendAsync(new MetadataRecord.OffsetsExpired("g", Time)));
            Assert.True(await log.AppendAsync(new MetadataRecord.ProducerIdsReserved(3000)));
        }

        // Twice: once from the records, once from what the first start made of them.
        for (var i = 0; i < 2; i++)
        {
            using var log = Open();
            Assert.Equal("cluster", log.Image.ClusterId);
            var found = Assert.Single(log.Image.Topics);
            Assert.Equal((topic.Name, topic.Id, 3, "4096"), (found.Name, found.Id, found.Partitions, found.Configs["segment.bytes"]));
            Assert.Equal(["g"], log.Image.Groups);
            var offset = Assert.Single(log.Image.OffsetsOf("g"));
            Assert.Equal(new CommittedOffset("events", 0, 6, 0, "text ✓", Time), offset);
            Assert.Equal(3000, log.Image.NextProducerId);
        }

        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public async Task Torn_tail_is_cut_wherever_it_tears()
    {
        using (var log = Open())
        {
            await log.AppendAsync(Committed("g", ("events", 0, 5)));
            await log.AppendAsync(Committed("g", ("events", 0, 6)));
        }

        var whole = File.ReadAllBytes(OnlyFile());
        var frames = FrameStarts(whole);
        for (var length = frames[^1]; length < whole.Length; length++)
        {
            File.Delete(OnlyFile());
            File.WriteAllBytes(Path.Combine(_directory, "0000000001.metadata"), whole[..length]);
            using var log = Open();
            Assert.Equal(5, log.Image.OffsetOf("g", "events", 0)!.Offset);
        }
    }

    [Fact]
    public async Task Damage_with_good_records_behind_it_refuses_the_start()
    {
        using (var log = Open())
        {
            await log.AppendAsync(Committed("g", ("events", 0, 5)));
            await log.AppendAsync(Committed("g", ("events", 0, 6)));
        }

        var bytes = File.ReadAllBytes(OnlyFile());
        bytes[FrameStarts(bytes)[1] + 12] ^= 1;
        File.WriteAllBytes(OnlyFile(), bytes);
        var refusal = Assert.Throws<BrokerStartException>(() => Open());
        Assert.Contains("damaged", refusal.Message);
        Assert.Equal(bytes, File.ReadAllBytes(OnlyFile()));
    }

    [Fact]
    public void Records_on_disk_are_frozen()
    {
        var id = new Guid("00112233-4455-6677-8899-aabbccddeeff");
        MetadataRecord[] records =
        [
            new MetadataRecord.ClusterCreated("c"),
            new MetadataRecord.TopicCreated("t", id, 3, new Dictionary<string, string> { ["k"] = "v" }),
            new MetadataRecord.TopicDeleted(id),
            new MetadataRecord.OffsetsCommitted("g", [new CommittedOffset("t", 1, 2, 3, "m", Time)]),
            new MetadataRecord.ProducerIdsReserved(1000),
            new MetadataRecord.OffsetsExpired("g", Time),
            new MetadataRecord.LogStartRaised(id, 2, 5),
            new MetadataRecord.OffsetsDeleted("g", [new TopicPartition("t", 1)]),
            new MetadataRecord.TransactionChanged(new TransactionState
            {
                Id = "x",
                ProducerId = 4,
                Epoch = 3,
                LastEpoch = 2,
                Timeout = TimeSpan.FromSeconds(1),
                Status = TransactionStatus.PrepareCommit,
                StartedAt = Time,
                ChangedAt = Time,
                Partitions = [new TopicPartition("t", 1)],
                Offsets = [new GroupOffsets("g", [new CommittedOffset("t", 1, 2, 3, "m", Time)])],
            }),
            new MetadataRecord.TransactionForgotten("x"),
        ];
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var record in records)
            record.Write(writer);
        Assert.Equal(
            "010163"
            + "020174" + "00112233445566778899AABBCCDDEEFF" + "03000000" + "01000000" + "016B" + "0176"
            + "03" + "00112233445566778899AABBCCDDEEFF"
            + "040167" + "01000000" + "0174" + "01000000" + "0200000000000000" + "03000000" + "016D" + "0068E5CF8B010000"
            + "05" + "E803000000000000"
            + "060167" + "0068E5CF8B010000"
            + "07" + "00112233445566778899AABBCCDDEEFF" + "02000000" + "0500000000000000"
            + "080167" + "01000000" + "0174" + "01000000"
            + "090178" + "0400000000000000" + "0300" + "0200" + "E8030000" + "02" + "0068E5CF8B010000" + "0068E5CF8B010000"
            + "01000000" + "0174" + "01000000"
            + "01000000" + "0167" + "01000000" + "0174" + "01000000" + "0200000000000000" + "03000000" + "016D" + "0068E5CF8B010000"
            + "0A0178",
            Convert.ToHexString(stream.ToArray()));

        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        foreach (var record in records)
            Assert.Equal(record.GetType(), MetadataRecord.Read(reader).GetType());
    }

    [Fact]
    public async Task Producer_ids_never_repeat_over_restarts()
    {
        var seen = new HashSet<long>();
        for (var start = 0; start < 3; start++)
        {
            using var log = Open();
            using var ids = new ProducerIds(log);
            for (var i = 0; i < 1500; i++)
                Assert.True(seen.Add((await ids.NextAsync())!.Value));
        }
    }

    [Fact]
    public async Task Many_commits_do_not_grow_the_file_without_bound()
    {
        using var log = Open();
        var text = new string('m', 4000);
        for (var round = 0; round < 60; round++)
        {
            // Together, so that they share fsyncs.
            var commits = Enumerable.Range(round * 100, 100)
                .Select(i => log.AppendAsync(new MetadataRecord.OffsetsCommitted("g", [new CommittedOffset("t", 0, i, 0, text, Time)])));
            Assert.All(await Task.WhenAll(commits), Assert.True);
        }

        Assert.InRange(new FileInfo(OnlyFile()).Length, 0, 10 * 1024 * 1024);
        Assert.Equal(5999, log.Image.OffsetOf("g", "t", 0)!.Offset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disk_that_failed_is_tried_again_and_nothing_that_was_refused_is_there(bool isFull)
    {
        using (var log = Open())
        {
            Assert.True(await log.AppendAsync(Committed("g", ("events", 0, 5))));
            _disk.IsFull = isFull;
            _disk.FailsToFlush = !isFull;
            for (var i = 0; i < 3; i++)
            {
                Assert.False(await log.AppendAsync(Committed("g", ("events", 0, 6))));
                Assert.Equal(5, log.Image.OffsetOf("g", "events", 0)!.Offset);
                _time.Advance(TimeSpan.FromSeconds(2));
            }

            _disk.IsFull = _disk.FailsToFlush = false;
            Assert.True(await log.AppendAsync(Committed("g", ("events", 1, 7))));
        }

        using var again = Open();
        Assert.Equal((5, 7), (again.Image.OffsetOf("g", "events", 0)!.Offset, again.Image.OffsetOf("g", "events", 1)!.Offset));
    }

    [Fact]
    public async Task Failed_flush_is_never_made_up_for_by_a_later_one_of_the_same_file()
    {
        using var log = Open();
        var before = OnlyFile();
        _disk.FailsToFlush = true;
        Assert.False(await log.AppendAsync(Committed("g", ("events", 0, 5))));
        _disk.FailsToFlush = false;
        Assert.False(await log.AppendAsync(Committed("g", ("events", 0, 5))));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await log.AppendAsync(Committed("g", ("events", 0, 6))));
        Assert.NotEqual(before, OnlyFile());
    }

    private MetadataLog Open() => MetadataLog.Open(_directory, _disk, _time, NullLogger.Instance);

    private string OnlyFile() => Directory.GetFiles(_directory).Single();

    private static List<int> FrameStarts(byte[] bytes)
    {
        var starts = new List<int>();
        for (var position = 0; position < bytes.Length; position += 8 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(position)))
            starts.Add(position);
        return starts;
    }

    private static MetadataRecord.OffsetsCommitted Committed(string group, params (string Topic, int Partition, long Offset)[] offsets) =>
        new(group, [.. offsets.Select(o => new CommittedOffset(o.Topic, o.Partition, o.Offset, 0, "text ✓", Time))]);
}
