using Confluent.Kafka;

namespace Millrace.Client;

/// <summary>One event that was handed over: its room, and the caller who waits for the answer.</summary>
internal sealed class Delivery(InFlight room, int bytes, Event about, Func<string?> clientSays)
    : TaskCompletionSource<SentEvent>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Runs on the Kafka client's thread.</summary>
    public void OnReport(DeliveryReport<byte[]?, byte[]> report)
    {
        if (report.Error.IsError)
            Fail(report.Error, null);
        else
        {
            room.Leave(bytes);
            SetResult(new SentEvent(report.Topic, report.Partition.Value, report.Offset.Value));
        }
    }

    public void Fail(Error error, Exception? inner)
    {
        room.Leave(bytes);
        SetException(new EventNotSentException(about, error, clientSays(), inner));
        // Looked at here, so that a caller who gave up waiting does not leave an exception that nobody saw.
        _ = Task.Exception;
    }
}
