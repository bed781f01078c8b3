using System.Text;
using Millrace.Events;
using Millrace.Pipeline.Check;
using Millrace.Pipeline.Read;
using Npgsql;
using NpgsqlTypes;

namespace Millrace.Pipeline.DeadLetters;

/// <summary>One statement that writes any number of dead letters.</summary>
internal static class DeadLetterInsert
{
    private const string Sql =
        """
        INSERT INTO pipeline.dead_letters
            (dead_letter_id, topic, kafka_partition, kafka_offset, record_timestamp, record_key, record_value, record_headers, reason, detail,
             attempts, event_id, event_type, user_id, correlation_id)
        SELECT id, $2, $3, record_offset, record_timestamp, record_key, record_value, record_headers, reason, detail,
               attempts, event_id, event_type, user_id, correlation_id
          FROM unnest($1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS dead
               (id, record_offset, record_timestamp, record_key, record_value, record_headers, reason, detail,
                attempts, event_id, event_type, user_id, correlation_id)
        ON CONFLICT (dead_letter_id) DO UPDATE
           SET attempts = dead_letters.attempts + 1, last_seen = now(), reason = excluded.reason, detail = excluded.detail
        """;

    // Far more than anybody replays; a header may say anything, and the column must be able to count on.
    private const int MaxAttemptsTold = 1_000_000;

    private static readonly byte[] AttemptsHeader = Encoding.UTF8.GetBytes(RecordHeaderNames.Attempts);

    public static NpgsqlBatchCommand Create(string topic, int partition, in DerivedEventIds ids, RecordBuffer records, IReadOnlyList<DeadLetter> letters)
    {
        var count = letters.Count;
        var id = new Guid[count];
        var offset = new long[count];
        var timestamp = new DateTime[count];
        var key = new byte[]?[count];
        var value = new byte[]?[count];
        var reason = new string[count];
        var headers = new string?[count];
        var detail = new string[count];
        var attempts = new int[count];
        var eventId = new Guid?[count];
        var eventType = new string?[count];
        var userId = new string?[count];
        var correlationId = new string?[count];
        for (var i = 0; i < count; i++)
        {
            var record = records[letters[i].Index];
            id[i] = ids.At(record.Offset, record.TimestampMilliseconds);
            offset[i] = record.Offset;
            timestamp[i] = record.Timestamp;
            key[i] = record.KeyToArray();
            value[i] = record.HasValue ? record.Value.ToArray() : null;
            var recordHeaders = new RecordHeaders(record.Headers);
            headers[i] = recordHeaders.ToJson();
            reason[i] = letters[i].Reason.Code();
            detail[i] = letters[i].Detail;
            attempts[i] = Attempt(recordHeaders);
            var glimpse = EnvelopeGlimpse.Of(record.Value);
            eventId[i] = glimpse.EventId ?? (letters[i].Reason.IsOfAnEvent() ? id[i] : null);
            eventType[i] = glimpse.EventType;
            userId[i] = glimpse.UserId ?? (RecordCheck.IsUser(record.Key) ? Encoding.UTF8.GetString(record.Key) : null);
            correlationId[i] = glimpse.CorrelationId;
        }

        return new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new() { Value = id, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = topic, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = partition, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = offset, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = timestamp, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                new() { Value = key, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                new() { Value = headers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = detail, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = attempts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                new() { Value = eventId, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
                new() { Value = eventType, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = userId, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = correlationId, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
    }

    /// <summary>How often this record has been a dead letter now: a replay says in a header how often it was before.</summary>
    private static int Attempt(in RecordHeaders headers) =>
        Math.Min(headers.FindNumber(AttemptsHeader) ?? 0, MaxAttemptsTold) + 1;
}
