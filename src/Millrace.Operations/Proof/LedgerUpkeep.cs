using Microsoft.Extensions.Logging;

namespace Millrace.Operations.Proof;

/// <summary>Compacts the ledger in the background, once an hour; of several processes one does it.</summary>
public sealed class LedgerUpkeep : IAsyncDisposable
{
    private LedgerUpkeep()
    {
    }

    /// <summary>Starts it; the first time is soon after the start. A database that is away is waited for.</summary>
    /// <exception cref="OperationsException">A setting cannot be used.</exception>
    public static Task<LedgerUpkeep> StartAsync(OperationsSettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Ends it.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
