using Millrace.Events;
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
            (dead_letter_id, topic, kafka_partition, kafka_offset, record_timestamp, record_key, record_value, reason, detail)
        SELECT id, $2, $3, record_offset, record_timestamp, record_key, record_value, reason, detail
          FROM unnest($1, $4, $5, $6, $7, $8, $9) AS dead (id, record_offset, record_timestamp, record_key, record_value, reason, detail)
        ON CONFLICT (dead_letter_id) DO UPDATE
           SET attempts = dead_letters.attempts + 1, last_seen = now(), reason = excluded.reason, detail = excluded.detail
        """;

    public static NpgsqlBatchCommand Create(string topic, int partition, in DerivedEventIds ids, RecordBuffer records, IReadOnlyList<DeadLetter> letters)
    {
        var count = letters.Count;
        var id = new Guid[count];
        var offset = new long[count];
        var timestamp = new DateTime[count];
        var key = new byte[]?[count];
        var value = new byte[]?[count];
        var reason = new string[count];
        var detail = new string[count];
        for (var i = 0; i < count; i++)
        {
            var record = records[letters[i].Index];
            id[i] = ids.At(record.Offset, record.TimestampMilliseconds);
            offset[i] = record.Offset;
            timestamp[i] = record.Timestamp;
            key[i] = record.HasKey ? record.Key.ToArray() : null;
            value[i] = record.HasValue ? record.Value.ToArray() : null;
            reason[i] = letters[i].Reason.Code();
            detail[i] = letters[i].Detail;
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
                new() { Value = reason, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = detail, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
    }
}
