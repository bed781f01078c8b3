using Microsoft.Extensions.Logging;

namespace Millrace.Operations.DeadLetters;

/// <summary>
/// Sends dead letters from the table to the dead-letter topic, in the background, at least once. Several processes may run one each;
/// they share the work.
/// </summary>
public sealed class DeadLetterRelay : IAsyncDisposable
{
    private DeadLetterRelay()
    {
    }

    /// <summary>Why nothing is being relayed at the moment, in a sentence; null while all is well.</summary>
    public string? Trouble => throw new NotSupportedException();

    /// <summary>How many the dead-letter topic has acknowledged to this process.</summary>
    public long Relayed => throw new NotSupportedException();

    /// <summary>Starts it. It waits for PostgreSQL and Kafka by itself, and creates the topic when that is absent.</summary>
    /// <exception cref="OperationsException">A setting cannot be used.</exception>
    public static Task<DeadLetterRelay> StartAsync(OperationsSettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Waits for what was sent to be acknowledged and marked, for a few seconds, and ends it.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
