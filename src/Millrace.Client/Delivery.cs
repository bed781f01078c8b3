using Confluent.Kafka;

namespace Millrace.Client;

/// <summary>One event on its way: the room that it takes, and the caller who waits for the answer.</summary>
internal sealed class Delivery(InFlight room, Event about, byte[]? key, byte[] value, Func<string?> clientSays)
    : TaskCompletionSource<SentEvent>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>What it counts for in <see cref="InFlight"/>.</summary>
    public int Bytes => value.Length;

    /// <summary>Gives it to the Kafka client, which only queues it. False when the client does not take it; then it has failed.</summary>
    public bool HandOver(IProducer<byte[]?, byte[]> producer, string topic)
    {
        try
        {
            producer.Produce(topic, new Message<byte[]?, byte[]> { Key = key, Value = value }, OnReport);
            return true;
        }
        catch (KafkaException e)
        {
            Fail(e.Error, e);
            return false;
        }
    }

    /// <summary>Runs on the Kafka client's thread.</summary>
    private void OnReport(DeliveryReport<byte[]?, byte[]> report)
    {
        room.Leave(Bytes);
        if (report.Error.IsError)
            Fail(report.Error, null);
        else
            SetResult(new SentEvent(report.Topic, report.Partition.Value, report.Offset.Value));
    }

    private void Fail(Error error, Exception? inner)
    {
        SetException(new EventNotSentException(about, error, clientSays(), inner));
        // Looked at here, so that a caller who gave up waiting does not leave an exception that nobody saw.
        _ = Task.Exception;
    }
}
