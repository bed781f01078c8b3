using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Chaos.Plan;

namespace Millrace.Chaos.Proxy;

/// <summary>One connection through a <see cref="TcpProxy"/>: two pumps, which let nothing pass while the gate is shut.</summary>
internal sealed class ProxiedConnection
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _client;
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Func<ProxiedConnection, Task> _gate;
    private readonly TaskCompletionSource _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAbandoned;
    private volatile string? _kafkaClient;

    /// <param name="gate">Gives a task that completes when bytes may pass.</param>
    public ProxiedConnection(Socket client, IPEndPoint target, Func<ProxiedConnection, Task> gate)
    {
        _client = client;
        _client.NoDelay = true;
        _gate = gate;
        Ended = RunAsync(target);
    }

    /// <summary>The client id of the first request, when this is Kafka; null until that was seen.</summary>
    public string? KafkaClient => _kafkaClient;

    /// <summary>Completes, never faulted, when both sockets are closed.</summary>
    public Task Ended { get; }

    public void Reset()
    {
        _reset.TrySetResult();
        CloseWithReset(_client);
        CloseWithReset(_server);
    }

    public void Abandon(GoneEnd gone)
    {
        _isAbandoned = true;
        CloseWithReset(gone == GoneEnd.Client ? _client : _server);
    }

    private async Task RunAsync(IPEndPoint target)
    {
        try
        {
            await _gate(this);
            await _server.ConnectAsync(target);
            var up = PumpAsync(_client, _server);
            var down = PumpAsync(_server, _client);

            // A side that says it sends no more still reads (a half-close): each pump passes that on by itself.
            await Task.WhenAll(up, down);
            if (_isAbandoned)
                await _reset.Task;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // No server there, or an end that reset the connection: the other one gets to know it below, unless it must not.
            if (_isAbandoned)
                await _reset.Task;
        }

        Reset();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                _kafkaClient ??= from == _client ? ReadKafkaClient(buffer.AsSpan(0, count)) : null;
                await _gate(this);
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }

            await _gate(this);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset by one end. The other pump must not go on waiting for the other end, unless that is what is wanted.
            if (!_isAbandoned)
                Reset();
        }
    }

    /// <summary>A request begins: size (4 bytes), API (2), its version (2), correlation id (4), client id (2 bytes of length, then text).</summary>
    private static string? ReadKafkaClient(ReadOnlySpan<byte> request)
    {
        const int lengthAt = 12;
        const int textAt = lengthAt + 2;
        if (request.Length < textAt || BinaryPrimitives.ReadInt16BigEndian(request[lengthAt..]) is var length && (length <= 0 || request.Length < textAt + length))
            return null;
        return Encoding.UTF8.GetString(request.Slice(textAt, length));
    }

    private static void CloseWithReset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed or never connected: there is nobody to tell.
        }

        socket.Dispose();
    }
}
