using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Millrace.Chaos.Plan;

namespace Millrace.Chaos.Proxy;

/// <summary>
/// Passes TCP connections on, until it is told to do it badly. What is broken is broken between the kernels of both ends: neither is asked.
/// Each fault is for the connections of one Kafka client, by its client id, or with null for all.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _connections = new();
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private volatile TaskCompletionSource? _gateOfAll;

    private TcpProxy(Socket listener, IPEndPoint target)
    {
        _listener = listener;
        _target = target;
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public static TcpProxy Start(IPEndPoint listen, IPEndPoint target)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(listen);
        listener.Listen(512);
        return new TcpProxy(listener, target);
    }

    /// <summary>Ends the connections with RST on both sides.</summary>
    public void Reset(string? client)
    {
        foreach (var connection in Of(client))
            connection.Reset();
    }

    /// <summary>Holds back every byte, of new connections too, until <see cref="Resume"/>.</summary>
    public void Stall(string? client)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (client is null)
            _gateOfAll = gate;
        else
            _gates[client] = gate;
    }

    public void Resume(string? client)
    {
        TaskCompletionSource? gate;
        if (client is null)
            (gate, _gateOfAll) = (_gateOfAll, null);
        else
            _gates.TryRemove(client, out gate);
        gate?.SetResult();
    }

    /// <summary>
    /// One end of each connection is gone; the other hears nothing more, not even that. New connections work. What is returned heals: the end
    /// that was left gets its RST, as from a machine that does not know the connection any more.
    /// </summary>
    public Action HalfOpen(GoneEnd gone, string? client)
    {
        var connections = Of(client).ToList();
        foreach (var connection in connections)
            connection.Abandon(gone);
        return () => connections.ForEach(connection => connection.Reset());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var client in _gates.Keys.Append(null))
            Resume(client);
        Reset(client: null);
        foreach (var connection in _connections.Keys)
            await connection.Ended;
        _stop.Dispose();
    }

    private IEnumerable<ProxiedConnection> Of(string? client) =>
        _connections.Keys.Where(connection => client is null || connection.KafkaClient == client);

    private async Task PassAsync(ProxiedConnection connection)
    {
        if (_gateOfAll is { } all)
            await all.Task;
        if (connection.KafkaClient is { } client && _gates.TryGetValue(client, out var gate))
            await gate.Task;
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                continue; // The client went away while it waited to be accepted.
            }

            var connection = new ProxiedConnection(client, _target, PassAsync);
            _connections[connection] = 0;
            _ = ForgetWhenEndedAsync(connection);
        }
    }

    private async Task ForgetWhenEndedAsync(ProxiedConnection connection)
    {
        await connection.Ended;
        _connections.TryRemove(connection, out _);
    }
}
