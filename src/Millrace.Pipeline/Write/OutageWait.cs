using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Millrace.Pipeline.Write;

/// <summary>
/// Tries a piece of work of one partition again until it is through: whatever fails without being about the data is an outage, and is waited
/// out with back-off and jitter, for ever, because what waits is still in Kafka.
/// </summary>
internal sealed class OutageWait
{
    private readonly int _partition;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _retry;
    private string? _trouble;

    public OutageWait(int partition, TimeProvider time, ILogger logger)
    {
        _partition = partition;
        _logger = logger;
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is not (null or OperationCanceledException)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,

                // A restart of the server takes a few seconds: short enough to go on soon after it, long enough not to hammer it.
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(5),
                OnRetry = OnOutage,
            })
            .Build();
    }

    /// <summary>Why the work under way is not through yet, in words; null while all is well. Read from any thread.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Runs <paramref name="attempt"/> until it does not throw.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<TResult> RunAsync<TState, TResult>(
        Func<TState, CancellationToken, ValueTask<TResult>> attempt, TState state, CancellationToken abandon)
    {
        var result = await _retry.ExecuteAsync(static (work, token) => work.attempt(work.state, token), (attempt, state), abandon);
        if (Trouble is not null)
            _logger.OutageOver(_partition);
        Volatile.Write(ref _trouble, null);
        return result;
    }

    private ValueTask OnOutage(OnRetryArguments<object> args)
    {
        var message = args.Outcome.Exception!.InnermostMessage();
        if (args.AttemptNumber == 0)
            _logger.OutageBegan(args.Outcome.Exception, _partition, message);
        else
            _logger.OutageGoesOn(_partition, args.AttemptNumber + 1, args.RetryDelay.TotalMilliseconds, message);
        Volatile.Write(ref _trouble, message);
        return ValueTask.CompletedTask;
    }
}
