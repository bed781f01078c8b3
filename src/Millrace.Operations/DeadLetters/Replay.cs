using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Millrace.Events;
using Millrace.Schemas.Catalog;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Operations.DeadLetters;

/// <summary>
/// One replay: 1. fix which letters it is about, in the order in which they stood in their partitions; 2. page by page, read, guard, check and
/// send them; 3. mark those that the broker acknowledged.
/// </summary>
/// <remarks>
/// Marking comes after the acknowledgement, so a crash between the two sends a letter twice at most, and since the event has its id, which is in the
/// bytes, it is stored once. What comes back as a dead letter during a replay is a new one and no part of it.
/// </remarks>
internal sealed class Replay(
    NpgsqlDataSource database, IProducer<byte[]?, byte[]?>? producer, ReplayOptions options, JsonPatch? patch, SchemaCatalog schemas, TimeProvider time)
{
    /// <summary>The letters of one call: their ids are held in memory.</summary>
    public const int MaxLetters = 1_000_000;

    // Between two marks: what a crash may send twice.
    private const int PageSize = 100;

    private const string MarkSql =
        """
        UPDATE pipeline.dead_letters
           SET state = 'replayed', replays = replays + 1, decided_by = $2, decided_at = now(), decided_reason = NULL
         WHERE dead_letter_id = ANY ($1)
        """;

    private static readonly HashSet<string> AfterTheCheck =
        [.. Enum.GetValues<RefusalReason>().Where(reason => reason.IsOfAnEvent() && !reason.IsOfSchemas()).Select(reason => reason.Code())];

    private readonly Tally _stillBad = new();
    private readonly Tally _notSent = new();
    private readonly long _started = time.GetTimestamp();
    private long _considered;
    private long _passed;
    private long _uncertain;
    private long _guarded;
    private long _sent;
    private long _replayed;
    private IReadOnlyList<Guid> _missing = [];

    /// <summary>What has come of it so far.</summary>
    public ReplayReport Report => new()
    {
        DryRun = options.DryRun,
        Considered = _considered,
        Passed = _passed,
        Uncertain = _uncertain,
        Replayed = _replayed,
        Guarded = _guarded,
        StillBad = _stillBad.ToList(),
        NotSent = _notSent.ToList(),
        Missing = _missing,
    };

    public async Task RunAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var ids = await FindAsync(filter, cancellationToken);
        if (filter.Ids is { } asked)
            _missing = [.. asked.Except(ids).Take(100)];
        foreach (var page in ids.Chunk(PageSize))
        {
            await RunPageAsync(filter with { Ids = page }, cancellationToken);
            options.Progress?.Invoke(_considered);
        }
    }

    private async Task<List<Guid>> FindAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        DeadLetterQuery.Apply(
            command, filter, "SELECT dead_letter_id FROM pipeline.dead_letters",
            $"ORDER BY topic, kafka_partition, kafka_offset LIMIT {MaxLetters}");
        var ids = new List<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private async Task RunPageAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetterRecord>();
        var page = producer is null ? null : new SentPage(producer);
        try
        {
            await using var command = database.CreateCommand();

            // With the filter again: what somebody else decided in the meantime is left alone.
            DeadLetterQuery.Apply(command, filter, DeadLetterRow.Select, "ORDER BY topic, kafka_partition, kafka_offset");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (Examine(DeadLetterRow.Read(reader)) is not { } candidate || page is null)
                    continue;
                await PaceAsync(cancellationToken);
                letters.Add(candidate.Letter);
                page.Send(new TopicPartition(candidate.Letter.Topic, candidate.Letter.Partition), Message(candidate.Letter, candidate.Value));
            }
        }
        finally
        {
            // Whatever ended the page, and whoever cancelled it: what is on its way is waited for and marked.
            if (page is not null)
                await MarkAsync(letters, await page.AnswersAsync());
        }
    }

    /// <summary>Null when the letter is not to be sent.</summary>
    private (DeadLetterRecord Letter, byte[] Value)? Examine(DeadLetterRecord letter)
    {
        _considered++;
        if (letter.Attempts >= options.MaxAttempts)
        {
            _guarded++;
            return null;
        }

        var candidate = ReplayCandidate.Prepare(letter, patch, schemas);
        if (candidate.Value is not { } value)
        {
            _stillBad.Add(candidate.Reason, letter.Id, candidate.Detail);
            return null;
        }

        _passed++;
        if (AfterTheCheck.Contains(letter.Reason))
            _uncertain++;
        return (letter, value);
    }

    private async Task PaceAsync(CancellationToken cancellationToken)
    {
        if (options.RatePerSecond is { } rate)
        {
            var due = TimeSpan.FromSeconds(_sent / rate) - time.GetElapsedTime(_started);
            if (due > TimeSpan.Zero)
                await Task.Delay(due, time, cancellationToken);
        }

        _sent++;
    }

    private static Message<byte[]?, byte[]?> Message(DeadLetterRecord letter, byte[] value)
    {
        var headers = new Headers();
        foreach (var header in letter.Headers.Where(header => header.Key is not (HeaderNames.Attempts or HeaderNames.DeadLetterId)))
            headers.Add(header.Key, header.Value);
        headers.Add(HeaderNames.Attempts, Encoding.ASCII.GetBytes(letter.Attempts.ToString(CultureInfo.InvariantCulture)));
        headers.Add(HeaderNames.DeadLetterId, Encoding.ASCII.GetBytes(letter.Id.ToString()));
        return new Message<byte[]?, byte[]?> { Key = letter.Key, Value = value, Headers = headers };
    }

    private async Task MarkAsync(List<DeadLetterRecord> letters, IReadOnlyList<Error?> answers)
    {
        var acknowledged = new List<Guid>(letters.Count);
        for (var i = 0; i < letters.Count; i++)
        {
            if (answers[i] is { } error)
                _notSent.Add(error.Code.ToString(), letters[i].Id, error.Reason);
            else
                acknowledged.Add(letters[i].Id);
        }

        if (acknowledged.Count == 0)
            return;
        await using var command = database.CreateCommand(MarkSql);
        command.Parameters.Add(new() { Value = acknowledged.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = options.Actor });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        _replayed += acknowledged.Count;
    }
}
