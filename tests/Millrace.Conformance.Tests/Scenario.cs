namespace Millrace.Conformance.Tests;

/// <summary>One thing that clients do with Kafka, and what must come of it whoever does it.</summary>
/// <param name="Id">Its name in the scripts.</param>
/// <param name="Does">What a reader of docs/compatibility.md reads.</param>
/// <param name="Expected">The outcome, in the words that every client's driver uses.</param>
public sealed record Scenario(string Id, string Does, string Expected)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("codec-none", "produce and read, uncompressed", "20 of 20 in order"),
        new("codec-gzip", "produce and read, gzip", "20 of 20 in order"),
        new("codec-snappy", "produce and read, snappy", "20 of 20 in order"),
        new("codec-lz4", "produce and read, lz4", "20 of 20 in order"),
        new("codec-zstd", "produce and read, zstd", "20 of 20 in order"),
        new("headers", "headers, one of them twice and one empty", "a=1 a=2 b="),
        new("nulls", "a record without key and value", "null null"),
        new("big-record", "a record of 900,000 bytes", "900000 bytes"),
        new("too-large", "a record of 2 MB is refused", "MESSAGE_TOO_LARGE"),
        new("keyed-order", "300 records of 10 keys over 3 partitions", "10 keys, each in one partition and in order"),
        new("idempotence", "an idempotent producer", "100 of 100 in order"),
        new("group", "members of a group come and go", "3, 1+2, 1+1+1, 1+2"),
        new("commit", "the next member goes on where the last one committed", "from 5"),
        new("seek", "seek", "from 3"),
        new("by-time", "offsets by time, and after the last record", "5 none"),
        new("by-time-edges", "offsets by time, before the first record and after the last", "0 none"),
        new("reset-earliest", "a new group begins at the earliest record", "from 0"),
        new("reset-latest", "a new group begins at the latest record", "from 5"),
        new("bad-offset", "reading at an offset that is not there", "OFFSET_OUT_OF_RANGE"),
        new("read-unknown", "reading a topic that is not there, nor to be made", "UNKNOWN_TOPIC_OR_PARTITION"),
        new("topics", "create, describe, create again, delete", "3 partitions, TOPIC_ALREADY_EXISTS, gone"),
        new("delete-unknown", "delete a topic that is not there", "UNKNOWN_TOPIC_OR_PARTITION"),
        new("bad-name", "create a topic with a name that is none", "INVALID_TOPIC_EXCEPTION"),
        new("bad-partitions", "create a topic with -5 partitions", "INVALID_PARTITIONS"),
        new("bad-replication", "create a topic with more replicas than brokers", "INVALID_REPLICATION_FACTOR"),
        new("bad-config", "create a topic with a setting that is none", "INVALID_CONFIG"),
        new("topic-config", "create a topic with a setting and read it", "retention.ms 1234567"),
        new("groups", "list and describe a group with a member, and with offsets alone", "Stable 1, Empty 0"),
        new("delete-group", "delete a group", "gone"),
        new("partitions", "give a topic more partitions", "5 partitions"),
        new("alter-config", "change a setting of a topic", "retention.ms 1234567"),
        new("delete-records", "delete the records before an offset", "from 4"),
        new("transactions", "a transaction that is committed and one that is aborted", "committed 3, all 6"),
        new("fencing", "two producers with one transactional id", "fenced"),
        new("transform", "consume, transform and produce in one transaction", "3 copied, from 3"),
    ];
}
