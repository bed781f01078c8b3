using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Millrace.Broker.Network;

/// <summary>The sockets that clients connect to: one, and for loopback a second one for <c>[::1]</c>.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 512;

    private readonly List<Socket> _sockets = [];
    private readonly ILogger _logger;

    private Listener(ILogger logger) => _logger = logger;

    public IPEndPoint Endpoint => (IPEndPoint)_sockets[0].LocalEndPoint!;

    /// <exception cref="BrokerStartException">The address is not ours or the port is taken.</exception>
    public static Listener Open(BrokerSettings settings, ILogger logger)
    {
        var listener = new Listener(logger);
        var wanted = new IPEndPoint(settings.Address, settings.Port);
        try
        {
            listener.Bind(wanted);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new BrokerStartException(Explain(e, wanted), e);
        }

        if (settings.AlsoIPv6Loopback && Socket.OSSupportsIPv6)
            listener.TryBind(new IPEndPoint(IPAddress.IPv6Loopback, listener.Endpoint.Port));
        return listener;
    }

    /// <summary>Hands every new connection over until the listener is disposed.</summary>
    public Task AcceptAsync(Action<Socket> onConnected) => Task.WhenAll(_sockets.Select(s => AcceptAsync(s, onConnected)));

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private async Task AcceptAsync(Socket listening, Action<Socket> onConnected)
    {
        var endpoint = listening.LocalEndPoint!;
        while (true)
        {
            try
            {
                onConnected(await listening.AcceptAsync().ConfigureAwait(false));
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException e) when (IsTheClients(e))
            {
                // The one that was being accepted has gone again.
                _logger.ConnectionEnded(endpoint, e.Message);
            }
            catch (SocketException e)
            {
                _logger.ListenerFailed(endpoint, e);
                // Out of file descriptors, mostly: accepting at once again would only spin.
                await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            }
        }
    }

    private static bool IsTheClients(SocketException e) =>
        e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.TimedOut;

    private void Bind(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        socket.Bind(endpoint);
        socket.Listen(Backlog);
    }

    private void TryBind(IPEndPoint endpoint)
    {
        try
        {
            Bind(endpoint);
        }
        catch (SocketException e)
        {
            _logger.SecondListenerNotOpened(endpoint, e.Message);
            _sockets[^1].Dispose();
            _sockets.RemoveAt(_sockets.Count - 1);
        }
    }

    private static string Explain(SocketException e, IPEndPoint endpoint) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {endpoint.Port} on {endpoint.Address}, for Kafka clients, is taken by another program: stop that one, or choose another port.",
        SocketError.AccessDenied =>
            $"Port {endpoint.Port} on {endpoint.Address}, for Kafka clients, may not be opened by this user: choose one from 1024 on.",
        SocketError.AddressNotAvailable =>
            $"{endpoint.Address}, for Kafka clients, is not an address of this machine: choose another host.",
        _ => $"Cannot listen for Kafka clients on {endpoint} ({e.Message}): choose another host or port.",
    };
}
