using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Broker.Apis;

namespace Millrace.Broker.Network;

/// <summary>The open connections: counted, looked after, and ended together.</summary>
internal sealed class Connections : IDisposable
{
    /// <summary>Often enough to free what dead clients hold, and nothing to notice.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly BrokerServices _services;
    private readonly ApiTable _apis;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Connection, Task> _open = [];
    private readonly ITimer _healthCheck;
    private volatile bool _isEnding;

    public Connections(BrokerServices services, ApiTable apis, ILogger logger)
    {
        _services = services;
        _apis = apis;
        _logger = logger;
        _healthCheck = services.Settings.Time.CreateTimer(_ => CheckHealth(), null, CheckInterval, CheckInterval);
    }

    public void Add(Socket socket)
    {
        var settings = _services.Settings;
        if (_open.Count >= settings.MaxConnections || _isEnding)
        {
            _services.Metrics.ConnectionRefused();
            _logger.TooManyConnections(_open.Count, socket.RemoteEndPoint!);
            socket.Dispose();
            return;
        }

        // Answers are written whole: waiting for more to send could only delay them.
        socket.NoDelay = true;
        var connection = new Connection(socket, _services, _apis, _logger);
        _services.Metrics.ConnectionOpened();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[connection] = RunAsync(connection, started.Task);
        started.SetResult();
    }

    /// <summary>Lets every request that has begun be answered, for as long as the limit allows.</summary>
    public async Task EndAsync(TimeSpan limit)
    {
        _isEnding = true;
        foreach (var connection in _open.Keys)
            connection.End();

        var all = Task.WhenAll(_open.Values);
        try
        {
            await all.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (var connection in _open.Keys)
                connection.Abort("the broker stops.");
            await all.ConfigureAwait(false);
        }
    }

    /// <summary>Closes what is open, without a word to the clients.</summary>
    public int DropAll()
    {
        var dropped = 0;
        foreach (var connection in _open.Keys)
        {
            connection.Abort("dropped on purpose.");
            dropped++;
        }

        return dropped;
    }

    public void Dispose() => _healthCheck.Dispose();

    private async Task RunAsync(Connection connection, Task started)
    {
        await started.ConfigureAwait(false);
        await connection.RunAsync().ConfigureAwait(false);
        _open.TryRemove(connection, out _);
        _services.Metrics.ConnectionClosed();
    }

    private void CheckHealth()
    {
        foreach (var connection in _open.Keys)
            connection.CheckHealth(_services.Settings.SlowClientTimeout, _services.Settings.IdleConnectionTimeout);
    }
}
