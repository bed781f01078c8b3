namespace Millrace.Pipeline.Read;

/// <summary>What a position belongs to.</summary>
internal readonly record struct PartitionKey(string GroupId, string Topic, int Partition);
