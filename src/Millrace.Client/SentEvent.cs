namespace Millrace.Client;

/// <summary>Where an event was stored when Kafka acknowledged it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">Its partition, from 0.</param>
/// <param name="Offset">The place in the partition.</param>
public readonly record struct SentEvent(string Topic, int Partition, long Offset);
