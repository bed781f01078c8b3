using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Millrace.Chaos.Plan;

namespace Millrace.Chaos.Proxy;

/// <summary>Passes TCP connections on, until it is told to do it badly. What is broken is broken between the kernels of both ends: neither is asked.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _connections = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _gate = OpenGate();

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

    /// <summary>Ends every connection with RST on both sides.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.Keys)
            connection.Reset();
    }

    /// <summary>Holds back every byte, new connections included, until <see cref="Resume"/>.</summary>
    public void Stall() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _gate.TrySetResult();

    /// <summary>
    /// One end of each connection is gone; the other hears nothing more, not even that. New connections work. What is returned heals: the end
    /// that was left gets its RST, as from a machine that does not know the connection any more.
    /// </summary>
    public Action HalfOpen(GoneEnd gone)
    {
        var connections = _connections.Keys.ToList();
        foreach (var connection in connections)
            connection.Abandon(gone);
        return () => connections.ForEach(connection => connection.Reset());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Resume();
        await _accepting;
        Reset();
        foreach (var connection in _connections.Keys)
            await connection.Ended;
        _stop.Dispose();
    }

    private static TaskCompletionSource OpenGate()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
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

            var connection = new ProxiedConnection(client, _target, () => _gate.Task);
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
