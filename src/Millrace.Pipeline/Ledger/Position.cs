namespace Millrace.Pipeline.Ledger;

/// <summary>What a partition's row in <c>pipeline.consumer_positions</c> said when it was taken over.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The epoch that the take-over made; writes are ours while it stays the highest.</param>
/// <param name="NextOffset">Where to go on reading; null when nothing of the partition was ever committed.</param>
/// <param name="LeaderEpoch">The leader epoch of the last record committed, so that a truncated log is noticed; null when unknown.</param>
/// <param name="TopicId">The id that the topic had when its first position was taken; null when the broker gave none.</param>
internal readonly record struct Position(int Partition, long Epoch, long? NextOffset, int? LeaderEpoch, Guid? TopicId);
