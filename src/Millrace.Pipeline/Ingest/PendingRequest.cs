using Confluent.Kafka;

namespace Millrace.Pipeline.Ingest;

/// <summary>A request whose events are with the broker. Answers come on the producer's thread, in any order.</summary>
internal sealed class PendingRequest
{
    private readonly AcceptedLog? _accepted;
    private readonly Error?[] _errors;

    // Continues elsewhere: the producer's thread serves all requests.
    private readonly TaskCompletionSource<IReadOnlyList<Error?>> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    public PendingRequest(int count, AcceptedLog? accepted)
    {
        _accepted = accepted;
        _errors = new Error?[count];
        _open = count;
        if (count == 0)
            _answered.SetResult(_errors);
    }

    /// <summary>The error of each event, null for those that were acknowledged; when the last answer is there.</summary>
    public Task<IReadOnlyList<Error?>> Answers => _answered.Task;

    /// <summary>What the producer calls for the event at <paramref name="index"/>.</summary>
    public Action<DeliveryReport<byte[], byte[]>> Handler(int index) => report =>
    {
        if (!report.Error.IsError)
            _accepted?.Note(report.Partition.Value, report.Offset.Value);
        Complete(index, report.Error.IsError ? report.Error : null);
    };

    /// <summary>The event at <paramref name="index"/> has its answer.</summary>
    public void Complete(int index, Error? error)
    {
        _errors[index] = error;
        Skip();
    }

    /// <summary>One event fewer to wait for.</summary>
    public void Skip()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _answered.SetResult(_errors);
    }
}
