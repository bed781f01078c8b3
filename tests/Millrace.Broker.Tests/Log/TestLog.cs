using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;
using Millrace.Broker.Log;
using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Tests.Log;

/// <summary>A partition's log with a clock and a disk that do as they are told. Can be closed as by a crash and opened again.</summary>
internal sealed class TestLog : IDisposable
{
    private readonly BrokerMetrics _metrics = new();

    public TestLog(LogSettings? settings = null)
    {
        Settings = settings ?? Default;
        Open();
    }

    public static LogSettings Default => new() { SegmentBytes = 4096, MaxProducers = 100, UsesLogAppendTime = false };

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("millrace-log-").FullName;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));

    public FaultyDisk Disk { get; } = new();

    public LogSettings Settings { get; set; }

    public LogWriter Writer { get; private set; } = null!;

    public PartitionLog Log { get; private set; } = null!;

    public int Segments => System.IO.Directory.GetFiles(Directory, "*.log").Length;

    public void Restart(bool isClean = false)
    {
        Writer.Dispose();
        if (isClean)
            Log.SaveSnapshot();
        Log.Dispose();
        Open();
    }

    public async Task<AppendPart> AppendAsync(byte[] batch, bool waitsForDisk = true)
    {
        var part = new AppendPart(Log, batch, Batches.HeaderOf(batch));
        Assert.True(await Writer.AppendAsync(new AppendRequest([part], waitsForDisk)));
        return part;
    }

    public async Task<AppendPart> AppendAsync(string value)
    {
        var part = await AppendAsync(Batches.Build([value], -1, -1, -1, Time.GetUtcNow().ToUnixTimeMilliseconds()));
        Assert.Equal(ErrorCode.None, part.Error);
        return part;
    }

    /// <summary>One batch of keyed records.</summary>
    public async Task AppendKeyedAsync(params (string Key, string? Value)[] records)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var (key, value) in records)
            builder.Append(Time.GetUtcNow().ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(key), value is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(value), ("h", "1"u8.ToArray()));
        Assert.Equal(ErrorCode.None, (await AppendAsync(builder.Build())).Error);
    }

    /// <summary>A batch of a transaction.</summary>
    public Task<AppendPart> AppendTransactionalAsync(long producerId, short epoch, int sequence, params string[] values) => AppendAsync(
        Batches.Build(values, producerId, epoch, sequence, attributes: default(RecordBatchAttributes) with { IsTransactional = true }));

    public Task<AppendPart> AppendMarkerAsync(long producerId, short epoch, bool isCommit) =>
        AppendAsync(ControlMarker.Build(producerId, epoch, isCommit, Time.GetUtcNow()));

    /// <summary>Every record from the first on, to the end of what may be read.</summary>
    public List<(long Offset, string? Key, string? Value)> ReadAll(bool onlyCommitted = false) => ReadAll(Log, onlyCommitted);

    public static List<(long Offset, string? Key, string? Value)> ReadAll(PartitionLog log, bool onlyCommitted = false)
    {
        var records = new List<(long, string?, string?)>();
        var end = onlyCommitted ? log.LastStableOffset : log.HighWatermark;
        var offset = log.StartOffset;
        while (offset < end)
        {
            using var read = log.Read(offset, end, 1024 * 1024, atLeastOne: true);
            Assert.False(read.IsCorrupt);
            var rest = read.Bytes;
            Assert.False(rest.IsEmpty);
            while (RecordSet.TryTake(ref rest, out var batch))
            {
                using var reader = new RecordReader(batch, 1024 * 1024);
                offset = reader.Header.LastOffset + 1;
                while (reader.TryRead(out var record))
                {
                    if (!reader.Header.Attributes.IsControl && record.Offset >= log.StartOffset)
                        records.Add((record.Offset, Text(record.Key), Text(record.Value)));
                }
            }
        }

        return records;
    }

    public IEnumerable<string?> Values(bool onlyCommitted = false) => ReadAll(onlyCommitted).Select(r => r.Value);

    public void Dispose()
    {
        Writer.Dispose();
        Log.Dispose();
        _metrics.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? Encoding.UTF8.GetString(some.Span) : null;

    private void Open()
    {
        Writer = new LogWriter(_metrics);
        Log = PartitionLog.Open(Directory, Settings, Disk, Time, NullLogger.Instance);
    }

    /// <summary>The system's disk, which can be made to be full, or to fail in its flushes.</summary>
    internal sealed class FaultyDisk : IDisk
    {
        public bool IsFull { get; set; }

        public bool FailsToFlush { get; set; }

        public int Flushes { get; private set; }

        /// <summary>Called before a file is renamed or deleted.</summary>
        public Action? BeforeChange { get; set; }

        public void Write(SafeFileHandle file, string path, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long offset)
        {
            if (IsFull)
            {
                // As a disk that fills up in the middle of a write does it.
                RandomAccess.Write(file, buffers[0].Span[..(buffers[0].Length / 2)], offset);
                throw new IOException("No space left on device");
            }

            SystemDisk.Instance.Write(file, path, buffers, offset);
        }

        public void Flush(SafeFileHandle file, string path)
        {
            Flushes++;
            if (FailsToFlush)
                throw new IOException("Input/output error");
            SystemDisk.Instance.Flush(file, path);
        }

        public void Move(string from, string to)
        {
            BeforeChange?.Invoke();
            SystemDisk.Instance.Move(from, to);
        }

        public void Delete(string path)
        {
            BeforeChange?.Invoke();
            SystemDisk.Instance.Delete(path);
        }
    }
}
