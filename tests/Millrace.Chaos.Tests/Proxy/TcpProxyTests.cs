using System.Net;
using System.Net.Sockets;
using Millrace.Chaos.Plan;
using Millrace.Chaos.Proxy;

namespace Millrace.Chaos.Tests.Proxy;

public sealed class TcpProxyTests : IAsyncLifetime
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private TcpProxy _proxy = null!;
    private Socket _server = null!;

    public async ValueTask InitializeAsync()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _proxy = TcpProxy.Start(new IPEndPoint(IPAddress.Loopback, 0), (IPEndPoint)_listener.LocalEndPoint!);
        await _client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        _server = await _listener.AcceptAsync();
        await SendAsync(_client, 1);
        Assert.Equal(1, await ReceiveAsync(_server));
    }

    [Fact]
    public async Task Bytes_go_both_ways()
    {
        await SendAsync(_server, 2);
        Assert.Equal(2, await ReceiveAsync(_client));
    }

    [Fact]
    public async Task Client_that_sends_no_more_still_hears()
    {
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal(-1, await ReceiveAsync(_server));
        await SendAsync(_server, 2);
        Assert.Equal(2, await ReceiveAsync(_client));
    }

    [Fact]
    public async Task Reset_reaches_both_ends()
    {
        _proxy.Reset(client: null);
        await AssertResetAsync(_client);
        await AssertResetAsync(_server);
    }

    [Fact]
    public async Task Stall_holds_bytes_back_until_it_is_over()
    {
        _proxy.Stall(client: null);
        await SendAsync(_client, 7);
        var received = ReceiveAsync(_server);
        await SendAsync(_server, 8);
        var answer = ReceiveAsync(_client);
        Assert.False(received.IsCompleted || answer.IsCompleted);

        _proxy.Resume(client: null);
        Assert.Equal((7, 8), (await received, await answer));
    }

    [Theory]
    [InlineData(GoneEnd.Server)]
    [InlineData(GoneEnd.Client)]
    public async Task Half_open_tells_the_end_that_is_left_nothing_until_it_heals(object goneEnd)
    {
        var gone = (GoneEnd)goneEnd;
        var (left, lost) = gone == GoneEnd.Server ? (_client, _server) : (_server, _client);
        var heal = _proxy.HalfOpen(gone, client: null);
        await AssertResetAsync(lost);
        await SendAsync(left, 9);
        var heard = ReceiveAsync(left);
        Assert.False(heard.IsCompleted);

        heal();
        await Assert.ThrowsAsync<SocketException>(() => heard);
    }

    [Fact]
    public async Task New_connections_work_while_old_ones_are_half_open()
    {
        _proxy.HalfOpen(GoneEnd.Server, client: null);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        using var server = await _listener.AcceptAsync();
        await SendAsync(client, 3);
        Assert.Equal(3, await ReceiveAsync(server));
    }

    [Fact]
    public async Task Fault_of_one_Kafka_client_leaves_the_others_alone()
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        using var server = await _listener.AcceptAsync();
        byte[] request = [0, 0, 0, 12, 0, 18, 0, 3, 0, 0, 0, 1, 0, 2, (byte)'m', (byte)'e'];
        await client.SendAsync(request);
        Assert.Equal(request.Length, await server.ReceiveAsync(new byte[64], SocketFlags.None));

        _proxy.Stall("me");
        await SendAsync(client, 4);
        var held = ReceiveAsync(server);
        await SendAsync(_client, 5);
        Assert.Equal(5, await ReceiveAsync(_server));
        Assert.False(held.IsCompleted);

        _proxy.Resume("me");
        Assert.Equal(4, await held);

        _proxy.Reset("me");
        await AssertResetAsync(client);
        await SendAsync(_client, 6);
        Assert.Equal(6, await ReceiveAsync(_server));
    }

    [Fact]
    public async Task Server_that_does_not_listen_is_a_connection_that_ends()
    {
        _listener.Dispose();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        // It may be over before the client knows that it began.
        var ended = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(IPAddress.Loopback, _proxy.Port);
            await ReceiveAsync(client);
        });
        Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _client.Dispose();
        _server.Dispose();
        _listener.Dispose();
    }

    private static async Task SendAsync(Socket socket, byte value) => await socket.SendAsync(new[] { value }, SocketFlags.None);

    /// <summary>-1 for an orderly end.</summary>
    private static async Task<int> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1];
        return await socket.ReceiveAsync(buffer, SocketFlags.None) == 0 ? -1 : buffer[0];
    }

    private static async Task AssertResetAsync(Socket socket) =>
        Assert.Equal(SocketError.ConnectionReset, (await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(socket))).SocketErrorCode);
}
