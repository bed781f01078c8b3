using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Operations.Positions;
using Npgsql;

namespace Millrace.Operations.Proof;

/// <summary>
/// Proves from the ledger, the tables and the broker that each record of the topic was accounted for once. Nothing is changed, and the
/// pipeline may run: the database is read in one snapshot.
/// </summary>
public sealed class Verifier
{
    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly KafkaClients _kafka;

    internal Verifier(OperationsSettings settings, NpgsqlDataSource database, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _kafka = new KafkaClients(settings, logger);
    }

    /// <summary>
    /// Runs every check. A broker that does not answer makes its checks not checked. Where the ledger is compacted, the time range is widened to whole
    /// hours; the verdict says what it became.
    /// </summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<Verdict> VerifyAsync(VerifyRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            return await VerifyAsync(request, await Snapshot.BeginAsync(connection, _settings, request, cancellationToken), cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>
    /// 1. The ledger's chain and the positions. 2. The broker's log, asked after the snapshot was taken, so that it can only have grown since.
    /// 3. Each check, by partition.
    /// </summary>
    private async Task<Verdict> VerifyAsync(VerifyRequest request, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var ledgers = await PartitionLedger.ReadAsync(snapshot, cancellationToken);
        var positions = await StoredPosition.ReadAllAsync(snapshot.Connection, _settings.GroupId, _settings.Topic, cancellationToken);
        var (log, trouble) = await FindLogAsync(cancellationToken);

        var checks = new List<Check>();
        checks.AddRange(ledgers.Select(LedgerChecks.Ranges));
        checks.AddRange(await CountsAsync(request, snapshot, ledgers, log, cancellationToken));
        checks.AddRange(await TableChecks.RowsAsync(snapshot, cancellationToken));
        foreach (var ledger in ledgers)
            checks.Add(await TableChecks.DeadAsync(snapshot, ledger, cancellationToken));
        foreach (var ledger in ledgers)
            checks.Add(await TableChecks.ParkedAsync(snapshot, ledger, cancellationToken));
        checks.AddRange(PositionsOf(snapshot, ledgers, positions));
        checks.AddRange(log is null
            ? [new Check("watermarks", null, CheckOutcome.NotChecked, trouble)]
            : positions.Select(position => PositionChecks.Watermarks(position, log)));
        checks.AddRange(await PositionChecks.AcceptedAsync(snapshot, positions.ToDictionary(position => position.Partition), log, cancellationToken));
        return new Verdict(_settings.Topic, _settings.GroupId, snapshot.From, snapshot.To, Totals(ledgers), checks);
    }

    private static IEnumerable<Check> PositionsOf(Snapshot snapshot, List<PartitionLedger> ledgers, List<StoredPosition> positions) =>
        snapshot.From is null && snapshot.To is null
            ? positions.Select(position => PositionChecks.Position(position, ledgers.Find(ledger => ledger.Partition == position.Partition)))
            : [];

    private async Task<IEnumerable<Check>> CountsAsync(
        VerifyRequest request, Snapshot snapshot, List<PartitionLedger> ledgers, TopicLog? log, CancellationToken cancellationToken)
    {
        var wide = new List<(int Partition, (long From, long To, long Records) Range)>();
        await using (var command = snapshot.Command(LedgerQueries.Wide))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
                wide.Add((row.GetInt32(0), (row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))));
        }

        var byPartition = wide.ToLookup(range => range.Partition, range => range.Range);
        var reader = new WideRangeReader(_kafka, _settings.Topic, request.Deep);

        // Reading the log blocks the thread.
        return await Task.Run(
            () => ledgers.ConvertAll(ledger => LedgerChecks.Counts(ledger, Read(reader, ledger.Partition, [.. byPartition[ledger.Partition]], log, cancellationToken))),
            cancellationToken);
    }

    private WideRanges Read(WideRangeReader reader, int partition, IReadOnlyList<(long From, long To, long Records)> ranges, TopicLog? log, CancellationToken cancellationToken)
    {
        if (ranges.Count == 0)
            return WideRanges.None;
        try
        {
            return reader.Read(partition, ranges, log, cancellationToken);
        }
        catch (KafkaException e)
        {
            var offsets = ranges.Sum(range => range.To - range.From - range.Records);
            return new WideRanges { Offsets = offsets, Unread = offsets, Why = $"the log could not be read ({_kafka.Translate(e).Message.TrimEnd('.')})" };
        }
    }

    private async Task<(TopicLog? Log, string Trouble)> FindLogAsync(CancellationToken cancellationToken)
    {
        try
        {
            var log = await TopicLog.FindAsync(_kafka, _settings.Topic, cancellationToken);
            return (log, log is null ? $"Kafka has no topic {_settings.Topic}." : "");
        }
        catch (KafkaException e)
        {
            return (null, _kafka.Translate(e).Message);
        }
    }

    private static LedgerTotals Totals(List<PartitionLedger> ledgers) => new(
        ledgers.Sum(ledger => ledger.Offsets), ledgers.Sum(ledger => ledger.Inserted), ledgers.Sum(ledger => ledger.Duplicates),
        ledgers.Sum(ledger => ledger.Dead), ledgers.Sum(ledger => ledger.Parked), ledgers.Sum(ledger => ledger.Skipped), ledgers.Sum(ledger => ledger.Flushes));
}
