using System.Text.Json;
using Npgsql;

namespace Millrace.Operations.DeadLetters;

/// <summary>Rows of <c>pipeline.dead_letters</c> as records.</summary>
internal static class DeadLetterRow
{
    /// <summary>What <see cref="Read"/> expects, in its order.</summary>
    public const string Select =
        $"""
        SELECT dead_letter_id, state, reason, detail, {Fingerprint.Sql}, topic, kafka_partition, kafka_offset, record_timestamp, record_key,
               record_value, record_headers::text, event_id, event_type, user_id, correlation_id, first_seen, last_seen, attempts, replays,
               relayed_at, decided_by, decided_at, decided_reason
          FROM pipeline.dead_letters
        """;

    public static DeadLetterRecord Read(NpgsqlDataReader row)
    {
        var key = row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9);
        var value = row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10);
        return new DeadLetterRecord
        {
            Id = row.GetGuid(0),
            State = DeadLetterStates.Parse(row.GetString(1)),
            Reason = row.GetString(2),
            Detail = row.GetString(3),
            Fingerprint = row.GetString(4),
            Topic = row.GetString(5),
            Partition = row.GetInt32(6),
            Offset = row.GetInt64(7),
            Timestamp = row.GetFieldValue<DateTimeOffset>(8),
            Key = key,
            KeyText = RecordText.Of(key),
            Value = value,
            ValueText = RecordText.Of(value),
            Headers = row.IsDBNull(11) ? [] : Headers(row.GetString(11)),
            EventId = row.IsDBNull(12) ? null : row.GetGuid(12),
            EventType = row.IsDBNull(13) ? null : row.GetString(13),
            UserId = row.IsDBNull(14) ? null : row.GetString(14),
            CorrelationId = row.IsDBNull(15) ? null : row.GetString(15),
            FirstSeen = row.GetFieldValue<DateTimeOffset>(16),
            LastSeen = row.GetFieldValue<DateTimeOffset>(17),
            Attempts = row.GetInt32(18),
            Replays = row.GetInt32(19),
            RelayedAt = row.IsDBNull(20) ? null : row.GetFieldValue<DateTimeOffset>(20),
            DecidedBy = row.IsDBNull(21) ? null : row.GetString(21),
            DecidedAt = row.IsDBNull(22) ? null : row.GetFieldValue<DateTimeOffset>(22),
            DecidedReason = row.IsDBNull(23) ? null : row.GetString(23),
        };
    }

    private static List<RecordHeader> Headers(string json)
    {
        using var document = JsonDocument.Parse(json);
        var headers = new List<RecordHeader>(document.RootElement.GetArrayLength());
        foreach (var header in document.RootElement.EnumerateArray())
        {
            var value = header.GetProperty("value");
            headers.Add(new RecordHeader(
                header.GetProperty("key").GetString()!, value.ValueKind == JsonValueKind.Null ? null : value.GetBytesFromBase64()));
        }

        return headers;
    }
}
