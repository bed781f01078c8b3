using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Tests;

/// <summary>Speaks the protocol with nothing between the test and the wire: any version, any bytes.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _correlationId;

    public Socket Socket => _socket;

    public static async Task<WireClient> ConnectAsync(int port)
    {
        var client = new WireClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port);
        client._socket.NoDelay = true;
        return client;
    }

    public async Task<TResponse> CallAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : IKafkaMessage
        where TResponse : IKafkaMessage, new()
    {
        var id = await SendAsync(request, version);
        return await ReceiveAsync<TResponse>(version, id);
    }

    public async Task<int> SendAsync<TRequest>(TRequest request, short version)
        where TRequest : IKafkaMessage
    {
        var id = ++_correlationId;
        await SendBytesAsync(FrameOf(request, version, id));
        return id;
    }

    public static byte[] FrameOf<TRequest>(TRequest request, short version, int correlationId)
        where TRequest : IKafkaMessage
    {
        using var output = new PooledBufferWriter();
        Framing.WriteRequest(output, correlationId, "wire-client", request, version);
        return output.WrittenMemory.ToArray();
    }

    public async Task SendBytesAsync(ReadOnlyMemory<byte> bytes) => await _socket.SendAsync(bytes, TestContext.Current.CancellationToken);

    public async Task<TResponse> ReceiveAsync<TResponse>(short version, int expectedId)
        where TResponse : IKafkaMessage, new()
    {
        var frame = await ReceiveFrameAsync();
        Assert.NotNull(frame);
        var reader = new WireReader(frame);
        var header = new ResponseHeader();
        header.Read(ref reader, Framing.ResponseHeaderVersion<TResponse>(version));
        Assert.Equal(expectedId, header.CorrelationId);
        var response = new TResponse();
        response.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        return response;
    }

    /// <summary>The next answer without its size; null when the broker has closed the connection.</summary>
    public async Task<byte[]?> ReceiveFrameAsync()
    {
        var size = new byte[4];
        if (!await FillAsync(size))
            return null;
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        return await FillAsync(frame) ? frame : null;
    }

    /// <summary>The end of the connection has arrived, be it behind bytes that nobody has read.</summary>
    public bool IsClosedByPeer()
    {
        try
        {
            var rest = new byte[64 * 1024];
            while (_socket.Available > 0)
                _socket.Receive(rest);
            return _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0 && _socket.Receive(rest, SocketFlags.Peek) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(Memory<byte> buffer)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Millrace.Testing.Eventually.Limit);
        while (!buffer.IsEmpty)
        {
            int received;
            try
            {
                received = await _socket.ReceiveAsync(buffer, limit.Token);
            }
            catch (SocketException)
            {
                return false;
            }

            if (received == 0)
                return false;
            buffer = buffer[received..];
        }

        return true;
    }
}
