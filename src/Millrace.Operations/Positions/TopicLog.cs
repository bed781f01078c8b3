using Confluent.Kafka;

namespace Millrace.Operations.Positions;

/// <summary>What the broker has of a topic: its id and the offsets of each partition.</summary>
internal sealed record TopicLog(Guid? Id, IReadOnlyList<WatermarkOffsets> Partitions)
{
    /// <summary>Null when there is no such topic.</summary>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public static async Task<TopicLog?> FindAsync(KafkaClients kafka, string topic, CancellationToken cancellationToken)
    {
        using var admin = kafka.Admin();
        if (await TopicInfo.FindAsync(admin, topic) is not { } info)
            return null;

        // Asking blocks the thread until the broker answers.
        return await Task.Run(
            () =>
            {
                using var consumer = kafka.Consumer();
                var partitions = new WatermarkOffsets[info.Partitions];
                for (var i = 0; i < partitions.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    partitions[i] = consumer.QueryWatermarkOffsets(new TopicPartition(topic, i), KafkaClients.Limit);
                }

                return new TopicLog(info.Id, partitions);
            },
            cancellationToken);
    }
}
