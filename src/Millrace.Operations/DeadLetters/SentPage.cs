using Confluent.Kafka;

namespace Millrace.Operations.DeadLetters;

/// <summary>Records on their way to the broker, and what it answers for each.</summary>
/// <remarks>
/// The broker measures batches, not records: one that is too large is refused with everything that the client put beside it, and where the topic's
/// limit is small even a batch of small ones is. So what was refused for its size is sent once more, each record alone.
/// </remarks>
internal sealed class SentPage(IProducer<byte[]?, byte[]?> producer)
{
    private readonly List<(TopicPartition Partition, Message<byte[]?, byte[]?> Message, Task<Error?> Answer)> _sent = [];

    /// <summary>Sends a record without waiting for the answer.</summary>
    public void Send(TopicPartition partition, Message<byte[]?, byte[]?> message) => _sent.Add((partition, message, ProduceAsync(partition, message)));

    /// <summary>Waits for the answers, in the order of sending: null for what was acknowledged.</summary>
    public async Task<IReadOnlyList<Error?>> AnswersAsync()
    {
        // All of them first: what goes alone must not meet another one of the page in a batch.
        var answers = await Task.WhenAll(_sent.Select(record => record.Answer));
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i]?.Code == ErrorCode.MsgSizeTooLarge && answers.Length > 1)
                answers[i] = await ProduceAsync(_sent[i].Partition, _sent[i].Message);
        }

        return answers;
    }

    private async Task<Error?> ProduceAsync(TopicPartition partition, Message<byte[]?, byte[]?> message)
    {
        try
        {
            // Not to be cancelled: a record that is on its way cannot be called back.
            await producer.ProduceAsync(partition, message, CancellationToken.None);
            return null;
        }
        catch (KafkaException e)
        {
            return e.Error;
        }
    }
}
