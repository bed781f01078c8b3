using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Millrace.Pipeline;

namespace Millrace.Operations;

/// <summary>What the broker says of a topic.</summary>
/// <param name="Id">Its id, which a topic that is made again has not; null when the broker gives none.</param>
/// <param name="Partitions">How many partitions it has.</param>
internal sealed record TopicInfo(Guid? Id, int Partitions)
{
    /// <summary>Null when there is no such topic. Describing, unlike asking for metadata, never creates it.</summary>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public static async Task<TopicInfo?> FindAsync(IAdminClient admin, string topic)
    {
        try
        {
            var described = await admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = KafkaClients.Limit });
            var description = described.TopicDescriptions[0];
            return new TopicInfo(TopicIds.ToGuid(description.TopicId), description.Partitions.Count);
        }
        catch (DescribeTopicsException e)
        {
            var error = e.Results.TopicDescriptions[0].Error;
            return error.Code == ErrorCode.UnknownTopicOrPart ? null : throw new KafkaException(error, e);
        }
    }
}
