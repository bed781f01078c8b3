using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Broker.Log;
using Millrace.Broker.Topics;
using Millrace.Protocol;
using Millrace.Protocol.Records;

namespace Millrace.Broker.Transactions;

/// <summary>Who says that it is the producer of a transactional id.</summary>
internal readonly record struct TransactionalProducer(string Id, long ProducerId, short Epoch);

/// <summary>The answer to InitProducerId.</summary>
internal readonly record struct InitResult(ErrorCode Error, long ProducerId, short Epoch)
{
    public static InitResult Refused(ErrorCode error) => new(error, -1, -1);
}

/// <summary>
/// The transactions of this broker. A transaction ends in three steps, and a crash between any two of them is made good at the next start:
/// <list type="number">
/// <item>the decision goes to disk, and from then on nothing changes it;</item>
/// <item>each partition gets its marker, which decides about the records there;</item>
/// <item>the offsets of the transaction and its end go to disk together.</item>
/// </list>
/// </summary>
/// <remarks>
/// The state is kept in the metadata log, where the groups' offsets are too: so offsets and the end of their transaction are one write, and
/// there is no order between two files to get wrong. Requests of one transactional id are served one at a time. Unlike Kafka's
/// coordinator this one answers when all three steps are done, so no client has to be told that its last transaction is still ending.
/// </remarks>
internal sealed class TransactionCoordinator : IDisposable
{
    /// <summary>Kafka looks every ten seconds; a shorter wait costs nothing here.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>Each costs some hundred bytes and is written with each of its steps.</summary>
    private const int MaxTransactionalIds = 100_000;

    /// <summary>Two are left: one to fence with, one that no producer has.</summary>
    private const short LastEpochGiven = short.MaxValue - 2;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly BrokerSettings _settings;
    private readonly MetadataLog _metadata;
    private readonly TopicCatalog _topics;
    private readonly LogWriter _writer;
    private readonly ProducerIds _producerIds;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _isChecking;

    public TransactionCoordinator(
        BrokerSettings settings, MetadataLog metadata, TopicCatalog topics, LogWriter writer, ProducerIds producerIds, ILogger logger)
    {
        _settings = settings;
        _metadata = metadata;
        _topics = topics;
        _writer = writer;
        _producerIds = producerIds;
        _logger = logger;
        foreach (var state in metadata.Image.Transactions)
            _entries[state.Id] = new Entry { State = state };
        _timer = settings.Time.CreateTimer(_ => _ = CheckAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!_entries.IsEmpty)
            StartChecking();
    }

    public IReadOnlyList<TransactionState> All => [.. _entries.Values.Select(e => e.State).OfType<TransactionState>()];

    private DateTimeOffset Now => _settings.Time.GetUtcNow();

    /// <summary>Ends what was decided before the crash, and lets what is still open go on. To be called once, before any client is served.</summary>
    public async Task RecoverAsync()
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.State!.IsDecided)
                await CompleteAsync(entry).ConfigureAwait(false);
            else if (entry.State.Status is TransactionStatus.Ongoing)
                Admit(entry.State, entry.State.Partitions);
        }
    }

    public TransactionState? Find(string id) => _entries.TryGetValue(id, out var entry) ? entry.State : null;

    /// <summary>The partitions for which a transaction that is not decided, or not done, has an offset of the group.</summary>
    public IReadOnlySet<TopicPartition> PendingOffsets(string group) => All.Where(t => t.IsOpen)
        .SelectMany(t => t.Offsets).Where(g => g.Group == group)
        .SelectMany(g => g.Offsets).Select(o => new TopicPartition(o.Topic, o.Partition)).ToHashSet();

    /// <summary>Gives the id a producer id and an epoch under which nobody before can write any more; what was open is aborted.</summary>
    public async Task<InitResult> InitAsync(string id, TimeSpan timeout, long producerId, short epoch)
    {
        if (timeout <= TimeSpan.Zero || timeout > _settings.TransactionMaxTimeout)
            return InitResult.Refused(ErrorCode.InvalidTransactionTimeout);
        if (_entries.Count >= MaxTransactionalIds && !_entries.ContainsKey(id))
            return InitResult.Refused(ErrorCode.PolicyViolation);

        var entry = _entries.GetOrAdd(id, _ => new Entry());
        StartChecking();
        using var held = await entry.EnterAsync().ConfigureAwait(false);
        if (entry.State is { } known && producerId >= 0)
        {
            var isCurrent = producerId == known.ProducerId && epoch == known.Epoch;
            var asksAgain = producerId == known.ProducerId && epoch == known.LastEpoch && known.LastEpoch != TransactionState.NoEpoch;
            if (asksAgain && known.Status is TransactionStatus.Empty)
                return new InitResult(ErrorCode.None, known.ProducerId, known.Epoch);
            if (!isCurrent)
                return InitResult.Refused(ErrorCode.ProducerFenced);
        }

        if (entry.State is { Status: TransactionStatus.Ongoing } && await AbortAndFenceAsync(entry).ConfigureAwait(false) is var aborted and not ErrorCode.None)
            return InitResult.Refused(aborted);
        if (entry.State is { IsDecided: true } && await CompleteAsync(entry).ConfigureAwait(false) is var completed and not ErrorCode.None)
            return InitResult.Refused(completed);
        return await RenewAsync(entry, id, timeout, epoch).ConfigureAwait(false);
    }

    /// <summary>Takes partitions into the transaction, and with the first of them begins it.</summary>
    public Task<ErrorCode> AddPartitionsAsync(TransactionalProducer producer, IReadOnlyList<TopicPartition> partitions) =>
        ChangeAsync(producer, begins: true, partitions, []);

    /// <summary>Begins the transaction if it has not begun: the group's offsets follow.</summary>
    public Task<ErrorCode> AddGroupAsync(TransactionalProducer producer) => ChangeAsync(producer, begins: true, [], []);

    /// <summary>Keeps offsets of a group until the transaction is decided.</summary>
    public Task<ErrorCode> CommitOffsetsAsync(TransactionalProducer producer, string group, IReadOnlyList<CommittedOffset> offsets) =>
        ChangeAsync(producer, begins: false, [], [new GroupOffsets(group, offsets)]);

    /// <summary>Commits or aborts. When it returns without an error every reader can see it.</summary>
    public async Task<ErrorCode> EndAsync(TransactionalProducer producer, bool isCommit)
    {
        if (!_entries.TryGetValue(producer.Id, out var entry))
            return ErrorCode.InvalidProducerIdMapping;

        using var held = await entry.EnterAsync().ConfigureAwait(false);
        if (Check(entry.State, producer) is var error and not ErrorCode.None)
            return error;

        var (prepared, completed) = isCommit
            ? (TransactionStatus.PrepareCommit, TransactionStatus.CompleteCommit)
            : (TransactionStatus.PrepareAbort, TransactionStatus.CompleteAbort);
        if (entry.State!.Status == completed)
            return ErrorCode.None; // The answer was lost, and the client asks again.
        if (entry.State.Status is TransactionStatus.Ongoing
            && !await SaveAsync(entry, entry.State with { Status = prepared }).ConfigureAwait(false))
            return ErrorCode.CoordinatorNotAvailable;
        return entry.State.Status == prepared ? await CompleteAsync(entry).ConfigureAwait(false) : ErrorCode.InvalidTxnState;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Aborts what has taken too long, and forgets ids that nobody uses.</summary>
    internal async Task CheckAsync()
    {
        foreach (var (id, entry) in _entries)
        {
            if (entry.State is not { } state)
                continue;
            var isLate = state.Status is TransactionStatus.Ongoing && Now - state.StartedAt > state.Timeout;
            var isForgotten = !state.IsOpen && Now - state.ChangedAt > _settings.TransactionalIdExpiration;
            if (!isLate && !isForgotten && !state.IsDecided)
                continue;

            using var held = await entry.EnterAsync().ConfigureAwait(false);
            if (entry.State != state)
                continue;
            if (isLate)
            {
                _logger.TransactionTimedOut(id, state.ProducerId, state.Timeout);
                await AbortAndFenceAsync(entry).ConfigureAwait(false);
            }
            else if (state.IsDecided)
            {
                // A disk that failed may be back.
                await CompleteAsync(entry).ConfigureAwait(false);
            }
            else if (await _metadata.AppendAsync(new MetadataRecord.TransactionForgotten(id)).ConfigureAwait(false))
            {
                entry.State = null;
                _entries.TryRemove(new KeyValuePair<string, Entry>(id, entry));
            }
        }
    }

    /// <summary>From the first transactional id on: most brokers never see one, and need not be woken each second.</summary>
    private void StartChecking()
    {
        if (Interlocked.Exchange(ref _isChecking, 1) == 0)
            _timer.Change(CheckInterval, CheckInterval);
    }

    private async Task<InitResult> RenewAsync(Entry entry, string id, TimeSpan timeout, short epoch)
    {
        TransactionState renewed;
        if (entry.State is { Epoch: < LastEpochGiven } known)
        {
            renewed = known with
            {
                Epoch = (short)(known.Epoch + 1),
                LastEpoch = epoch,
                Timeout = timeout,
                Status = TransactionStatus.Empty,
                ChangedAt = Now,
            };
        }
        else if (await _producerIds.NextAsync().ConfigureAwait(false) is { } producerId)
            renewed = new TransactionState { Id = id, ProducerId = producerId, Epoch = 0, Timeout = timeout, Status = TransactionStatus.Empty, ChangedAt = Now };
        else
            return InitResult.Refused(ErrorCode.CoordinatorNotAvailable);

        if (!await SaveAsync(entry, renewed).ConfigureAwait(false))
            return InitResult.Refused(ErrorCode.CoordinatorNotAvailable);

        // The id may have been forgotten while this waited for its turn.
        _entries[id] = entry;
        return new InitResult(ErrorCode.None, renewed.ProducerId, renewed.Epoch);
    }

    /// <param name="producer">Whose transaction.</param>
    /// <param name="begins">Whether this may begin it; otherwise it must be open.</param>
    /// <param name="partitions">Those that come into it.</param>
    /// <param name="offsets">Those that it is to commit.</param>
    private async Task<ErrorCode> ChangeAsync(
        TransactionalProducer producer, bool begins, IReadOnlyList<TopicPartition> partitions, IReadOnlyList<GroupOffsets> offsets)
    {
        if (!_entries.TryGetValue(producer.Id, out var entry))
            return ErrorCode.InvalidProducerIdMapping;

        using var held = await entry.EnterAsync().ConfigureAwait(false);
        if (!begins && entry.State is { Status: not TransactionStatus.Ongoing })
            return ErrorCode.InvalidTxnState;
        if (Check(entry.State, producer) is var error and not ErrorCode.None)
            return error;
        if (entry.State!.IsDecided)
            return ErrorCode.ConcurrentTransactions;

        var begun = entry.State.Status is TransactionStatus.Ongoing
            ? entry.State
            : entry.State with { Status = TransactionStatus.Ongoing, LastEpoch = TransactionState.NoEpoch, StartedAt = Now, Partitions = [], Offsets = [] };
        var changed = begun with { Partitions = [.. begun.Partitions.Union(partitions)], Offsets = [.. begun.Offsets, .. offsets] };
        if (!await SaveAsync(entry, changed).ConfigureAwait(false))
            return ErrorCode.CoordinatorNotAvailable;
        Admit(changed, partitions);
        return ErrorCode.None;
    }

    private static ErrorCode Check(TransactionState? state, TransactionalProducer producer)
    {
        if (state is null || state.ProducerId != producer.ProducerId)
            return ErrorCode.InvalidProducerIdMapping;
        return state.Epoch == producer.Epoch ? ErrorCode.None : ErrorCode.ProducerFenced;
    }

    /// <summary>Aborts under a higher epoch, so that the producer that began it cannot go on in the middle.</summary>
    private async Task<ErrorCode> AbortAndFenceAsync(Entry entry)
    {
        var state = entry.State! with { Status = TransactionStatus.PrepareAbort, Epoch = (short)(entry.State.Epoch + 1) };
        return await SaveAsync(entry, state).ConfigureAwait(false)
            ? await CompleteAsync(entry).ConfigureAwait(false)
            : ErrorCode.CoordinatorNotAvailable;
    }

    /// <summary>Steps two and three of an end that is decided. May be done again.</summary>
    private async Task<ErrorCode> CompleteAsync(Entry entry)
    {
        var state = entry.State!;
        var isCommit = state.Status is TransactionStatus.PrepareCommit;
        if (!await WriteMarkersAsync(state, isCommit).ConfigureAwait(false))
            return ErrorCode.CoordinatorNotAvailable;

        var records = new List<MetadataRecord>();
        if (isCommit)
        {
            // A topic may have been deleted since.
            records.AddRange(state.Offsets.Select(g => new MetadataRecord.OffsetsCommitted(
                g.Group, [.. g.Offsets.Where(o => _topics.Find(o.Topic) is not null).Select(o => o with { CommittedAt = Now })])));
        }

        var done = state with
        {
            Status = isCommit ? TransactionStatus.CompleteCommit : TransactionStatus.CompleteAbort,
            Partitions = [],
            Offsets = [],
            ChangedAt = Now,
        };
        records.Add(new MetadataRecord.TransactionChanged(done));
        if (!await _metadata.AppendAsync(records).ConfigureAwait(false))
            return ErrorCode.CoordinatorNotAvailable;
        entry.State = done;
        return ErrorCode.None;
    }

    private async Task<bool> WriteMarkersAsync(TransactionState state, bool isCommit)
    {
        var parts = new List<AppendPart>();
        foreach (var (topic, partition) in state.Partitions)
        {
            if (_topics.Find(topic)?.Partition(partition) is not { } log)
                continue;
            var batch = ControlMarker.Build(state.ProducerId, state.Epoch, isCommit, Now);
            _ = RecordBatchHeader.TryRead(batch, out var header);
            parts.Add(new AppendPart(log, batch, header));
        }

        if (parts.Count == 0)
            return true;
        return await _writer.AppendAsync(new AppendRequest([.. parts], waitsForDisk: true)).ConfigureAwait(false)
            && parts.TrueForAll(p => p.Error is ErrorCode.None or ErrorCode.UnknownTopicOrPartition);
    }

    private void Admit(TransactionState state, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (var (topic, partition) in partitions)
            _topics.Find(topic)?.Partition(partition)?.Admit(state.ProducerId, state.Epoch);
    }

    private async Task<bool> SaveAsync(Entry entry, TransactionState state)
    {
        state = state with { ChangedAt = Now };
        if (!await _metadata.AppendAsync(new MetadataRecord.TransactionChanged(state)).ConfigureAwait(false))
            return false;
        entry.State = state;
        return true;
    }

    private sealed class Entry
    {
        private readonly SemaphoreSlim _gate = new(1, 1);
        private volatile TransactionState? _state;

        /// <summary>Null until the id has its first producer.</summary>
        public TransactionState? State
        {
            get => _state;
            set => _state = value;
        }

        public async ValueTask<Release> EnterAsync()
        {
            await _gate.WaitAsync().ConfigureAwait(false);
            return new Release(_gate);
        }

        public readonly struct Release(SemaphoreSlim gate) : IDisposable
        {
            public void Dispose() => gate.Release();
        }
    }
}
