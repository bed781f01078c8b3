namespace Millrace.Protocol.Records;

/// <summary>One record of a batch. Key, value and headers are slices of the batch, or of its unpacked records.</summary>
/// <param name="Timestamp">Milliseconds since 1970; -1 for none.</param>
internal readonly record struct Record(
    long Offset, long Timestamp, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, RecordHeaders Headers);
