using Microsoft.Extensions.Logging;

namespace Millrace.LocalPostgres;

/// <summary>Starts the server again when it dies, on the same port, with back-off; keeps its log short meanwhile.</summary>
internal sealed class ServerSupervisor
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LogCheckInterval = TimeSpan.FromMinutes(1);

    // A server that ran for this long did not die of what it was started with.
    private static readonly TimeSpan CountsAsStable = TimeSpan.FromSeconds(30);

    private readonly ServerLauncher _launcher;
    private readonly LeftoverServer _leftover;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private ServerProcess? _process;

    public ServerSupervisor(ServerProcess process, ServerLauncher launcher, LeftoverServer leftover, TimeProvider time, ILogger logger)
    {
        _process = process;
        _launcher = launcher;
        _leftover = leftover;
        _time = time;
        _logger = logger;
        _running = RunAsync();
    }

    /// <summary>Stops watching, then the server; after the limit the server is left to its guard, which goes on asking it to stop.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        await _stopping.CancelAsync();
        await _running;
        if (_process is { } process)
        {
            process.RequestStop();
            try
            {
                await process.Exited.WaitAsync(limit, _time);
                Log.PostgresStopped(_logger);
            }
            catch (TimeoutException)
            {
                Log.PostgresStopSlow(_logger, limit.TotalSeconds);
            }

            process.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan backOff = FirstBackOff;
        long started = _time.GetTimestamp();
        try
        {
            while (true)
            {
                await WatchAsync(_process!);
                if (_time.GetElapsedTime(started) > CountsAsStable)
                    backOff = FirstBackOff;
                Log.PostgresDied(_logger, _launcher.ServerLog.Tail(0, 1), backOff.TotalSeconds);
                _process!.Dispose();
                _process = null;

                while (_process is null)
                {
                    await Task.Delay(backOff, _time, _stopping.Token);
                    backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
                    _process = await TryRestartAsync();
                }

                started = _time.GetTimestamp();
                Log.PostgresRestarted(_logger, _launcher.Port);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // StopAsync has the word from here on.
        }
    }

    private async Task WatchAsync(ServerProcess process)
    {
        while (!process.Exited.IsCompleted)
        {
            try
            {
                await process.Exited.WaitAsync(LogCheckInterval, _time, _stopping.Token);
            }
            catch (TimeoutException)
            {
                TrimLog();
            }
        }
    }

    private void TrimLog()
    {
        try
        {
            _launcher.ServerLog.Trim();
        }
        catch (IOException e)
        {
            // A full disk, most likely: the next minute tries again.
            Log.PostgresLogNotTrimmed(_logger, e.Message);
        }
    }

    private async Task<ServerProcess?> TryRestartAsync()
    {
        try
        {
            // Only the guard may have been killed, with the server still there.
            await _leftover.ClearAsync(_stopping.Token);
            return await _launcher.LaunchAsync(_stopping.Token);
        }
        catch (Exception e) when (e is LocalPostgresStartException or IOException or UnauthorizedAccessException)
        {
            Log.PostgresRestartFailed(_logger, e.Message);
            return null;
        }
    }
}
