namespace Millrace.Broker.Log;

/// <summary>
/// A long poll: completes when the logs that it watches have grown by as much as the fetch still wants, or when one
/// of them goes away.
/// </summary>
/// <param name="wantedBytes">At least 1.</param>
internal sealed class FetchWaiter(long wantedBytes)
{
    private readonly TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _wanted = wantedBytes;

    public Task Woken => _wake.Task;

    public void OnAppended(long bytes)
    {
        if (Interlocked.Add(ref _wanted, -bytes) <= 0)
            _wake.TrySetResult();
    }

    public void Wake() => _wake.TrySetResult();
}
