using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Broker.Log;
using Millrace.Protocol;

namespace Millrace.Broker.Topics;

/// <summary>
/// The topics. A topic is created and deleted one at a time; it is found only when everything about it is on disk.
/// So a batch can never arrive before its topic is whole, which is how idempotent producers lose their first one elsewhere.
/// </summary>
/// <remarks>
/// A topic's directory is <c>topics/NAME.ID/PARTITION</c>. Deletion first renames it to <c>….deleted</c>, then records the
/// deletion, then removes it; whichever of these a crash leaves behind is finished or taken back by <see cref="Recover()"/>.
/// </remarks>
internal sealed class TopicCatalog : IDisposable
{
    private const string DeletedSuffix = ".deleted";

    /// <summary>Room for the id and the suffix in a file name.</summary>
    private const int NameCharactersInDirectory = 200;

    private readonly BrokerSettings _settings;
    private readonly DataDirectory _directory;
    private readonly MetadataLog _metadata;
    private readonly LogWriter _writer;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _oneChange = new(1, 1);
    private readonly ConcurrentDictionary<string, Topic> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Topic> _byId = [];
    private long _version;

    public TopicCatalog(
        BrokerSettings settings, DataDirectory directory, MetadataLog metadata, LogWriter writer, ILogger logger)
    {
        _settings = settings;
        _directory = directory;
        _metadata = metadata;
        _writer = writer;
        _logger = logger;
    }

    /// <summary>Goes up with each topic that comes, goes or changes, once it can be seen. Read it before what may have changed.</summary>
    public long Version => Volatile.Read(ref _version);

    public IEnumerable<Topic> All => _byName.Values.OrderBy(t => t.Name, StringComparer.Ordinal);

    /// <summary>Every partition of every topic.</summary>
    public IEnumerable<PartitionLog> Logs => _byName.Values.SelectMany(t => t.Partitions);

    public int PartitionCount => _byName.Values.Sum(t => t.Partitions.Length);

    /// <summary>Recovers every topic of the metadata log. To be called once, before anything else.</summary>
    /// <exception cref="BrokerStartException">A log cannot be read.</exception>
    public void Recover()
    {
        try
        {
            FinishDeletions();
            // Recovery reads and checksums: as many at a time as there are cores.
            Parallel.ForEach(_metadata.Image.Topics, Recover);
        }
        catch (AggregateException e) when (e.InnerExceptions is [.., IOException or UnauthorizedAccessException])
        {
            throw new BrokerStartException($"A log in {_directory.Topics} cannot be read ({e.InnerExceptions[^1].Message}): check the disk and the permissions.", e);
        }
    }

    public Topic? Find(string name) => _byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>Creates a topic, on disk when it returns.</summary>
    /// <param name="name">Checked here.</param>
    /// <param name="partitions">-1 for the broker's default.</param>
    /// <param name="configs">The topic's own settings.</param>
    /// <param name="validateOnly">Only says what would happen.</param>
    public async Task<TopicOutcome> CreateAsync(string name, int partitions, IReadOnlyDictionary<string, string> configs, bool validateOnly)
    {
        await _oneChange.WaitAsync().ConfigureAwait(false);
        try
        {
            var count = partitions == -1 ? _settings.DefaultPartitions : partitions;
            if (Refusal(name, count, configs) is { } refusal)
                return refusal;

            var topic = new Topic(name, Guid.NewGuid(), new TopicConfig(configs, _settings), new PartitionLog[count]);
            if (validateOnly)
                return new TopicOutcome(ErrorCode.None, null, topic);
            return await CreateOnDiskAsync(topic).ConfigureAwait(false);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>Gives a topic more partitions, on disk when it returns.</summary>
    public async Task<TopicOutcome> AddPartitionsAsync(string name, int count, bool validateOnly)
    {
        await _oneChange.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(name) is not { } topic)
                return TopicOutcome.Refused(ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}.");
            if (count <= topic.Partitions.Length)
            {
                return TopicOutcome.Refused(
                    ErrorCode.InvalidPartitions, $"The topic currently has {topic.Partitions.Length} partition(s); {count} would not be an increase.");
            }

            if (RefusalOfMore(count - topic.Partitions.Length) is { } refusal)
                return refusal;
            return validateOnly ? new TopicOutcome(ErrorCode.None, null, topic) : await GrowOnDiskAsync(topic, count).ConfigureAwait(false);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>Gives a topic other settings, in place of all that it has, on disk when it returns.</summary>
    public async Task<TopicOutcome> ConfigureAsync(
        string name, Func<IReadOnlyDictionary<string, string>, (Dictionary<string, string>? Configs, string? Wrong)> change, bool validateOnly)
    {
        await _oneChange.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(name) is not { } topic)
                return TopicOutcome.Refused(ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}.");
            var (configs, wrong) = change(topic.Config.Own);
            wrong ??= TopicConfigKeys.Check(configs!);
            if (wrong is not null)
                return TopicOutcome.Refused(ErrorCode.InvalidConfig, wrong);

            var changed = topic with { Config = new TopicConfig(configs!, _settings) };
            if (validateOnly)
                return new TopicOutcome(ErrorCode.None, null, changed);
            if (!await _metadata.AppendAsync(RecordOf(changed)).ConfigureAwait(false))
                return TopicOutcome.Refused(ErrorCode.KafkaStorageError, "The settings cannot be recorded.");

            var settings = changed.Config.ToLogSettings();
            foreach (var log in changed.Partitions)
                log.Configure(settings);
            Publish(changed);
            return new TopicOutcome(ErrorCode.None, null, changed);
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>Deletes the records of a partition below an offset, on disk when it returns.</summary>
    public async Task<ErrorCode> DeleteRecordsAsync(Topic topic, int partition, long offset)
    {
        if (!await _metadata.AppendAsync(new MetadataRecord.LogStartRaised(topic.Id, partition, offset)).ConfigureAwait(false))
            return ErrorCode.KafkaStorageError;
        await _writer.RunAsync(() => topic.Partitions[partition].RaiseStart(offset)).ConfigureAwait(false);
        return ErrorCode.None;
    }

    /// <summary>Deletes a topic with its records and the offsets committed for it. The answer is final when it returns.</summary>
    public async Task<ErrorCode> DeleteAsync(Topic topic)
    {
        await _oneChange.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_byId.TryRemove(topic.Id, out var current))
                return ErrorCode.UnknownTopicOrPartition;
            _byName.TryRemove(topic.Name, out _);
            Interlocked.Increment(ref _version);

            // As it is now: it may have more partitions than when it was looked up.
            topic = current;
            await _writer.DeleteAsync(topic.Partitions).ConfigureAwait(false);
            var path = PathOf(topic.Name, topic.Id);
            Directory.Move(path, path + DeletedSuffix);
            DirectorySync.Flush(_directory.Topics);
            if (!await _metadata.AppendAsync(new MetadataRecord.TopicDeleted(topic.Id)).ConfigureAwait(false))
            {
                Directory.Move(path + DeletedSuffix, path);
                Recover(RecordOf(topic));
                return ErrorCode.KafkaStorageError;
            }

            Directory.Delete(path + DeletedSuffix, recursive: true);
            _logger.TopicDeleted(topic.Name, topic.Id);
            return ErrorCode.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.TopicChangeFailed(topic.Name, e);
            return ErrorCode.KafkaStorageError;
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>To be called when nothing is written any more.</summary>
    public void Dispose()
    {
        foreach (var log in Logs)
        {
            log.SaveSnapshot();
            log.Dispose();
        }

        _oneChange.Dispose();
    }

    private TopicOutcome? Refusal(string name, int partitions, IReadOnlyDictionary<string, string> configs)
    {
        if (!TopicName.IsValid(name))
            return TopicOutcome.Refused(ErrorCode.InvalidTopicException, $"\"{name}\" is not a topic name: 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'.");
        if (_byName.ContainsKey(name))
            return TopicOutcome.Refused(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        if (partitions <= 0)
            return TopicOutcome.Refused(ErrorCode.InvalidPartitions, "Number of partitions must be larger than 0.");
        if (RefusalOfMore(partitions) is { } refusal)
            return refusal;
        if (TopicConfigKeys.Check(configs) is { } wrong)
            return TopicOutcome.Refused(ErrorCode.InvalidConfig, wrong);
        return null;
    }

    private TopicOutcome? RefusalOfMore(int partitions) => PartitionCount + (long)partitions > _settings.MaxPartitions
        ? TopicOutcome.Refused(ErrorCode.PolicyViolation, $"The broker would have more than {_settings.MaxPartitions} partitions.")
        : null;

    private async Task<TopicOutcome> CreateOnDiskAsync(Topic topic)
    {
        var path = PathOf(topic.Name, topic.Id);
        try
        {
            OpenPartitions(topic, path, from: 0);
            DirectorySync.Flush(path);
            DirectorySync.Flush(_directory.Topics);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.TopicChangeFailed(topic.Name, e);
            Abandon(topic, path);
            return TopicOutcome.Refused(ErrorCode.KafkaStorageError, "The topic's files cannot be made.");
        }

        if (!await _metadata.AppendAsync(RecordOf(topic)).ConfigureAwait(false))
        {
            Abandon(topic, path);
            return TopicOutcome.Refused(ErrorCode.KafkaStorageError, "The topic cannot be recorded.");
        }

        Publish(topic);
        _logger.TopicCreated(topic.Name, topic.Id, topic.Partitions.Length);
        return new TopicOutcome(ErrorCode.None, null, topic);
    }

    private async Task<TopicOutcome> GrowOnDiskAsync(Topic topic, int count)
    {
        var path = PathOf(topic.Name, topic.Id);
        var grown = topic with { Partitions = new PartitionLog[count] };
        topic.Partitions.CopyTo(grown.Partitions, 0);
        try
        {
            OpenPartitions(grown, path, from: topic.Partitions.Length);
            DirectorySync.Flush(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.TopicChangeFailed(topic.Name, e);
            Close(grown, from: topic.Partitions.Length);
            return TopicOutcome.Refused(ErrorCode.KafkaStorageError, "The partitions' files cannot be made.");
        }

        if (!await _metadata.AppendAsync(RecordOf(grown)).ConfigureAwait(false))
        {
            // Their files are empty, and are there when somebody tries it again.
            Close(grown, from: topic.Partitions.Length);
            return TopicOutcome.Refused(ErrorCode.KafkaStorageError, "The partitions cannot be recorded.");
        }

        Publish(grown);
        return new TopicOutcome(ErrorCode.None, null, grown);
    }

    private static MetadataRecord.TopicCreated RecordOf(Topic topic) => new(topic.Name, topic.Id, topic.Partitions.Length, topic.Config.Own);

    private void Recover(MetadataRecord.TopicCreated record)
    {
        var path = PathOf(record.Name, record.Id);
        if (!Directory.Exists(path))
            _logger.TopicDirectoryMissing(record.Name, path);

        var topic = new Topic(record.Name, record.Id, new TopicConfig(record.Configs, _settings), new PartitionLog[record.Partitions]);
        OpenPartitions(topic, path, from: 0);
        for (var i = 0; i < topic.Partitions.Length; i++)
            topic.Partitions[i].RaiseStart(_metadata.Image.LogStartOf(topic.Id, i));
        Publish(topic);
    }

    private void OpenPartitions(Topic topic, string path, int from)
    {
        var settings = topic.Config.ToLogSettings();
        for (var i = from; i < topic.Partitions.Length; i++)
            topic.Partitions[i] = PartitionLog.Open(Path.Combine(path, $"{i}"), settings, _settings.Disk, _settings.Time, _logger);
    }

    /// <summary>Removes what was made of a topic that has not come to be.</summary>
    private void Abandon(Topic topic, string path)
    {
        Close(topic, from: 0);
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.TopicChangeFailed(topic.Name, e);
        }
    }

    private static void Close(Topic topic, int from)
    {
        // None where the disk failed before it was made.
        foreach (PartitionLog? log in topic.Partitions.AsSpan(from))
            log?.Dispose();
    }

    private void Publish(Topic topic)
    {
        _byId[topic.Id] = topic;
        _byName[topic.Name] = topic;
        Interlocked.Increment(ref _version);
    }

    private void FinishDeletions()
    {
        var alive = _metadata.Image.Topics.Select(t => PathOf(t.Name, t.Id)).ToHashSet();
        foreach (var deleted in Directory.EnumerateDirectories(_directory.Topics, "*" + DeletedSuffix).ToList())
        {
            var path = deleted[..^DeletedSuffix.Length];
            if (alive.Contains(path))
                Directory.Move(deleted, path);
            else
                Directory.Delete(deleted, recursive: true);
        }
    }

    private string PathOf(string name, Guid id) =>
        Path.Combine(_directory.Topics, $"{name[..Math.Min(name.Length, NameCharactersInDirectory)]}.{id:N}");
}
